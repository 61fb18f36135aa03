// SPDX-License-Identifier: Apache-2.0
/*
 * record.c - intents and outcomes for the audit log.
 *
 * A record must fit into AUDIT_RECORD_MAX whatever a model wrote: arguments are a digest and 4 KiB of text, names and
 * sentences are cut, lists are shortened with their count kept. No text that came back from outside is written, only
 * its digest: what the shield held back must not be found in the log, and a log is read by more people than a page.
 * An intent without an outcome is the sign of a crash in between, so a denied call writes both as well.
 */
#include "sandbox/record.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/digest.h"
#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/outcome_json.h"

#define ARGS_TEXT_MAX 4096 /* enough to see what was asked; the digest proves the rest */
#define SENTENCE_MAX 1000 /* struct cordon_err's text: escaped sixfold, ten of them still fit into a record */
#define NAME_MAX_BYTES 256 /* MCP allows 128; a model may send anything */
#define FINDINGS_MAX 48 /* about 200 bytes each */

/* ---- pieces ---- */

/* At most max bytes of a text, cut before a character that would not fit. */
static struct cordon_slice cut(struct cordon_slice text, size_t max)
{
	if (text.len <= max)
		return text;
	while (max > 0 && ((unsigned char)text.data[max] & 0xc0) == 0x80)
		max--;
	return (struct cordon_slice){ text.data, max };
}

static json_t *cut_text(const char *text, size_t max)
{
	return text ? jsontext_string(cut(slice_of(text), max)) : json_null();
}

static int put_digest(json_t *object, struct cordon_slice bytes, struct cordon_err *err)
{
	struct digest digest;
	char hex[2 * DIGEST_BYTES + 1];
	int rc = digest_of(bytes, &digest, err);

	if (rc < 0)
		return rc;
	digest_hex(&digest, hex);
	json_object_set_new(object, "sha256", json_string(hex));
	json_object_set_new(object, "bytes", json_integer((json_int_t)bytes.len));
	return 0;
}

static void put_head(json_t *record, const char *kind, const char *call)
{
	char ts[32];

	clock_rfc3339(clock_real_ms(), ts);
	json_object_set_new(record, "kind", json_string(kind));
	json_object_set_new(record, "call", json_string(call));
	json_object_set_new(record, "ts", json_string(ts));
}

static json_t *short_decision(const struct decision *decision)
{
	json_t *object = decision_to_json(decision);

	json_object_set_new(object, "rule", cut_text(decision->rule, NAME_MAX_BYTES));
	json_object_set_new(object, "where", cut_text(decision->where, SENTENCE_MAX));
	json_object_set_new(object, "why", cut_text(decision->why, SENTENCE_MAX));
	return object;
}

static int append(struct supervisor *supervisor, const json_t *record, uint64_t *index, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = AUDIT_RECORD_MAX };
	struct audit *audit;
	int rc = supervisor_audit(supervisor, &audit, err);

	if (rc == 0)
		rc = jsontext_dump(record, &text, err);
	if (rc == 0)
		rc = audit_append(audit, buf_slice(&text), index, err);
	return rc < 0 ? err_wrap(err, rc, "nothing was released, as the call could not be recorded") : 0;
}

static int put_args(json_t *record, struct cordon_slice args, struct cordon_err *err)
{
	json_t *object = json_object();
	int rc = put_digest(object, args, err);

	json_object_set_new(object, "text", jsontext_string(cut(args, ARGS_TEXT_MAX)));
	json_object_set_new(object, "truncated", json_boolean(args.len > ARGS_TEXT_MAX));
	json_object_set_new(record, "args", object);
	return rc;
}

/* ---- shield and result of a call ---- */

static json_t *short_report(const struct call *call)
{
	struct shield_report few = call->screen.report;
	json_t *object;

	if (few.finding_count > FINDINGS_MAX)
		few.finding_count = FINDINGS_MAX;
	object = report_to_json(&few, NULL, NULL, EXCERPTS_LEFT_OUT);
	json_object_set_new(object, "finding_count", json_integer((json_int_t)call->screen.report.finding_count));
	json_object_set_new(object, "held", json_boolean(call->screen.held));
	if (call->screen.fault[0]) {
		json_object_set_new(object, "verdict", json_null());
		json_object_set_new(object, "error", text_or_null(call->screen.fault));
	}
	return object;
}

static void put_screen(json_t *record, const struct call *call)
{
	char hex[2 * DIGEST_BYTES + 1];
	json_t *result;

	json_object_set_new(record, "shield", short_report(call));
	result = json_object();
	if (call->tool && call->tool->kind != TOOL_RUN)
		json_object_set_new(result, "hits", json_integer((json_int_t)call->result.hits.count));
	digest_hex(&call->screen.digest, hex);
	json_object_set_new(result, "sha256", json_string(hex));
	json_object_set_new(result, "bytes", json_integer((json_int_t)call->screen.bytes));
	json_object_set_new(record, "result", result);
}

