// SPDX-License-Identifier: Apache-2.0
/* gateway_jsonrpc.c - a line is one request, one notification or a response, exactly, or gets the error that it is owed. */
#include "sandbox/gateway/jsonrpc.h"

#include "tests/unit/base_scratch.h"

TestSuite(jsonrpc, .init = scratch_make, .fini = scratch_drop);

static void cleanup_message_run(struct jsonrpc_message *message)
{
	jsonrpc_release(message);
}

#define cleanup_message CLEANUP(cleanup_message_run)

/* A value as JSON text, "-" for none; malloc()ed. */
static char *text_of(const json_t *value)
{
	struct buf text = { .limit = 1 << 20 };

	cr_assert_eq(value ? jsontext_dump(value, &text, NULL) : buf_add_text(&text, "-", NULL), 0);
	return buf_take(&text);
}

static void expect_id(const struct jsonrpc_message *message, const char *wanted, const char *line)
{
	cleanup_free char *id = text_of(message->id);

	cr_expect_str_eq(id, wanted, "%s: id is %s", line, id);
}

/* ---- what is sound ---- */

Test(jsonrpc, a_request_has_an_id_and_a_notification_none)
{
	static const struct {
		const char *line;
		enum jsonrpc_kind kind;
		const char *id, *method, *params;
	} cases[] = {
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}", JSONRPC_CALL, "1", "ping", "-" },
		{ " { \"method\" : \"ping\",\r\"id\" : \"1\", \"jsonrpc\":\"2.0\"}\t", JSONRPC_CALL, "\"1\"", "ping",
		  "-" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"a\",\"params\":{}}", JSONRPC_CALL, "0", "a", "{}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":-1,\"method\":\"\",\"params\":{\"x\":[1]}}", JSONRPC_CALL, "-1", "",
		  "{\"x\":[1]}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":\"\",\"method\":\"a\"}", JSONRPC_CALL, "\"\"", "a", "-" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":9223372036854775807,\"method\":\"a\"}", JSONRPC_CALL,
		  "9223372036854775807", "a", "-" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":-9223372036854775808,\"method\":\"a\"}", JSONRPC_CALL,
		  "-9223372036854775808", "a", "-" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":9007199254740993,\"method\":\"a\"}", JSONRPC_CALL, "9007199254740993",
		  "a", "-" },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}", JSONRPC_NOTICE, "-",
		  "notifications/initialized", "-" },
		{ "{\"jsonrpc\":\"2.0\",\"method\":\"x\",\"params\":{\"requestId\":3}}", JSONRPC_NOTICE, "-", "x",
		  "{\"requestId\":3}" },
		{ "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"unknown\":true}", JSONRPC_CALL, "1", "a", "-" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_message struct jsonrpc_message message;
		cleanup_free char *params = NULL;

		jsonrpc_read(slice_of(cases[i].line), &message);
		cr_assert_eq(message.kind, cases[i].kind, "%s: %s", cases[i].line, message.fault.text);
		cr_expect_str_eq(message.method, cases[i].method);
		expect_id(&message, cases[i].id, cases[i].line);
		params = text_of(message.params);
		cr_expect_str_eq(params, cases[i].params);
	}
}

Test(jsonrpc, responses_are_to_nobody)
{
	static const char *const lines[] = {
		"{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}",
		"{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"error\":{\"code\":-1,\"message\":\"no\"}}",
		"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"?\"}}",
		"{\"jsonrpc\":\"2.0\",\"id\":[],\"result\":null}",
		/* A notification whose params are wrong: it is owed no answer, and nothing is done for it. */
		"{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":[1]}",
	};

	for (size_t i = 0; i < ARRAY_LEN(lines); i++) {
		cleanup_message struct jsonrpc_message message;

		jsonrpc_read(slice_of(lines[i]), &message);
		cr_expect_eq(message.kind, JSONRPC_IGNORED, "%s", lines[i]);
		cr_expect_null(message.method);
	}
}

/* ---- what is not ---- */

#define CALL_WITH_ID(id) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"method\":\"ping\"}"

