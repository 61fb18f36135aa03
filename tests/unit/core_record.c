// SPDX-License-Identifier: Apache-2.0
/* core_record.c - a record fits and tells no more than it may, whatever a model wrote. The log writer is the real one. */
#include "tests/unit/audit_scratch.h"

#include <string.h>

#include "sandbox/base/json.h"
#include "sandbox/recall.h"
#include "sandbox/record.h"

static struct policy policy = { .data = scratch };
static struct supervisor supervisor = { .policy = &policy };

static void end(void)
{
	audit_close(supervisor.audit);
	scratch_drop();
}

TestSuite(record, .init = scratch_make, .fini = end);

static json_t *read_back(uint64_t index)
{
	struct cordon_err err = { .code = 0 };
	struct audit_reader *reader = NULL;
	struct cordon_slice text;
	json_t *record = NULL;

	cr_assert_eq(supervisor_reader(&supervisor, &reader, &err), 0, "%s", err.text);
	cr_assert_eq(audit_reader_get(reader, index, &text, &err), 0, "%s", err.text);
	cr_assert_leq(text.len, AUDIT_RECORD_MAX);
	cr_assert_eq(jsontext_load(text, &record, &err), 0, "%s", err.text);
	audit_reader_close(reader);
	return record;
}

static char *all_of(char byte, size_t len)
{
	char *text = malloc(len + 1);

	memset(text, byte, len);
	text[len] = '\0';
	return text;
}

Test(record, an_intent_fits_whatever_the_model_wrote)
{
	static const char bytes[] = { 'x', '\x01', '\xff', '"' };

	for (size_t i = 0; i < sizeof(bytes); i++) {
		char *text = all_of(bytes[i], 1 << 20);
		struct decision decision = { .rule = text, .where = text, .why = text, .say = text };
		struct record_intent intent = { .call = "c",
						.session = text,
						.door = "run",
						.tool = text,
						.args = slice_of(text),
						.decision = &decision };
		struct cordon_err err = { .code = 0 };
		uint64_t index = 0;
		json_t *record;

		cr_assert_eq(record_intend(&supervisor, &intent, &index, &err), 0, "%s", err.text);
		record = read_back(index);
		cr_expect_eq(jsontext_get_int(json_object_get(record, "args"), "bytes", 0), 1 << 20);
		cr_expect(jsontext_get_flag(json_object_get(record, "args"), "truncated", false));
		cr_expect_str_eq(jsontext_get_text(json_object_get(record, "decision"), "effect", ""), "deny");
		json_decref(record);
		free(text);
	}
}

Test(record, an_outcome_fits_whatever_the_tool_did)
{
	static struct shield_finding findings[5000];
	struct jail_outcome program = { .reason = JAIL_EXITED, .denied_count = JAIL_DENIED_MAX };
	char *why = all_of('w', 200);
	struct call call;
	struct record_outcome outcome = { .call = "c", .outcome = &program, .screened = &call };
	struct cordon_err err = { .code = 0 };
	uint64_t index = 0;
	json_t *record;
	json_t *shield;
	char *dump;

	call_init(&call);
	call.result.ran = true;
	for (size_t i = 0; i < ARRAY_LEN(findings); i++)
		findings[i] = (struct shield_finding){ .why = why, .excerpt = (char[]){ "poison" } };
	for (size_t i = 0; i < JAIL_DENIED_MAX; i++) {
		program.denied[i].kind = "syscall";
		memset(program.denied[i].detail, 'd', sizeof(program.denied[i].detail) - 1);
		memset(program.denied[i].hint, 'h', sizeof(program.denied[i].hint) - 1);
	}
	call.screen.report = (struct shield_report){ .findings = findings, .finding_count = ARRAY_LEN(findings) };
	cr_assert_eq(record_conclude(&supervisor, &outcome, &index, &err), 0, "%s", err.text);
	record = read_back(index);
	shield = json_object_get(record, "shield");
	cr_expect_eq(jsontext_get_int(shield, "finding_count", 0), 5000);
	cr_expect_lt(json_array_size(json_object_get(shield, "findings")), 100);
	dump = json_dumps(record, 0);
	cr_expect_null(strstr(dump, "poison"), "no excerpt on the log");
	free(dump);
	json_decref(record);
	free(why);
}

Test(record, knows_a_process_that_lives_from_one_that_does_not)
{
	cr_expect_gt(record_process_start(getpid()), 0);
	cr_expect_eq(record_process_start(0x3fffffff), 0);
}

static void count_one(void *ctx, const char *sentence)
{
	cr_expect_not_null(strstr(sentence, "has no outcome"));
	(*(int *)ctx)++;
}

Test(record, a_call_of_this_process_is_no_crash)
{
	struct decision decision = { .effect = EFFECT_ALLOW };
	struct record_intent intent = { .call = "00000000000000000000000000000001",
					.door = "run",
					.tool = "t",
					.args = SLICE("{}"),
					.decision = &decision };
	struct cordon_err err = { .code = 0 };
	uint64_t index = 0;
	int told = 0;

	cr_assert_eq(record_intend(&supervisor, &intent, &index, &err), 0, "%s", err.text);
	cr_assert_eq(recall_crashed(&supervisor, count_one, &told, &err), 0, "%s", err.text);
	cr_expect_eq(told, 0);
}

Test(record, a_call_of_a_process_that_is_gone_is_told_once)
{
	static const char crashed[] =
		"{\"kind\":\"intent\",\"call\":\"00000000000000000000000000000002\",\"tool\":\"t\","
		"\"process\":{\"pid\":1073741823,\"started\":5}}";
	struct cordon_err err = { .code = 0 };
	struct audit *audit;
	uint64_t index = 0;
	int told = 0;

	cr_assert_eq(supervisor_audit(&supervisor, &audit, &err), 0, "%s", err.text);
	cr_assert_eq(audit_append(audit, SLICE(crashed), &index, &err), 0, "%s", err.text);
	cr_assert_eq(recall_crashed(&supervisor, count_one, &told, &err), 0, "%s", err.text);
	cr_assert_eq(recall_crashed(&supervisor, count_one, &told, &err), 0, "%s", err.text);
	cr_expect_eq(told, 1);
}
