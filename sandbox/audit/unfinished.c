// SPDX-License-Identifier: Apache-2.0
/*
 * unfinished.c - intents that no outcome followed: what a crash cut short.
 *
 * The writer does not read what it writes, so this is asked by the supervisor's side. Records are read from the end of
 * the log backwards for a bounded way; outcomes come after their intents, so walking backwards an intent whose outcome
 * was not met has none.
 */
#include "sandbox/audit/audit.h"

#include <ctype.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

enum kind { KIND_OTHER, KIND_INTENT, KIND_OUTCOME };

/* A cheap look before the parser's: most records of a log are of other kinds, or are longer than what is asked for. */
static bool may_be(struct cordon_slice record, const char *kind)
{
	return memmem(record.data, record.len, kind, strlen(kind)) != NULL;
}

/* Takes `prefix` off the front of *text. */
static bool take(struct cordon_slice *text, const char *prefix)
{
	if (!slice_starts(*text, slice_of(prefix)))
		return false;
	*text = slice_from(*text, strlen(prefix));
	return true;
}

/*
 * The head that sandbox/record.c writes: kind, then call, an identifier. Each start of a command reads this much of two
 * dozen records, which the parser would make the half of all its instructions.
 */
static bool read_head(struct cordon_slice record, enum kind *kind, char call[AUDIT_CALL_MAX])
{
	struct cordon_slice rest = record;
	size_t len = 0;

	if (take(&rest, "{\"kind\":\"intent\",\"call\":\""))
		*kind = KIND_INTENT;
	else if (take(&rest, "{\"kind\":\"outcome\",\"call\":\""))
		*kind = KIND_OUTCOME;
	else
		return false;
	while (len < rest.len && len < AUDIT_CALL_MAX - 1 && isxdigit((unsigned char)rest.data[len])) {
		call[len] = rest.data[len];
		len++;
	}
	call[len] = '\0';
	rest = slice_from(rest, len);
	return len > 0 && take(&rest, "\",");
}

/* Any other record of one of the two kinds. */
static bool parse_head(struct cordon_slice record, enum kind *kind, char call[AUDIT_CALL_MAX])
{
	cleanup_json json_t *value = NULL;
	const char *name;
	const char *text;

	if (!may_be(record, "\"intent\"") && !may_be(record, "\"outcome\""))
		return false;
	if (jsontext_load(record, &value, NULL) < 0)
		return false;
	name = jsontext_get_text(value, "kind", "");
	text = jsontext_get_text(value, "call", "");
	*kind = !strcmp(name, "intent") ? KIND_INTENT : !strcmp(name, "outcome") ? KIND_OUTCOME : KIND_OTHER;
	if (*kind == KIND_OTHER || !text[0] || strlen(text) >= AUDIT_CALL_MAX)
		return false;
	snprintf(call, AUDIT_CALL_MAX, "%s", text);
	return true;
}

static int note_record(struct cordon_slice record, uint64_t index, json_t *done, struct audit_unfinished *open)
{
	char call[AUDIT_CALL_MAX];
	enum kind kind;

	if (!read_head(record, &kind, call) && !parse_head(record, &kind, call))
		return 0;
	if (kind == KIND_OUTCOME)
		return json_object_set_new(done, call, json_true()) < 0 ? CORDON_ENOMEM : 0;
	if (json_object_get(done, call))
		return 0;
	memcpy(open->call, call, sizeof(open->call));
	open->index = index;
	return 1;
}

int audit_unfinished_calls(struct audit_reader *reader, uint64_t records_max, struct audit_unfinished *out, size_t room,
			   struct cordon_err *err)
{
	cleanup_json json_t *done = json_object();
	uint64_t at = audit_reader_size(reader, NULL);
	uint64_t end = at > records_max ? at - records_max : 0;
	size_t count = 0;

	if (!done)
		return err_nomem(err);
	while (at > end && count < room) {
		struct cordon_slice record;
		int rc = audit_reader_get(reader, --at, &record, err);

		if (rc < 0)
			return rc;
		rc = note_record(record, at, done, &out[count]);
		if (rc < 0)
			return err_nomem(err);
		count += rc == 1;
	}
	return (int)count;
}