static const struct {
	struct cordon_slice line;
	enum jsonrpc_error error;
	const char *id; /* which the answer names */
} owed[] = {
	/* no JSON */
	{ SLICE("{"), JSONRPC_PARSE, "-" },
	{ SLICE("}"), JSONRPC_PARSE, "-" },
	{ SLICE("hello"), JSONRPC_PARSE, "-" },
	{ SLICE("\0"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}{}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\",}"), JSONRPC_PARSE, "-" },
	{ SLICE("{'jsonrpc':'2.0','id':1,'method':'ping'}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":01,\"method\":\"ping\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\tb\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\\ud800\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":NaN,\"method\":\"ping\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("\xef\xbb\xbf{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}"), JSONRPC_PARSE, "-" },
	/* no UTF-8, wherever it stands */
	{ SLICE("\xff"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":\"\xc0\xaf\",\"method\":\"a\"}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"x\xed\xa0\x80\":1}"), JSONRPC_PARSE, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\"}\xe2\x82"), JSONRPC_PARSE, "-" },
	/* JSON, but no object */
	{ SLICE("[]"), JSONRPC_REQUEST, "-" },
	{ SLICE("[{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"}]"), JSONRPC_REQUEST, "-" },
	{ SLICE("[" CALL_WITH_ID("1") "," CALL_WITH_ID("2") "]"), JSONRPC_REQUEST, "-" },
	{ SLICE("null"), JSONRPC_REQUEST, "-" },
	{ SLICE("true"), JSONRPC_REQUEST, "-" },
	{ SLICE("1"), JSONRPC_REQUEST, "-" },
	{ SLICE("\"ping\""), JSONRPC_REQUEST, "-" },
	/* an id of each type that is none */
	{ SLICE(CALL_WITH_ID("null")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("true")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("false")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("1.5")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("1.0")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("1e3")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("[1]")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("{}")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("9223372036854775808")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("-9223372036854775809")), JSONRPC_REQUEST, "-" },
	{ SLICE(CALL_WITH_ID("123456789012345678901234567890")), JSONRPC_REQUEST, "-" },
	/* the wrong version, or none */
	{ SLICE("{}"), JSONRPC_REQUEST, "-" },
	{ SLICE("{\"id\":1,\"method\":\"ping\"}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":\"1.0\",\"id\":1,\"method\":\"ping\"}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":2.0,\"id\":1,\"method\":\"ping\"}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\\u0020\",\"id\":\"a\",\"method\":\"ping\"}"), JSONRPC_REQUEST, "\"a\"" },
	/* no method, or one that is no text */
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":null}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":1,\"result\":{}}"), JSONRPC_REQUEST, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"result\":{}}"), JSONRPC_REQUEST, "-" },
	/* params that are no object */
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":[]}"), JSONRPC_PARAMS, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":null}"), JSONRPC_PARAMS, "1" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":\"{}\"}"), JSONRPC_PARAMS, "1" },
	/* what strict reading refuses in JSON: whose it was is told where that can be told */
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"method\":\"b\"}"), JSONRPC_REQUEST, "7" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":8,\"method\":\"a\"}"), JSONRPC_REQUEST, "8" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":7,\"id\":null,\"method\":\"a\"}"), JSONRPC_REQUEST, "-" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\\u0000b\"}"), JSONRPC_REQUEST, "7" },
	{ SLICE("{\"jsonrpc\":\"2.0\",\"id\":7,\"method\":\"a\",\"params\":{\"x\":1,\"x\":1}}"), JSONRPC_REQUEST, "7" },
};

Test(jsonrpc, what_is_no_request_gets_the_error_that_it_is_owed)
{
	for (size_t i = 0; i < ARRAY_LEN(owed); i++) {
		cleanup_message struct jsonrpc_message message;
		const char *line = owed[i].line.data;

		jsonrpc_read(owed[i].line, &message);
		cr_assert_eq(message.kind, JSONRPC_INVALID, "case %zu: %s", i, line);
		cr_expect_eq(message.error, owed[i].error, "case %zu: %s: %d", i, line, message.error);
		cr_expect_neq(message.fault.text[0], '\0', "case %zu: %s: no reason", i, line);
		cr_expect_null(message.method);
		expect_id(&message, owed[i].id, line);
	}
}

