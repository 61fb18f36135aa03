// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_audit.c - `cordon audit tail|show|query|verify`: the log, read without its writer.
 *
 * An outcome names its intent and not the tool, so a filter on tool, session or effect is asked of the intent.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define TAIL 10
#define FOLLOW_US 250000 /* a person watching does not see the difference */
#define UNFINISHED_MAX 4096

struct log {
	const struct options *options;
	char folder[PATH_MAX];
	struct audit_reader *reader;
	uint64_t size;
	char since[32]; /* RFC 3339; "" */
};

static void log_close(struct log *log)
{
	audit_reader_close(log->reader);
}

static int log_open(struct log *log, struct cordon_err *err)
{
	int rc;

	audit_reader_close(log->reader);
	log->reader = NULL;
	rc = audit_reader_open(log->folder, &log->reader, err);
	if (rc == 0)
		log->size = audit_reader_size(log->reader, NULL);
	return rc;
}

/* New reference. */
static int log_get(struct log *log, uint64_t index, json_t **out, struct cordon_err *err)
{
	struct cordon_slice text;
	int rc = audit_reader_get(log->reader, index, &text, err);

	if (rc == 0)
		rc = jsontext_load(text, out, err);
	return rc < 0 ? err_wrap(err, rc, "record %llu", (unsigned long long)index) : 0;
}

/* ---- printing ---- */

static int print_json(uint64_t index, const json_t *record)
{
	json_t *object = json_pack("{s:I}", "index", (json_int_t)index);

	json_object_update(object, (json_t *)(uintptr_t)record);
	return terminal_json(object);
}

static void print_line(uint64_t index, const json_t *record)
{
	const char *kind = jsontext_get_text(record, "kind", "?");
	const json_t *decision = json_object_get(record, "decision");
	const json_t *outcome = json_object_get(record, "outcome");

	if (!strcmp(kind, "intent"))
		terminal_line(stdout, "%6llu  %s  intent   %s  %s: %s by '%s'", (unsigned long long)index,
			      jsontext_get_text(record, "ts", "?"), jsontext_get_text(record, "call", "?"),
			      jsontext_get_text(record, "tool", "?"), jsontext_get_text(decision, "effect", "?"),
			      jsontext_get_text(decision, "rule", "?"));
	else if (!strcmp(kind, "outcome"))
		terminal_line(stdout, "%6llu  %s  outcome  %s  status %lld%s%s", (unsigned long long)index,
			      jsontext_get_text(record, "ts", "?"), jsontext_get_text(record, "call", "?"),
			      (long long)jsontext_get_int(record, "status", -1), outcome ? ", " : "",
			      jsontext_get_text(outcome, "reason", ""));
	else
		terminal_line(stdout, "%6llu  %s  %s", (unsigned long long)index, jsontext_get_text(record, "ts", "?"),
			      kind);
}

static int print_record(const struct log *log, uint64_t index, const json_t *record)
{
	if (log->options->json)
		return print_json(index, record);
	print_line(index, record);
	return 0;
}

static int print_range(struct log *log, uint64_t from, struct cordon_err *err)
{
	for (uint64_t i = from; i < log->size; i++) {
		cleanup_json json_t *record = NULL;
		int rc = log_get(log, i, &record, err);

		if (rc < 0)
			return rc;
		if (print_record(log, i, record))
			return 1;
	}
	return 0;
}

/* ---- tail ---- */

static int tail(struct log *log, struct cordon_err *err)
{
	uint64_t count = log->options->number ? log->options->number : TAIL;
	uint64_t from = log->size > count ? log->size - count : 0;
	int rc = print_range(log, from, err);

	while (rc == 0 && log->options->follow) {
		from = log->size;
		if (fflush(stdout))
			return 1;
		usleep(FOLLOW_US);
		rc = log_open(log, err);
		if (rc == 0)
			rc = print_range(log, from, err);
	}
	return rc;
}

/* ---- show ---- */

static int print_whole(const struct log *log, uint64_t index, const json_t *record)
{
	cleanup_free char *text = NULL;

	if (log->options->json)
		return print_json(index, record);
	text = json_dumps(record, JSON_INDENT(2));
	if (!text)
		return 1;
	terminal_line(stdout, "record %llu\n%s", (unsigned long long)index, text);
	return 0;
}

