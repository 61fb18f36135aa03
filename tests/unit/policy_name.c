// SPDX-License-Identifier: Apache-2.0
/* policy_name.c - one name for two spellings, and patterns with stars. */
#include <criterion/criterion.h>

#include "sandbox/policy/name.h"

Test(name, takes_48_letters_digits_and_two_marks)
{
	cr_expect(name_is_sound("a"));
	cr_expect(name_is_sound("Aa0_-"));
	cr_expect(name_is_sound("123456789012345678901234567890123456789012345678"));
	cr_expect_not(name_is_sound("1234567890123456789012345678901234567890123456789"));
	cr_expect_not(name_is_sound(""));
	cr_expect_not(name_is_sound("a.b"));
	cr_expect_not(name_is_sound("a b"));
	cr_expect_not(name_is_sound("\xc3\xa4"));
}

Test(name, reads_two_underscores_as_a_dot)
{
	cr_expect(name_is_same("files.read", "files__read"));
	cr_expect(name_is_same("a", "a"));
	cr_expect_not(name_is_same("files.read", "files_read"));
	cr_expect_not(name_is_same("files.read", "files.reader"));
	cr_expect_not(name_is_same("a", ""));
}

Test(name, matches_stars)
{
	cr_expect(name_matches("*", "x"));
	cr_expect(name_matches("web.*", "web.get"));
	cr_expect(name_matches("*a*b", "xxabab"));
	cr_expect_not(name_matches("web.*", "webget"));
	cr_expect_not(name_matches("a", "ab"));
	cr_expect_not(name_matches("", "a"));
}