/* ---- the process that will write the outcome ---- */

uint64_t record_process_start(pid_t pid)
{
	cleanup_close int fd = -1;
	char path[32];
	char text[1024];
	const char *at;
	uint64_t value = 0;
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	len = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (len <= 0)
		return 0;
	text[len] = '\0';
	at = strrchr(text, ')'); /* the name before it may hold anything; field 22 is the start */
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	if (!at || parse_u64((struct cordon_slice){ at + 1, strcspn(at + 1, " ") }, &value, NULL) < 0)
		return 0;
	return value;
}

static void put_process(json_t *record)
{
	json_t *process = json_object();

	json_object_set_new(process, "pid", json_integer(getpid()));
	json_object_set_new(process, "started", json_integer((json_int_t)record_process_start(getpid())));
	json_object_set_new(record, "process", process);
}

/* ---- exported ---- */

int record_intend(struct supervisor *supervisor, const struct record_intent *intent, uint64_t *index,
		  struct cordon_err *err)
{
	cleanup_json json_t *record = json_object();
	char revision[2 * DIGEST_BYTES + 1];
	int rc;

	put_head(record, "intent", intent->call);
	json_object_set_new(record, "session", cut_text(intent->session, NAME_MAX_BYTES));
	json_object_set_new(record, "door", cut_text(intent->door, NAME_MAX_BYTES));
	json_object_set_new(record, "tool", cut_text(intent->tool, NAME_MAX_BYTES));
	rc = put_args(record, intent->args, err);
	if (rc < 0)
		return rc;
	json_object_set_new(record, "decision", short_decision(intent->decision));
	digest_hex(&supervisor->policy->revision, revision);
	json_object_set_new(record, "policy", json_string(revision));
	json_object_set_new(record, "profile", cut_text(intent->profile, NAME_MAX_BYTES));
	put_process(record);
	return append(supervisor, record, index, err);
}

int record_conclude(struct supervisor *supervisor, const struct record_outcome *outcome, uint64_t *index,
		    struct cordon_err *err)
{
	cleanup_json json_t *record = json_object();

	put_head(record, "outcome", outcome->call);
	json_object_set_new(record, "intent", json_integer((json_int_t)outcome->intent));
	json_object_set_new(record, "status", json_integer(outcome->status));
	if (outcome->fault)
		json_object_set_new(record, "fault", cut_text(outcome->fault, SENTENCE_MAX));
	if (outcome->outcome)
		json_object_set_new(record, "outcome", outcome_to_json(outcome->outcome, STREAMS_LEFT_OUT));
	if (outcome->screened)
		put_screen(record, outcome->screened);
	return append(supervisor, record, index, err);
}

int record_call(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = SIZE_MAX };
	const struct tool *tool = call->tool;
	struct record_intent intent = {
		.call = call->id,
		.session = session_id(supervisor->session),
		.door = call->request.door,
		.tool = call->request.tool,
		.profile = tool && tool->kind == TOOL_RUN && tool->profile ? tool->profile->name : NULL,
		.args = call->request.args_text,
		.decision = &call->decision,
	};
	int rc = 0;

	if (call->request.args && !call->request.args_text.data) {
		rc = jsontext_dump(call->request.args, &text, err);
		intent.args = buf_slice(&text);
	}
	if (rc == 0)
		rc = record_intend(supervisor, &intent, &call->intent.index, err);
	call->intent.written = rc == 0;
	return rc;
}

int stage_record(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	enum call_status status = call_settle(call);
	bool program = call->result.ran && call->tool && call->tool->kind == TOOL_RUN;
	struct record_outcome outcome = {
		.call = call->id,
		.intent = call->intent.index,
		.status = (int)status,
		.outcome = program ? &call->result.outcome : NULL,
		.screened = call->screen.scanned ? call : NULL,
	};
	int rc = record_conclude(supervisor, &outcome, &call->outcome_record.index, err);

	call->reply.status = status;
	call->outcome_record.written = rc == 0;
	return rc;
}

void record_broken(struct supervisor *supervisor, struct call *call, const struct cordon_err *fault)
{
	struct record_outcome outcome = {
		.call = call->id,
		.intent = call->intent.index,
		.status = CALL_FAULT,
		.fault = fault->text,
	};
	struct cordon_err second = { .code = 0 };

	if (!call->intent.written || call->outcome_record.written)
		return;
	/* A log that cannot take this either has an intent without an outcome, which the next start tells. */
	if (record_conclude(supervisor, &outcome, &call->outcome_record.index, &second) == 0)
		call->outcome_record.written = true;
}
