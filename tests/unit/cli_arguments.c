// SPDX-License-Identifier: Apache-2.0
/* cli_arguments.c - what a shell user types reaches the strict reader as it was typed. */
#include <criterion/criterion.h>

#include "sandbox/base/json.h"
#include "sandbox/cli/arguments.h"

static struct tool tool_with(const char *schema)
{
	return (struct tool){ .input_schema = json_loads(schema, 0, NULL) };
}

static const char schema[] =
	"{\"type\":\"object\",\"properties\":{\"s\":{\"type\":\"string\"},\"n\":{\"type\":\"integer\"},"
	"\"m\":{\"type\":[\"null\",\"string\"]},\"e\":{\"enum\":[1,\"x\"]}}}";

Test(arguments, are_typed_by_the_schema)
{
	static const struct {
		const char *pair, *text;
	} cases[] = {
		{ "s=5", "{\"s\": \"5\"}" },
		{ "s=a=b", "{\"s\": \"a=b\"}" },
		{ "s=", "{\"s\": \"\"}" },
		{ "n=5", "{\"n\": 5}" },
		{ "n=x", "{\"n\": \"x\"}" }, /* the schema will refuse it */
		{ "m=5", "{\"m\": \"5\"}" },
		{ "e=1", "{\"e\": 1}" },
		{ "e=x", "{\"e\": \"x\"}" },
		{ "other=[1]", "{\"other\": [1]}" },
		{ "s=a\"b\\\n", "{\"s\": \"a\\\"b\\\\\\u000a\"}" },
		{ "s=\xff", "{\"s\": \"\xff\"}" }, /* not mended: the strict reader must see it */
		{ "n={\"a\":1,\"a\":2}", "{\"n\": \"{\\\"a\\\":1,\\\"a\\\":2}\"}" },
	};
	struct tool tool = tool_with(schema);

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const char *items[] = { cases[i].pair, NULL };
		struct options options = { .arg = { items, 1 } };
		struct cordon_err err = { .code = 0 };
		struct buf out;

		buf_init(&out, 1000);
		cr_expect_eq(arguments_read(&options, &tool, &out, &err), 0, "case %zu: %s", i, err.text);
		cr_expect_str_eq(buf_text(&out), cases[i].text, "case %zu", i);
		buf_release(&out);
	}
	json_decref(tool.input_schema);
}

Test(arguments, a_name_twice_stays_twice)
{
	const char *items[] = { "s=1", "s=2", NULL };
	struct options options = { .arg = { items, 2 } };
	struct cordon_err err = { .code = 0 };
	json_t *value = NULL;
	struct buf out;

	buf_init(&out, 1000);
	cr_assert_eq(arguments_read(&options, NULL, &out, &err), 0);
	cr_assert_lt(jsontext_load(buf_slice(&out), &value, &err), 0);
	buf_release(&out);
}

Test(arguments, refuses_what_is_no_pair_or_comes_twice)
{
	const char *no_pair[] = { "s", NULL };
	const char *no_name[] = { "=x", NULL };
	const char *pair[] = { "s=x", NULL };
	struct options cases[] = {
		{ .arg = { no_pair, 1 } },   { .arg = { no_name, 1 } }, { .arg = { pair, 1 }, .args = "{}" },
		{ .args = "@/nonexistent" }, { .args = "@/dev/zero" },	{ .args = "@/" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cordon_err err = { .code = 0 };
		struct buf out;

		buf_init(&out, 1000);
		cr_expect_eq(arguments_read(&cases[i], NULL, &out, &err), CORDON_EINVAL, "case %zu", i);
		buf_release(&out);
	}
}

Test(arguments, none_at_all_are_an_empty_object)
{
	struct options options = { .config = NULL };
	struct buf out;

	buf_init(&out, 1000);
	cr_assert_eq(arguments_read(&options, NULL, &out, NULL), 0);
	cr_assert_str_eq(buf_text(&out), "{}");
	buf_release(&out);
}
