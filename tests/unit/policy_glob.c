// SPDX-License-Identifier: Apache-2.0
/* policy_glob.c - a star stays in its folder, two stars cross any number of them, and no pattern takes for ever. */
#include <criterion/criterion.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/policy/schema/glob.h"

static const struct {
	const char *pattern, *path;
	bool matches;
} cases[] = {
	{ "*.txt", "a.txt", true },
	{ "*.txt", "d/a.txt", false },
	{ "**/*.txt", "a.txt", true },
	{ "**/*.txt", "d/e/a.txt", true },
	{ "**/.*", ".env", true },
	{ "**/.*", "a/.git", true },
	{ "**/.*", "a/b", false },
	{ "**/.*", "", false },
	{ "src/**", "src/a/b", true },
	{ "src/**", "src", false },
	{ "src/**", "srcs/a", false },
	{ "a/**/b", "a/b", true },
	{ "a/**/b", "a/x/y/b", true },
	{ "a/**/b", "a/x/y/bb", false },
	{ "**/a/**/b", "x/a/a/c/b", true },
	{ "?", "\xc3\xa4", true },
	{ "?", "ab", false },
	{ "[a-c]x", "bx", true },
	{ "[!a-c]x", "bx", false },
	{ "[!a-c]x", "dx", true },
	{ "a*b*c", "aXbYbZc", true },
	{ "a*b*c", "aXbYbZ", false },
	{ "a", "a/b", false },
	{ "a/b", "a", false },
	{ "[", "[", true },
	{ "*", "", false },
	{ "**", "a/b", true },
};

Test(glob, matches_as_the_table_says)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_eq(glob_matches(cases[i].pattern, cases[i].path), cases[i].matches, "%s on %s",
			     cases[i].pattern, cases[i].path);
}

Test(glob, refuses_patterns_that_cannot_mean_what_they_say)
{
	const char *const unsound[] = { "", "/a", "../a", "a/./b", "a//b", "a/", "**a", "a**/b" };

	for (size_t i = 0; i < ARRAY_LEN(unsound); i++)
		cr_expect_not_null(glob_fault(unsound[i]), "%s", unsound[i]);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		cr_expect_null(glob_fault(cases[i].pattern), "%s", cases[i].pattern);
}

Test(glob, does_not_explode_on_many_stars, .timeout = 5)
{
	char path[4001];

	for (size_t i = 0; i < 4000; i++)
		path[i] = i % 2 ? '/' : 'a';
	path[4000] = '\0';
	cr_expect_not(glob_matches("**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/*a*a*a*a*a*b", path));
}
