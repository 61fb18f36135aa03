// SPDX-License-Identifier: Apache-2.0
/*
 * regex.c - patterns with bounded work.
 *
 * A pattern that backtracks for ever on a text that the model chose is a denial of service, so steps, depth and heap are
 * limited, and a text that runs into a limit does not match and is not let through: the caller gets an error. Patterns are
 * JSON Schema's ECMA-like dialect: UTF mode, \d and \w are ASCII, `$` matches at the very end only.
 */
#include "sandbox/policy/schema/regex.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "sandbox/base/err.h"

#define MATCH_STEPS 200000 /* about 5 ms */
#define MATCH_DEPTH 2000
#define MATCH_HEAP_KIB 4096

struct regex {
	pcre2_code *code;
	pcre2_match_context *context;
};

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_match_context_free(regex->context);
	pcre2_code_free(regex->code);
	free(regex);
}

static void regex_cleanup(struct regex **regex)
{
	regex_free(*regex);
}

static void data_cleanup(pcre2_match_data **data)
{
	pcre2_match_data_free(*data);
}

int regex_compile(struct cordon_slice pattern, enum regex_anchor anchor, struct regex **out, struct cordon_err *err)
{
	CLEANUP(regex_cleanup) struct regex *regex = calloc(1, sizeof(*regex));
	uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C | PCRE2_ALT_BSUX;
	unsigned char text[120] = "";
	PCRE2_SIZE at = 0;
	int code = 0;

	if (!regex)
		return err_nomem(err);
	if (pattern.len > REGEX_MAX)
		return err_set(err, CORDON_ECONFIG, 0, "a pattern of more than %d bytes", REGEX_MAX);
	if (anchor == REGEX_WHOLE)
		options |= PCRE2_ANCHORED | PCRE2_ENDANCHORED;
	regex->code = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.len, options, &code, &at, NULL);
	if (!regex->code) {
		pcre2_get_error_message(code, text, sizeof(text));
		return err_set(err, CORDON_ECONFIG, 0, "not a pattern, at byte %zu: %s", at, (const char *)text);
	}
	regex->context = pcre2_match_context_create(NULL);
	if (!regex->context)
		return err_nomem(err);
	pcre2_set_match_limit(regex->context, MATCH_STEPS);
	pcre2_set_depth_limit(regex->context, MATCH_DEPTH);
	pcre2_set_heap_limit(regex->context, MATCH_HEAP_KIB);
	*out = TAKE(regex);
	return 0;
}

int regex_matches(const struct regex *regex, struct cordon_slice text, struct cordon_err *err)
{
	CLEANUP(data_cleanup) pcre2_match_data *found = pcre2_match_data_create(1, NULL);
	int rc;

	if (!found)
		return err_nomem(err);
	rc = pcre2_match(regex->code, (PCRE2_SPTR)text.data, text.len, 0, 0, found, regex->context);
	if (rc >= 0)
		return 1;
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	if (rc == PCRE2_ERROR_NOMEMORY)
		return err_nomem(err);
	return err_set(err, CORDON_ELIMIT, 0, "the pattern takes too long on this text");
}
