// SPDX-License-Identifier: Apache-2.0
/*
 * base_ident.c - ids are random, clocks go forward, and a time is written as RFC 3339 says.
 */
#include "sandbox/base/ident.h"

#include "tests/unit/base_scratch.h"

TestSuite(ident, .init = scratch_make, .fini = scratch_drop);

Test(ident, no_two_of_a_thousand_are_alike)
{
	static char idents[1000][IDENT_TEXT];

	for (size_t i = 0; i < ARRAY_LEN(idents); i++) {
		cr_assert_eq(ident_make(idents[i], NULL), 0);
		cr_assert_eq(strlen(idents[i]), IDENT_TEXT - 1);
		cr_assert_eq(strspn(idents[i], "0123456789abcdef"), IDENT_TEXT - 1);
		for (size_t j = 0; j < i; j++)
			cr_assert_str_neq(idents[i], idents[j]);
	}
}

Test(ident, times_are_written_in_utc_with_milliseconds)
{
	static const struct {
		uint64_t ms;
		const char *text;
	} cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1, "1970-01-01T00:00:00.001Z" },
		{ 951782399999, "2000-02-28T23:59:59.999Z" },
		{ 951782400000, "2000-02-29T00:00:00.000Z" },
		{ 1796090584567, "2026-12-01T02:03:04.567Z" },
		{ 253402300799999, "9999-12-31T23:59:59.999Z" },
	};
	char text[32];

	setenv("TZ", "Asia/Kolkata", 1);
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		clock_rfc3339(cases[i].ms, text);
		cr_expect_str_eq(text, cases[i].text);
	}
}

Test(ident, a_time_past_every_calendar_is_still_a_text)
{
	static const uint64_t late[] = { 253402300800000, UINT64_MAX / 2, UINT64_MAX };
	char text[32];

	for (size_t i = 0; i < ARRAY_LEN(late); i++) {
		memset(text, 'x', sizeof(text));
		clock_rfc3339(late[i], text);
		cr_expect_lt(strnlen(text, sizeof(text)), sizeof(text));
		cr_expect_eq(strspn(text, "0123456789-T:.Z"), strlen(text), "%s", text);
	}
}

Test(ident, clocks_go_forward_and_tell_today)
{
	uint64_t before = clock_monotonic_ns();

	usleep(2000);
	cr_expect_geq(clock_monotonic_ns() - before, 2000000);
	cr_expect_gt(clock_real_ms(), 1767225600000, "before 2026");
	cr_expect_lt(clock_real_ms(), 253402300800000);
}
