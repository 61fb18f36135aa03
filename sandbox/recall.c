// SPDX-License-Identifier: Apache-2.0
/*
 * recall.c - a crash between intent and outcome is told by the next start.
 *
 * A call that runs just now has no outcome either, so an intent names the process that wrote it, by pid and the time that
 * process was started: only where that process is gone has the call crashed.
 */
#include "sandbox/recall.h"

#include <stdio.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/json.h"
#include "sandbox/record.h"

#define RECORDS_BACK 24 /* what a start can afford to read: 8 calls at once have 16 records, and a few more */
#define CRASHED_MAX 8

static bool writer_lives(const json_t *intent)
{
	const json_t *process = json_object_get(intent, "process");
	json_int_t pid = jsontext_get_int(process, "pid", 0);
	json_int_t started = jsontext_get_int(process, "started", 0);

	if (pid <= 0 || pid > INT32_MAX || !started)
		return false;
	return record_process_start((pid_t)pid) == (uint64_t)started;
}

static int close_one(struct supervisor *supervisor, const struct audit_unfinished *unfinished, struct cordon_err *err)
{
	struct record_outcome outcome = {
		.call = unfinished->call,
		.intent = unfinished->index,
		.status = 1,
		.fault = "the supervisor ended before the outcome was written: what the call did is not known",
	};
	uint64_t index;

	return record_conclude(supervisor, &outcome, &index, err);
}

int recall_crashed(struct supervisor *supervisor, void (*tell)(void *ctx, const char *sentence), void *ctx,
		   struct cordon_err *err)
{
	CLEANUP(supervisor_reader_done) struct audit_reader *reader = NULL;
	struct audit_unfinished rows[CRASHED_MAX];
	int count;

	if (supervisor_reader(supervisor, &reader, err) < 0 || !reader)
		return 0; /* no log yet; one that is damaged is told by the append that follows */
	count = audit_unfinished_calls(reader, RECORDS_BACK, rows, ARRAY_LEN(rows), err);
	for (int i = 0; i < count; i++) {
		cleanup_json json_t *intent = NULL;
		struct cordon_slice text;
		char sentence[1024];
		int rc;

		if (audit_reader_get(reader, rows[i].index, &text, err) < 0 || jsontext_load(text, &intent, err) < 0)
			continue;
		if (writer_lives(intent))
			continue;
		snprintf(sentence, sizeof(sentence),
			 "call %s of tool '%.64s' (record %llu) has no outcome: its supervisor ended in between",
			 rows[i].call, jsontext_get_text(intent, "tool", "?"), (unsigned long long)rows[i].index);
		tell(ctx, sentence);
		rc = close_one(supervisor, &rows[i], err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
