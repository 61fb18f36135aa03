// SPDX-License-Identifier: Apache-2.0
/*
 * policy_command.c - a template stays a list: a value is a whole element or a part of one, is never read again, and does not
 * become an option; a path is what was checked.
 */
#include "tests/unit/base_scratch.h"

#include "sandbox/base/json.h"
#include "sandbox/policy/policy.h"
#include "sandbox/policy/schema/schema.h"

#define WORDS_MAX 8

static struct cordon_err err;

TestSuite(command, .init = scratch_make, .fini = scratch_drop);

static const char open_schema[] =
	"{\"type\":\"object\",\"properties\":{\"o\":{\"type\":\"string\",\"argv\":\"option\"}}}";

static json_t *json_of(const char *text)
{
	json_t *value = NULL;

	cr_assert_eq(jsontext_load(slice_of(text), &value, &err), 0, "%s: %s", text, err.text);
	return value;
}

static int fill(const char *const *words, const char *args_text, const struct facts *facts, struct command *command)
{
	cleanup_json json_t *document = json_of(open_schema);
	cleanup_json json_t *args = json_of(args_text);
	char *argv[WORDS_MAX + 1] = { NULL };
	struct tool tool = { .argv = argv };
	int rc;

	for (size_t i = 0; i < WORDS_MAX && words[i]; i++) {
		argv[i] = strdup(words[i]);
		cr_assert_not_null(argv[i]);
	}
	cr_assert_eq(schema_compile(document, SCHEMA_ARGS, &tool.schema, NULL, &err), 0, "%s", err.text);
	*command = (struct command){ .argv = NULL };
	rc = command_fill(&tool, args, facts, command, &err);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	schema_free(tool.schema);
	return rc;
}

static const struct {
	const char *words[WORDS_MAX];
	const char *args;
	const char *filled[WORDS_MAX];
} fills[] = {
	{ { "t", "{x}" }, "{\"x\":\"a b\\n$(id);*\"}", { "t", "a b\n$(id);*" } },
	{ { "t", "{x}" }, "{\"x\":\"\"}", { "t", "" } },
	{ { "t", "{x}" }, "{\"x\":\"{y}{{\",\"y\":\"no\"}", { "t", "{y}{{" } },
	{ { "t", "a{x}b{y}c" }, "{\"x\":\"{y}\",\"y\":7}", { "t", "a{y}b7c" } },
	{ { "t", "{{x}}" }, "{\"x\":\"no\"}", { "t", "{x}" } },
	{ { "t", "{{{x}}}" }, "{\"x\":\"v\"}", { "t", "{v}" } },
	{ { "t", "{x}" }, "{\"x\":9223372036854775807}", { "t", "9223372036854775807" } },
	{ { "t", "--", "{x}" }, "{\"x\":-9223372036854775808}", { "t", "--", "-9223372036854775808" } },
	{ { "t", "{x}" }, "{\"x\":0.1}", { "t", "0.1" } },
	{ { "t", "{x}" }, "{\"x\":1e3}", { "t", "1000" } },
	{ { "t", "{x}" }, "{\"x\":-0.0}", { "t", "0" } },
	{ { "t", "{x}", "{y}" }, "{\"x\":true,\"y\":false}", { "t", "true", "false" } },
	{ { "t", "{x}", "z" }, "{\"x\":[\"a b\",1,true]}", { "t", "a b", "1", "true", "z" } },
	{ { "t", "{x}", "z" }, "{\"x\":[]}", { "t", "z" } },
	{ { "t", "-n={x}", "{x}", "{x}{y}", "z" }, "{\"y\":\"v\"}", { "t", "z" } },
	{ { "t", "-n{x}" }, "{\"x\":\"-5\"}", { "t", "-n-5" } },
	{ { "t", "--", "{x}" }, "{\"x\":\"-rf\"}", { "t", "--", "-rf" } },
	{ { "t", "--", "{x}" }, "{\"x\":\"--\"}", { "t", "--", "--" } },
	{ { "t", "{o}" }, "{\"o\":\"--help\"}", { "t", "--help" } },
	{ { "t", "{x}" }, "{\"x\":\"\xe2\x88\x92rf\"}", { "t", "\xe2\x88\x92rf" } }, /* a minus that no parser reads */
};

Test(command, fills_each_element_with_its_value_and_nothing_more)
{
	for (size_t i = 0; i < ARRAY_LEN(fills); i++) {
		struct command command;
		size_t n = 0;

		cr_assert_eq(fill(fills[i].words, fills[i].args, NULL, &command), 0, "case %zu: %s", i, err.text);
		for (; command.argv[n] && fills[i].filled[n]; n++)
			cr_expect_str_eq(command.argv[n], fills[i].filled[n], "case %zu, element %zu: '%s'", i, n,
					 command.argv[n]);
		cr_expect(!command.argv[n] && !fills[i].filled[n], "case %zu: another number of elements", i);
		command_release(&command);
	}
}

