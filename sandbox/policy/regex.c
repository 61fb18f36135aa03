// SPDX-License-Identifier: Apache-2.0
/*
 * regex.c - PCRE2's home.
 *
 * JSON Schema means ECMA-262 expressions: \d and \w are ASCII, \u stands for a code point, $ is the very end. No JIT: a
 * supervisor makes no memory executable. Each match is bound in steps and heap, so no pattern makes a call hang.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "sandbox/policy/regex.h"

#include <pcre2.h>
#include <string.h>

#include "sandbox/base/err.h"

#define PATTERN_MAX 8192 /* bytes; a pattern that people can read is far shorter */
#define MATCH_STEPS 1000000 /* some tens of milliseconds at worst */
#define HEAP_KIB 4096

struct regex {
	pcre2_code *code;
	pcre2_match_context *limits;
};

int regex_compile(const char *pattern, enum regex_anchor anchor, struct regex **out, struct cordon_err *err)
{
	uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_ALT_BSUX | PCRE2_NEVER_BACKSLASH_C |
			   PCRE2_MATCH_UNSET_BACKREF | (anchor == REGEX_WHOLE ? PCRE2_ANCHORED | PCRE2_ENDANCHORED : 0);
	struct regex *regex = calloc(1, sizeof(*regex));
	PCRE2_UCHAR text[160] = "";
	PCRE2_SIZE offset = 0;
	int code = 0;

	if (!regex)
		return err_nomem(err);
	if (strlen(pattern) <= PATTERN_MAX)
		regex->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, options, &code, &offset, NULL);
	regex->limits = pcre2_match_context_create(NULL);
	if (!regex->code || !regex->limits) {
		regex_free(regex);
		if (!code)
			return err_set(err, CORDON_EINVAL, 0, "a pattern of more than %d bytes", PATTERN_MAX);
		pcre2_get_error_message(code, text, sizeof(text));
		return err_set(err, CORDON_EINVAL, 0,
			       "the pattern '%.200s' is not a regular expression: %s at character %zu", pattern,
			       (const char *)text, (size_t)offset);
	}
	pcre2_set_match_limit(regex->limits, MATCH_STEPS);
	pcre2_set_heap_limit(regex->limits, HEAP_KIB);
	*out = regex;
	return 0;
}

void regex_free(struct regex *regex)
{
	if (!regex)
		return;
	pcre2_code_free(regex->code);
	pcre2_match_context_free(regex->limits);
	free(regex);
}

int regex_match(const struct regex *regex, struct cordon_slice text, struct cordon_err *err)
{
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int rc;

	if (!data)
		return err_nomem(err);
	rc = pcre2_match(regex->code, (PCRE2_SPTR)(text.data ? text.data : ""), text.len, 0, 0, data, regex->limits);
	pcre2_match_data_free(data);
	if (rc >= 0)
		return 1;
	if (rc == PCRE2_ERROR_NOMATCH)
		return 0;
	return err_set(err, CORDON_ELIMIT, 0, "the pattern would cost too much on this text");
}
