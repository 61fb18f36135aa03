// SPDX-License-Identifier: Apache-2.0
/*
 * unfinished.c - intents that no outcome followed: what a crash cut short.
 *
 * The writer does not read what it writes, so this is asked by the supervisor's side. Records are read from the end of
 * the log backwards for a bounded way; outcomes come after their intents, so walking backwards an intent whose outcome
 * was not met has none.
 */
#include "sandbox/audit/audit.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

/* A cheap look before the parser's: most records of a log are of other kinds, or are longer than what is asked for. */
static bool may_be(struct cordon_slice record, const char *kind)
{
	return memmem(record.data, record.len, kind, strlen(kind)) != NULL;
}

static int note_record(struct cordon_slice record, uint64_t index, json_t *done, struct audit_unfinished *open)
{
	cleanup_json json_t *value = NULL;
	const char *kind;
	const char *call;

	if (!may_be(record, "\"intent\"") && !may_be(record, "\"outcome\""))
		return 0;
	if (jsontext_load(record, &value, NULL) < 0)
		return 0;
	kind = jsontext_get_text(value, "kind", "");
	call = jsontext_get_text(value, "call", "");
	if (!call[0] || strlen(call) >= sizeof(open->call))
		return 0;
	if (strcmp(kind, "outcome") == 0)
		return json_object_set_new(done, call, json_true()) < 0 ? CORDON_ENOMEM : 0;
	if (strcmp(kind, "intent") != 0 || json_object_get(done, call))
		return 0;
	snprintf(open->call, sizeof(open->call), "%s", call);
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
