// SPDX-License-Identifier: Apache-2.0
/* cli_options.c - a command line is read by its table, or refused with the nearest name. */
#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/cli/options.h"

static const struct option_row rows[] = {
	OPTION_ROW("--arg", "K=V", OPTION_LIST, arg, "an argument"),
	OPTION_ROW("--session", "ID", OPTION_TEXT, session, "the session"),
	OPTION_ROW("--jsonl", NULL, OPTION_FLAG, jsonl, "lines"),
	OPTION_ROW("-k", "N", OPTION_NUMBER, number, "hits"),
};

static const struct verb verb = {
	.name = "try",
	.operands = "ONE [TWO]",
	.summary = "Try",
	.detail = "",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = 2,
};

#define ARGV(...) ((const char *const[]){ __VA_ARGS__, NULL })

Test(options, reads_every_kind_and_mixes_operands)
{
	struct options options;
	struct cordon_err err = { .code = 0 };
	const char *const *argv = ARGV("one", "--session=s 1", "--arg", "a=1", "-k5", "--jsonl", "--arg=b=--x", "two");

	cr_assert_eq(options_parse(&verb, argv, &options, &err), 0, "%s", err.text);
	cr_assert_str_eq(options.session, "s 1");
	cr_assert_eq(options.arg.count, 2);
	cr_assert_str_eq(options.arg.items[0], "a=1");
	cr_assert_str_eq(options.arg.items[1], "b=--x");
	cr_assert_eq(options.number, 5);
	cr_assert(options.jsonl);
	cr_assert_eq(options.operand_count, 2);
	cr_assert_str_eq(options.operands[1], "two");
	cr_assert_null(options.operands[2]);
	options_release(&options);
}

Test(options, takes_nothing_after_two_dashes_for_an_option)
{
	struct options options;
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(options_parse(&verb, ARGV("--", "--jsonl", "-"), &options, &err), 0, "%s", err.text);
	cr_assert_not(options.jsonl);
	cr_assert_str_eq(options.operands[0], "--jsonl");
	cr_assert_str_eq(options.operands[1], "-");
	options_release(&options);
}

Test(options, ends_a_programs_options_at_its_first_word)
{
	struct verb program = verb;
	struct options options;
	struct cordon_err err = { .code = 0 };

	program.program = true;
	program.operand_max = OPERANDS_ANY;
	cr_assert_eq(options_parse(&program, ARGV("--jsonl", "ls", "--help", "--", "-k"), &options, &err), 0);
	cr_assert(options.jsonl);
	cr_assert_not(options.help);
	cr_assert_eq(options.operand_count, 4);
	cr_assert_str_eq(options.operands[2], "--");
	options_release(&options);
}

Test(options, help_needs_no_operands)
{
	struct options options;
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(options_parse(&verb, ARGV("--help"), &options, &err), 0);
	cr_assert(options.help);
	options_release(&options);
}

Test(options, refuses_what_is_not_in_the_table)
{
	static const struct {
		const char *argv[4];
		const char *text;
	} cases[] = {
		{ { "--sesion", "x", "one" }, "did you mean '--session'" },
		{ { "--jsonl=yes", "one" }, "takes no value" },
		{ { "--session" }, "needs a value" },
		{ { "--session", "a", "--session=b" }, "given twice" },
		{ { "--json", "--json", "one" }, "given twice" },
		{ { "-k", "0", "one" }, "a number from 1 on" },
		{ { "-k", "-1", "one" }, "a number from 1 on" },
		{ { "-k", "99999999999999999999", "one" }, "a number from 1 on" },
		{ { "-z", "one" }, "unknown option '-z'" },
		{ { "-kx", "one" }, "a number from 1 on" },
		{ { "---", "one" }, "unknown option" },
		{ { "one", "two", "three" }, "does not take 'three'" },
		{ { "--json" }, "needs ONE" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct options options;
		struct cordon_err err = { .code = 0 };

		cr_expect_eq(options_parse(&verb, cases[i].argv, &options, &err), CORDON_EINVAL, "case %zu", i);
		cr_expect(strstr(err.text, cases[i].text), "case %zu: %s", i, err.text);
		options_release(&options);
	}
}

Test(options, finds_the_nearest_name_and_no_far_one)
{
	static const char *const names[] = { "run", "exec", "explain", "check" };

	cr_assert_str_eq(options_nearest("chekc", names, 4), "check");
	cr_assert_str_eq(options_nearest("rum", names, 4), "run");
	cr_assert_null(options_nearest("", names, 4));
	cr_assert_null(options_nearest("xyz", names, 4));
	cr_assert_null(options_nearest("a word that is far longer than any command could ever be", names, 4));
}