static const struct {
	const char *words[WORDS_MAX];
	const char *args;
	const char *fault; /* words of it */
} refusals[] = {
	{ { "t", "{x}" }, "{\"x\":\"-rf\"}", "begins with '-'" },
	{ { "t", "{x}" }, "{\"x\":\"-\"}", "begins with '-'" },
	{ { "t", "{x}" }, "{\"x\":\"--\"}", "begins with '-'" },
	{ { "t", "{x}" }, "{\"x\":-5}", "begins with '-'" },
	{ { "t", "{x}" }, "{\"x\":-0.5}", "begins with '-'" },
	{ { "t", "{x}" }, "{\"x\":[\"a\",\"-b\"]}", "begins with '-'" },
	{ { "t", "{x}.txt" }, "{\"x\":\"-a\"}", "begins with '-'" },
	{ { "t", "{x}{y}" }, "{\"x\":\"\",\"y\":\"-a\"}", "begins with '-'" },
	{ { "t", "{x}", "--" }, "{\"x\":\"-a\"}", "begins with '-'" }, /* a `--` behind ends nothing before it */
	{ { "t", "x--", "{x}" }, "{\"x\":\"-a\"}", "begins with '-'" },
	{ { "t", "{o}", "{x}" }, "{\"o\":\"--\",\"x\":\"-a\"}", "'x' begins with '-'" }, /* nor does a value */
	{ { "t", "{o}", "{x}" }, "{\"o\":\"-v\",\"x\":\"-v\"}", "'x' begins with '-'" },
	{ { "t", "a{x}" }, "{\"x\":[\"b\"]}", "inside a longer element" },
	{ { "t", "a{x}" }, "{\"x\":true}", "inside a longer element" },
	{ { "t", "{x}" }, "{\"x\":{\"a\":1}}", "an object or null" },
	{ { "t", "{x}" }, "{\"x\":null}", "an object or null" },
	{ { "t", "{x}" }, "{\"x\":[[\"a\"]]}", "an object or null" },
};

Test(command, refuses_what_would_be_read_as_something_else)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		struct command command;

		cr_expect_eq(fill(refusals[i].words, refusals[i].args, NULL, &command), CORDON_EINVAL, "case %zu", i);
		cr_expect(strstr(err.text, refusals[i].fault), "case %zu: %s", i, err.text);
		cr_expect_null(command.argv, "case %zu", i);
		command_release(&command);
	}
}

/* {"x": "aaa..."} with so many bytes. */
static char *args_of(size_t len)
{
	char *text = malloc(len + 20);

	cr_assert_not_null(text);
	memcpy(text, "{\"x\":\"", 6);
	memset(text + 6, 'a', len);
	memcpy(text + 6 + len, "\"}", 3);
	return text;
}

Test(command, takes_as_much_as_the_kernel_does_and_not_a_byte_more)
{
	static const size_t most = (128 << 10) - 1; /* the NUL is the last one */
	const char *const words[] = { "t", "{x}", NULL };
	const char *const longer[] = { "t", "b{x}", NULL };
	cleanup_free char *fits = args_of(most);
	cleanup_free char *over = args_of(most + 1);
	struct command command;

	cr_expect_eq(fill(words, fits, NULL, &command), 0, "%s", err.text);
	command_release(&command);
	cr_expect_eq(fill(words, over, NULL, &command), CORDON_ELIMIT);
	cr_expect(strstr(err.text, "'x' is longer than 128 KiB"), "%s", err.text);
	cr_expect_eq(fill(longer, fits, NULL, &command), CORDON_ELIMIT);
	cr_expect_null(command.argv);
}

Test(command, ends_a_list_that_makes_too_many_elements)
{
	const char *const words[] = { "t", "{x}", NULL };
	cleanup_buf struct buf text = { .limit = 1u << 20 };
	struct command command;

	cr_assert_eq(buf_add_text(&text, "{\"x\":[1", NULL), 0);
	for (int i = 0; i < 100000; i++)
		cr_assert_eq(buf_add_text(&text, ",1", NULL), 0);
	cr_assert_eq(buf_add_text(&text, "]}", NULL), 0);
	cr_expect_eq(fill(words, buf_text(&text), NULL, &command), CORDON_ELIMIT);
	cr_expect_null(command.argv);
}