/* A line of `depth` opening brackets, and as many closing ones where `closed`. */
static void read_nested(size_t depth, bool closed, struct jsonrpc_message *message)
{
	cleanup_buf struct buf line = { .limit = 16 << 20 };
	char *at = buf_reserve(&line, 2 * depth, NULL);

	cr_assert_not_null(at);
	memset(at, '[', depth);
	memset(at + depth, ']', depth);
	line.len = closed ? 2 * depth : depth;
	jsonrpc_read(buf_slice(&line), message);
}

Test(jsonrpc, nesting_of_any_depth_is_refused_and_does_no_harm)
{
	static const size_t depths[] = { 1, 64, 65, 2000, 3000, 1000000, 4000000 };

	for (size_t i = 0; i < ARRAY_LEN(depths); i++)
		for (int closed = 0; closed < 2; closed++) {
			cleanup_message struct jsonrpc_message message;

			read_nested(depths[i], closed, &message);
			cr_expect_eq(message.kind, JSONRPC_INVALID);
			cr_expect(message.error == JSONRPC_PARSE || (closed && message.error == JSONRPC_REQUEST),
				  "depth %zu: %d", depths[i], message.error);
			cr_expect_null(message.id);
		}
}

Test(jsonrpc, a_line_of_sixteen_mebibytes_is_read)
{
	static const char head[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"a\",\"params\":{\"x\":\"";
	cleanup_buf struct buf line = { .limit = 32 << 20 };
	cleanup_message struct jsonrpc_message message;
	size_t room = 16 << 20;
	char *at;

	cr_assert_eq(buf_add_text(&line, head, NULL), 0);
	at = buf_reserve(&line, room, NULL);
	cr_assert_not_null(at);
	memset(at, 'x', room);
	line.len += room;
	cr_assert_eq(buf_add_text(&line, "\"}}", NULL), 0);
	jsonrpc_read(buf_slice(&line), &message);
	cr_assert_eq(message.kind, JSONRPC_CALL);
	cr_expect_eq(json_string_length(json_object_get(message.params, "x")), room);
}

/* ---- answers ---- */

Test(jsonrpc, an_answer_names_its_request)
{
	static const char *const ids[] = { "1", "-9223372036854775808", "\"1\"", "\"\xc3\xa4\"" };

	for (size_t i = 0; i < ARRAY_LEN(ids); i++) {
		cleanup_json json_t *id = NULL;
		cleanup_json json_t *result = NULL;
		cleanup_json json_t *error = NULL;
		cleanup_free char *result_text = NULL;
		cleanup_free char *error_text = NULL;
		char wanted[256];

		cr_assert_eq(jsontext_load(slice_of(ids[i]), &id, NULL), 0);
		result = jsonrpc_result(id, json_pack("{s:i}", "x", 1));
		error = jsonrpc_error(id, JSONRPC_METHOD, "unknown method 'x'", NULL);
		result_text = text_of(result);
		error_text = text_of(error);
		snprintf(wanted, sizeof(wanted), "{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":{\"x\":1}}", ids[i]);
		cr_expect_str_eq(result_text, wanted);
		snprintf(wanted, sizeof(wanted),
			 "{\"jsonrpc\":\"2.0\",\"id\":%s,\"error\":{\"code\":-32601,\"message\":\"unknown method "
			 "'x'\"}}",
			 ids[i]);
		cr_expect_str_eq(error_text, wanted);
	}
}

Test(jsonrpc, an_answer_to_nobody_known_has_the_id_null_and_may_carry_more)
{
	cleanup_json json_t *error = jsonrpc_error(NULL, JSONRPC_PARSE, "no JSON", json_pack("[i]", 1));
	cleanup_free char *text = text_of(error);

	cr_expect_str_eq(
		text,
		"{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32700,\"message\":\"no JSON\",\"data\":[1]}}");
}

Test(jsonrpc, an_answer_without_a_result_is_none)
{
	cr_expect_null(jsonrpc_result(NULL, NULL));
}

Test(jsonrpc, release_takes_zeroed_memory_and_itself_again)
{
	struct jsonrpc_message message = { 0 };

	jsonrpc_release(&message);
	jsonrpc_read(SLICE("[]"), &message);
	jsonrpc_release(&message);
	jsonrpc_release(&message);
	cr_expect_null(message.root);
}
