// SPDX-License-Identifier: Apache-2.0
/* policy_regex.c - anchored where asked for, whole characters, and never for ever. */
#include <criterion/criterion.h>

#include "sandbox/base/slice.h"
#include "sandbox/policy/schema/regex.h"

static int matches(const char *pattern, enum regex_anchor anchor, const char *text)
{
	struct regex *regex = NULL;
	struct cordon_err err = { .code = 0 };
	int rc;

	cr_assert_eq(regex_compile(slice_of(pattern), anchor, &regex, &err), 0, "%s", err.text);
	rc = regex_matches(regex, slice_of(text), &err);
	regex_free(regex);
	return rc;
}

Test(regex, anchors_both_ends_of_every_alternative)
{
	cr_expect_eq(matches("a|b", REGEX_WHOLE, "b"), 1);
	cr_expect_eq(matches("a|b", REGEX_WHOLE, "ab"), 0);
	cr_expect_eq(matches("a", REGEX_WHOLE, "a\n"), 0);
	cr_expect_eq(matches("a|b", REGEX_ANYWHERE, "xbx"), 1);
	cr_expect_eq(matches(".", REGEX_WHOLE, "\xf0\x9f\x98\x80"), 1);
	cr_expect_eq(matches("^\\d+$", REGEX_ANYWHERE, "\xd9\xa3"), 0, "digits are ASCII");
}

Test(regex, refuses_a_text_that_would_take_too_long, .timeout = 10)
{
	char text[600];

	memset(text, 'a', sizeof(text) - 2);
	memcpy(text + sizeof(text) - 2, "!", 2);
	cr_expect_eq(matches("(a+)+", REGEX_WHOLE, text), CORDON_ELIMIT);
}

Test(regex, refuses_what_is_no_pattern)
{
	const char *const unsound[] = { "(", "[a", "a{2,1}", "\\C", "(?<x", "*" };
	struct regex *regex = NULL;
	struct cordon_err err = { .code = 0 };
	char big[REGEX_MAX + 2];

	for (size_t i = 0; i < ARRAY_LEN(unsound); i++)
		cr_expect_eq(regex_compile(slice_of(unsound[i]), REGEX_WHOLE, &regex, &err), CORDON_ECONFIG, "%s",
			     unsound[i]);
	memset(big, 'a', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	cr_expect_eq(regex_compile(slice_of(big), REGEX_WHOLE, &regex, &err), CORDON_ECONFIG);
}
