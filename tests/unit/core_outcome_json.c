// SPDX-License-Identifier: Apache-2.0
/* core_outcome_json.c - the shapes that DESIGN promises, key for key, whatever the bytes. */
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>

#include "sandbox/base/json.h"
#include "sandbox/outcome_json.h"

static void expect_dump(json_t *object, const char *text)
{
	char *dump = json_dumps(object, JSON_COMPACT);

	cr_expect_str_eq(dump, text);
	free(dump);
	json_decref(object);
}

Test(outcome_json, has_every_key_in_order)
{
	struct jail_outcome outcome = {
		.reason = JAIL_EXITED,
		.exited = true,
		.exit = 3,
		.started = true,
		.wall_ms = 1.5,
		.cpu_ms = 0.5,
		.max_rss_kb = 7,
		.rung = 1,
		.out = { .data = (char[]){ "hi\n" }, .len = 3 },
	};

	expect_dump(
		outcome_to_json(&outcome, STREAMS_PUT_IN),
		"{\"exit\":3,\"signal\":null,\"reason\":\"exited\",\"wall_ms\":1.5,\"cpu_ms\":0.5,\"max_rss_kb\":7,"
		"\"stdout\":\"hi\\n\",\"stderr\":\"\",\"truncated\":false,\"rung\":1,\"missing\":[],\"denied\":[]}");
}

Test(outcome_json, exit_is_null_where_a_signal_ended_it)
{
	struct jail_outcome outcome = { .reason = JAIL_SIGNAL, .signal = SIGKILL, .started = true };
	json_t *object = outcome_to_json(&outcome, STREAMS_LEFT_OUT);

	cr_assert(json_is_null(json_object_get(object, "exit")));
	cr_assert_str_eq(jsontext_get_text(object, "signal", ""), "SIGKILL");
	cr_assert_null(json_object_get(object, "stdout"));
	json_decref(object);
}

Test(outcome_json, bytes_that_are_no_text_stand_beside_it_exactly)
{
	struct jail_outcome outcome = {
		.reason = JAIL_EXITED,
		.out = { .data = (char[]){ "a\xff\0b" }, .len = 4 },
		.err = { .data = (char[]){ "fine" }, .len = 4 },
	};
	json_t *object = outcome_to_json(&outcome, STREAMS_PUT_IN);

	cr_assert_eq(json_string_length(json_object_get(object, "stdout")), 6, "U+FFFD is three bytes");
	cr_assert_str_eq(jsontext_get_text(object, "stdout_base64", ""), "Yf8AYg==");
	cr_assert_null(json_object_get(object, "stderr_base64"));
	json_decref(object);
}

Test(outcome_json, names_what_was_missing_and_denied)
{
	struct jail_outcome outcome = {
		.reason = JAIL_DENIED,
		.missing = 1u << JAIL_PROMISE_NAMESPACES,
		.denied = { { .kind = "syscall", .what = "connect", .count = 2, .detail = "d", .hint = "h" } },
		.denied_count = 1,
	};
	json_t *object = outcome_to_json(&outcome, STREAMS_LEFT_OUT);
	json_t *row = json_array_get(json_object_get(object, "denied"), 0);

	cr_assert_str_eq(json_string_value(json_array_get(json_object_get(object, "missing"), 0)), "namespaces");
	cr_assert_str_eq(jsontext_get_text(row, "what", ""), "connect");
	cr_assert_eq(jsontext_get_int(row, "count", 0), 2);
	json_decref(object);
}

Test(outcome_json, a_zeroed_outcome_claims_nothing)
{
	struct jail_outcome outcome = { .reason = JAIL_ERROR };
	json_t *object = outcome_to_json(&outcome, STREAMS_LEFT_OUT);

	cr_assert(json_is_null(json_object_get(object, "exit")));
	cr_assert_str_eq(jsontext_get_text(object, "reason", ""), "error");
	json_decref(object);
}

Test(outcome_json, a_report_without_excerpts_has_none)
{
	struct shield_finding finding = { .kind = SHIELD_KIND_INSTRUCTION,
					  .start = 1,
					  .end = 9,
					  .score = 0.5,
					  .why = (char[]){ "why" },
					  .excerpt = (char[]){ "poison" } };
	struct shield_report report = { .verdict = SHIELD_INJECTION, .findings = &finding, .finding_count = 1 };
	json_t *object = report_to_json(&report, "id", "file", EXCERPTS_LEFT_OUT);
	char *dump = json_dumps(object, 0);

	cr_assert_null(strstr(dump, "poison"));
	cr_assert_str_eq(jsontext_get_text(object, "verdict", ""), "injection");
	free(dump);
	json_decref(object);
	object = report_to_json(&report, NULL, NULL, EXCERPTS_PUT_IN);
	dump = json_dumps(object, 0);
	cr_assert_not_null(strstr(dump, "poison"));
	cr_assert_null(json_object_get(object, "id"));
	free(dump);
	json_decref(object);
}

Test(outcome_json, signals_without_a_name_have_a_number)
{
	char text[16];

	signal_to_text(SIGTERM, text);
	cr_assert_str_eq(text, "SIGTERM");
	signal_to_text(63, text);
	cr_assert_str_eq(text, "SIG63");
}