static int show(struct log *log, struct cordon_err *err)
{
	const char *what = log->options->operands[1];
	uint64_t found = 0;
	uint64_t index = 0;
	bool numbered = parse_u64(slice_of(what), &index, NULL) == 0;

	if (numbered && index >= log->size) {
		terminal_line(stderr, "cordon: there is no record %s: the log has %llu", what,
			      (unsigned long long)log->size);
		return 1;
	}
	for (uint64_t i = numbered ? index : 0; i < (numbered ? index + 1 : log->size); i++) {
		cleanup_json json_t *record = NULL;
		int rc = log_get(log, i, &record, err);

		if (rc < 0)
			return rc;
		if (!numbered && strcmp(jsontext_get_text(record, "call", ""), what))
			continue;
		found++;
		if (print_whole(log, i, record))
			return 1;
	}
	if (!found)
		terminal_line(stderr, "cordon: no record of call '%s'", what);
	return found ? 0 : 1;
}

/* ---- query ---- */

static bool text_matches(const char *wanted, const char *value)
{
	return !wanted || (value && !strcmp(wanted, value));
}

static int matches(struct log *log, const json_t *record, bool *yes, struct cordon_err *err)
{
	const struct options *options = log->options;
	cleanup_json json_t *other = NULL;
	const json_t *intent = record;
	int rc;

	*yes = text_matches(options->kind, jsontext_get_text(record, "kind", NULL)) &&
	       (!log->since[0] || strcmp(jsontext_get_text(record, "ts", ""), log->since) >= 0);
	if (!*yes || (!options->tool && !options->session && !options->effect))
		return 0;
	if (json_is_integer(json_object_get(record, "intent"))) {
		json_int_t index = jsontext_get_int(record, "intent", -1);

		*yes = false;
		if (index < 0 || (uint64_t)index >= log->size)
			return 0;
		rc = log_get(log, (uint64_t)index, &other, err);
		if (rc < 0)
			return rc;
		intent = other;
	}
	*yes = text_matches(options->tool, jsontext_get_text(intent, "tool", NULL)) &&
	       text_matches(options->session, jsontext_get_text(intent, "session", NULL)) &&
	       text_matches(options->effect, jsontext_get_text(json_object_get(intent, "decision"), "effect", NULL));
	return 0;
}

/* A duration back from now, or the beginning of an RFC 3339 time in UTC, which sorts as text. */
static int read_since(struct log *log, struct cordon_err *err)
{
	const char *text = log->options->since;
	uint64_t ms;

	if (!text)
		return 0;
	if (parse_duration_ms(slice_of(text), &ms, NULL) == 0) {
		uint64_t now = clock_real_ms();

		clock_rfc3339(ms < now ? now - ms : 0, log->since);
		return 0;
	}
	if (strlen(text) < 4 || strlen(text) >= sizeof(log->since) || strspn(text, "0123456789") < 4 ||
	    strspn(text, "0123456789-:.TZ") != strlen(text))
		return err_set(err, CORDON_EINVAL, 0,
			       "'--since' is a time such as 2026-12-01T10:00 (UTC) or 15m, not '%s'", text);
	snprintf(log->since, sizeof(log->since), "%s", text);
	return 0;
}

static int query(struct log *log, struct cordon_err *err)
{
	int rc = 0;

	for (uint64_t i = 0; i < log->size && rc == 0; i++) {
		cleanup_json json_t *record = NULL;
		bool yes = false;

		rc = log_get(log, i, &record, err);
		if (rc == 0)
			rc = matches(log, record, &yes, err);
		if (rc == 0 && yes && print_record(log, i, record))
			return 1;
	}
	return rc;
}

/* ---- verify ---- */

static void count_unfinished(struct log *log, struct audit_proof *proof)
{
	struct cordon_err err;
	struct audit_unfinished *rows = calloc(UNFINISHED_MAX, sizeof(*rows));
	int count = -1;

	if (rows && log_open(log, &err) == 0)
		count = audit_unfinished_calls(log->reader, log->size, rows, UNFINISHED_MAX, &err);
	if (count > 0)
		proof->unknown_outcome = (uint64_t)count;
	free(rows);
}

