// SPDX-License-Identifier: Apache-2.0
/* core_request.c - what is no JSON object is the caller's mistake; what strict reading refuses is left to be denied. */
#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/request.h"

enum reading { READ_FINE, READ_DENIED, READ_MISTAKE };

static enum reading read_of(struct cordon_slice text, struct call *call)
{
	struct cordon_err err = { .code = 0 };
	int rc;

	call_init(call);
	call->request.args_text = text;
	rc = stage_parse(NULL, call, &err);
	if (rc < 0) {
		cr_expect_eq(rc, CORDON_EINVAL);
		cr_expect_not_null(strstr(err.text, "not one JSON object"), "%s", err.text);
		return READ_MISTAKE;
	}
	cr_expect_eq(strlen(call->id), IDENT_TEXT - 1);
	cr_expect(call->request.fault ? !call->request.args : json_is_object(call->request.args));
	return call->request.fault ? READ_DENIED : READ_FINE;
}

Test(request, tells_mistakes_from_attacks)
{
	static const struct {
		struct cordon_slice text;
		enum reading wanted;
	} cases[] = {
		{ SLICE("{}"), READ_FINE },
		{ SLICE(" {\"a\": [1, {\"b\": null}]}\n"), READ_FINE },
		{ SLICE("{\"a\": 9223372036854775807}"), READ_FINE },
		{ SLICE("{\"a\": 1, \"a\": 2}"), READ_DENIED },
		{ SLICE("{\"a\": {\"b\": 1, \"b\": 1}}"), READ_DENIED },
		{ SLICE("{\"a\": \"\\u0000\"}"), READ_DENIED },
		{ SLICE("{\"a\\u0000\": 1}"), READ_DENIED },
		{ SLICE("{\"a\": \"\xff\"}"), READ_DENIED },
		{ SLICE("{\"\xc0\xaf\": 1}"), READ_DENIED },
		{ SLICE("{\"a\": 1e999}"), READ_DENIED },
		{ SLICE("{\"a\": 99999999999999999999999}"), READ_FINE }, /* a double holds it */
		{ SLICE(""), READ_MISTAKE },
		{ SLICE("   "), READ_MISTAKE },
		{ SLICE("[]"), READ_MISTAKE },
		{ SLICE("null"), READ_MISTAKE },
		{ SLICE("\"{}\""), READ_MISTAKE },
		{ SLICE("{} {}"), READ_MISTAKE },
		{ SLICE("{\"a\": 1"), READ_MISTAKE },
		{ SLICE("{'a': 1}"), READ_MISTAKE },
		{ SLICE("[\"\xff\"]"), READ_MISTAKE },
		{ SLICE("\0"), READ_MISTAKE },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct call call;

		cr_expect_eq(read_of(cases[i].text, &call), cases[i].wanted, "case %zu", i);
		call_release(&call);
	}
}

Test(request, depth_is_refused_whatever_the_depth)
{
	for (size_t depth = 80; depth < 100000; depth *= 10) {
		struct buf text;
		struct call call;
		int rc = 0;

		buf_init(&text, 1 << 20);
		rc |= buf_add_text(&text, "{\"a\": ", NULL);
		for (size_t i = 0; i < depth; i++)
			rc |= buf_add_text(&text, "[", NULL);
		for (size_t i = 0; i < depth; i++)
			rc |= buf_add_text(&text, "]", NULL);
		rc |= buf_add_text(&text, "}", NULL);
		cr_assert_eq(rc, 0);
		cr_expect_eq(read_of(buf_slice(&text), &call), READ_DENIED, "depth %zu", depth);
		call_release(&call);
		buf_release(&text);
	}
}

Test(request, a_door_that_parsed_already_is_believed_only_for_an_object)
{
	struct cordon_err err = { .code = 0 };
	struct call call;

	call_init(&call);
	call.request.args = json_array();
	cr_expect_eq(stage_parse(NULL, &call, &err), CORDON_EINVAL);
	call_release(&call);
	call.request.args = json_object();
	cr_expect_eq(stage_parse(NULL, &call, &err), 0);
	call_release(&call);
}