Test(command, refuses_a_nul_that_would_cut_the_value)
{
	char word[] = "t";
	char hole[] = "{x}";
	char *argv[] = { word, hole, NULL };
	cleanup_json json_t *args = json_object();
	struct tool tool = { .argv = argv };
	struct command command = { .argv = NULL };

	json_object_set_new(args, "x", json_stringn_nocheck("a\0b", 3));
	cr_expect_eq(command_fill(&tool, args, NULL, &command, &err), CORDON_EINVAL);
	cr_expect_null(command.argv);
}

/* ---- standard input ---- */

static int fill_stdin(const char *args_text, struct command *command)
{
	char word[] = "t";
	char hole[] = "{x}";
	char *argv[] = { word, NULL };
	cleanup_json json_t *args = json_of(args_text);
	struct tool tool = { .argv = argv, .stdin_template = hole };

	*command = (struct command){ .argv = NULL };
	return command_fill(&tool, args, NULL, command, &err);
}

Test(command, feeds_one_argument_to_standard_input)
{
	cleanup_free char *big = args_of(1u << 20);
	struct command command;

	cr_assert_eq(fill_stdin("{\"x\":\"-a\\nb\"}", &command), 0, "%s", err.text);
	cr_expect_eq(command.stdin_len, 4);
	cr_expect_str_eq(command.stdin_text, "-a\nb");
	cr_expect_null(command.argv[1]);
	command_release(&command);
	cr_assert_eq(fill_stdin("{}", &command), 0, "%s", err.text);
	cr_expect_null(command.stdin_text);
	command_release(&command);
	cr_assert_eq(fill_stdin(big, &command), 0, "no limit of argv: %s", err.text);
	cr_expect_eq(command.stdin_len, 1u << 20);
	command_release(&command);
	cr_expect_eq(fill_stdin("{\"x\":{}}", &command), CORDON_EINVAL);
	cr_expect_null(command.argv);
}

/* ---- paths ---- */

static const struct {
	const char *value;
	const char *root;
	const char *below;
	const char *filled;
} paths[] = {
	{ "a.txt", "/ws", "a.txt", "a.txt" },
	{ "./sub/../a.txt", "/ws", "a.txt", "a.txt" },
	{ "link", "/ws", "sub/b.txt", "sub/b.txt" }, /* not the link, which may lead elsewhere by then */
	{ ".", "/ws", ".", "." },
	{ "/ws/a.txt", "/ws", "a.txt", "/ws/a.txt" },
	{ "/ws//link", "/ws", "a.txt", "/ws/a.txt" },
	{ "a.txt", "/data", "a.txt", "/data/a.txt" }, /* a relative one begins at its root, where the tool does not */
	{ "./-rf", "/ws", "-rf", "./-rf" },
	{ "link", "/ws", "-rf", "./-rf" }, /* the link's target is no option either */
	{ "-rf", "/data", "-rf", "/data/-rf" },
	{ "-rf", "/ws", "-rf", NULL },
};

Test(command, writes_a_path_as_what_was_checked)
{
	const char *const words[] = { "t", "{p}", NULL };

	for (size_t i = 0; i < ARRAY_LEN(paths); i++) {
		char pointer[] = "/p";
		char canonical[100];
		cleanup_free char *root = strdup(paths[i].root);
		cleanup_free char *below = strdup(paths[i].below);
		struct fact_path fact = { .pointer = pointer, .canonical = canonical, .below = below, .root = root };
		struct facts facts = { &fact, 1, "/ws" };
		char args[100];
		struct command command;
		int rc;

		snprintf(canonical, sizeof(canonical), "%s/%s", root, below);
		snprintf(args, sizeof(args), "{\"p\":\"%s\"}", paths[i].value);
		rc = fill(words, args, &facts, &command);
		cr_expect_eq(rc, paths[i].filled ? 0 : CORDON_EINVAL, "'%s': %s", paths[i].value, err.text);
		if (rc == 0 && paths[i].filled)
			cr_expect_str_eq(command.argv[1], paths[i].filled);
		command_release(&command);
	}
}

Test(command, refuses_a_path_that_was_not_resolved)
{
	const char *const words[] = { "t", "{p}", NULL };
	char pointer[] = "/p";
	char fault[] = "leads out";
	char root[] = "/ws";
	struct fact_path fact = { .pointer = pointer, .fault = fault, .root = root, .fd = -1 };
	struct facts facts = { &fact, 1, "/ws" };
	struct command command;

	cr_expect_eq(fill(words, "{\"p\":\"../x\"}", &facts, &command), CORDON_EINVAL);
	cr_expect(strstr(err.text, "not resolved"), "%s", err.text);
	cr_expect_null(command.argv);
}