static int verify(struct log *log, struct cordon_err *err)
{
	struct audit_proof proof = { .intact = false };
	int rc = audit_verify(log->folder, log->options->vkey, &proof, err);

	if (rc < 0)
		return rc;
	if (proof.intact)
		count_unfinished(log, &proof);
	if (log->options->json)
		rc = terminal_json(json_pack("{s:b, s:I, s:I, s:I, s:I, s:o, s:o, s:o}", "intact", proof.intact, "size",
					     (json_int_t)proof.size, "signed_size", (json_int_t)proof.signed_size,
					     "checked", (json_int_t)proof.checked, "unknown_outcome",
					     (json_int_t)proof.unknown_outcome, "root", text_or_null(proof.root), "key",
					     text_or_null(proof.key), "fault",
					     text_or_null(proof.intact ? NULL : proof.fault)));
	else if (proof.intact)
		terminal_line(
			stdout,
			"intact: %llu records, %llu under the signature of '%s', root %s; %llu without an outcome",
			(unsigned long long)proof.size, (unsigned long long)proof.signed_size, proof.key, proof.root,
			(unsigned long long)proof.unknown_outcome);
	if (!proof.intact)
		terminal_line(stderr, "cordon: the log does not hold: %s", proof.fault);
	return rc || !proof.intact ? 1 : 0;
}

/* ---- */

static const struct action {
	const char *name;
	size_t operands; /* besides the name */
	bool opens; /* needs a reader */
	int (*run)(struct log *log, struct cordon_err *err); /* an exit status, or an error */
} actions[] = {
	{ "tail", 0, true, tail },
	{ "show", 1, true, show },
	{ "query", 0, true, query },
	{ "verify", 0, false, verify },
};

static int find_action(const struct options *options, const struct action **out, struct cordon_err *err)
{
	const char *names[ARRAY_LEN(actions)];
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		names[i] = actions[i].name;
		if (strcmp(actions[i].name, options->operands[0]))
			continue;
		*out = &actions[i];
		if (options->operand_count == actions[i].operands + 1)
			return 0;
		return err_set(err, CORDON_EINVAL, 0, "'audit %s' takes %s", actions[i].name,
			       actions[i].operands ? "one record's number or a call's id" : "no operand");
	}
	near = options_nearest(options->operands[0], names, ARRAY_LEN(actions));
	return err_set(err, CORDON_EINVAL, 0, "unknown action '%s' of 'audit': %s%s", options->operands[0],
		       near ? "did you mean " : "tail, show, query or verify", near ? near : "");
}

static int find_folder(const struct options *options, struct log *log, struct cordon_err *err)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	int len;

	if (options->dir) {
		len = snprintf(log->folder, sizeof(log->folder), "%s", options->dir);
	} else {
		int rc = surroundings_load(options, &around, err);

		if (rc < 0)
			return rc;
		len = snprintf(log->folder, sizeof(log->folder), "%s/audit", around.policy->data);
	}
	if (len < 0 || (size_t)len >= sizeof(log->folder))
		return err_set(err, CORDON_EINVAL, 0, "the log's path is longer than %d bytes", PATH_MAX);
	return 0;
}

static int run(const struct options *options)
{
	CLEANUP(log_close) struct log log = { .options = options };
	struct cordon_err err = { .code = 0 };
	const struct action *action = NULL;
	int rc = find_action(options, &action, &err);

	if (rc == 0)
		rc = read_since(&log, &err);
	if (rc == 0)
		rc = find_folder(options, &log, &err);
	if (rc == 0 && action->opens)
		rc = log_open(&log, &err);
	if (rc == 0)
		rc = action->run(&log, &err);
	return rc < 0 ? terminal_fault(&err) : rc;
}

static const struct option_row rows[] = {
	OPTION_ROW("-n", "N", OPTION_NUMBER, number, "tail: so many records (10)"),
	OPTION_ROW("--follow", NULL, OPTION_FLAG, follow, "tail: go on with those that come"),
	OPTION_ROW("--tool", "T", OPTION_TEXT, tool, "query: calls of this tool"),
	OPTION_ROW("--session", "S", OPTION_TEXT, session, "query: calls of this session"),
	OPTION_ROW("--effect", "E", OPTION_TEXT, effect, "query: calls that were decided so: allow, deny or ask"),
	OPTION_ROW("--since", "T", OPTION_TEXT, since,
		   "query: records from this time on: 2026-12-01T10:00 (UTC), or 15m ago"),
	OPTION_ROW("--kind", "K", OPTION_TEXT, kind, "query: records of this kind: intent, outcome, quarantine"),
	OPTION_ROW("--dir", "DIR", OPTION_TEXT, dir, "the log's folder (else the data folder's audit)"),
	OPTION_ROW("--vkey", "KEY", OPTION_TEXT, vkey,
		   "verify: the key that must have signed (else the one in the folder)"),
};

const struct verb verb_audit = {
	.name = "audit",
	.operands = "tail|show INDEX|show CALL|query|verify",
	.summary = "Read the audit log, and prove that it is whole",
	.detail = "'verify' recomputes everything from the records up; status 1 where a proof does not hold.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = 2,
	.fault_status = 2,
	.run = run,
};
