// SPDX-License-Identifier: Apache-2.0
/*
 * base_parse.c - numbers, sizes, times and rates: the whole text is the value, or it is an error that shows a right one.
 */
#include "sandbox/base/parse.h"

#include "tests/unit/base_scratch.h"

TestSuite(parse, .init = scratch_make, .fini = scratch_drop);

#define UNTOUCHED 77

Test(parse, whole_numbers_to_the_last)
{
	static const struct {
		const char *text;
		uint64_t value;
	} right[] = { { "0", 0 }, { "1", 1 }, { "42", 42 }, { "18446744073709551615", UINT64_MAX } };
	static const char *const wrong[] = { "",
					     "00",
					     "01",
					     "-1",
					     "+1",
					     " 1",
					     "1 ",
					     "1.",
					     "1e3",
					     "0x10",
					     "1_000",
					     "abc",
					     "18446744073709551616",
					     "99999999999999999999999" };
	uint64_t value = UNTOUCHED;

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		cr_expect_eq(parse_u64(slice_of(right[i].text), &value, NULL), 0, "%s", right[i].text);
		cr_expect_eq(value, right[i].value);
	}
	value = UNTOUCHED;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct cordon_err err = { 0 };

		cr_expect_eq(parse_u64(slice_of(wrong[i]), &value, &err), CORDON_EINVAL, "'%s'", wrong[i]);
		cr_expect_neq(err.text[0], '\0');
	}
	cr_expect_eq(parse_u64(SLICE("1\0"), &value, NULL), CORDON_EINVAL);
	cr_expect_eq(value, UNTOUCHED);
}

Test(parse, all_of_int64)
{
	static const struct {
		const char *text;
		int64_t value;
	} right[] = {
		{ "0", 0 }, { "-1", -1 }, { "9223372036854775807", INT64_MAX }, { "-9223372036854775808", INT64_MIN }
	};
	static const char *const wrong[] = {
		"", "-", "--1", "+1", "- 1", "-01", "9223372036854775808", "-9223372036854775809"
	};
	int64_t value = UNTOUCHED;

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		cr_expect_eq(parse_i64(slice_of(right[i].text), &value, NULL), 0, "%s", right[i].text);
		cr_expect_eq(value, right[i].value);
	}
	value = UNTOUCHED;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		cr_expect_eq(parse_i64(slice_of(wrong[i]), &value, NULL), CORDON_EINVAL, "'%s'", wrong[i]);
	cr_expect_eq(value, UNTOUCHED);
}

Test(parse, sizes_are_powers_of_1024_and_need_a_unit)
{
	static const struct {
		const char *text;
		uint64_t value;
	} right[] = { { "0", 0 },	 { "0K", 0 },	       { "64K", 65536 },
		      { "1M", 1048576 }, { "2G", 2147483648 }, { "17179869183G", 17179869183ULL << 30 } };
	static const char *const wrong[] = { "",     "64",  "K",  "1k",	 "1 M",		 "1MB",
					     "1.5M", "-1M", "1T", "01K", "17179869184G", "99999999999999999999K" };
	struct cordon_err err = { 0 };
	uint64_t value = UNTOUCHED;

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		cr_expect_eq(parse_bytes(slice_of(right[i].text), &value, NULL), 0, "%s", right[i].text);
		cr_expect_eq(value, right[i].value, "%s", right[i].text);
	}
	value = UNTOUCHED;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		cr_expect_eq(parse_bytes(slice_of(wrong[i]), &value, &err), CORDON_EINVAL, "'%s'", wrong[i]);
	cr_expect_eq(value, UNTOUCHED);
	cr_assert_eq(parse_bytes(SLICE("64"), &value, &err), CORDON_EINVAL);
	cr_expect_not_null(strstr(err.text, "as in 64M"));
}

Test(parse, times_need_a_unit)
{
	static const struct {
		const char *text;
		uint64_t value;
	} right[] = { { "250ms", 250 }, { "0s", 0 }, { "10s", 10000 }, { "5m", 300000 }, { "2h", 7200000 } };
	static const char *const wrong[] = {
		"", "0", "10", "s", "1d", "1S", "1 s", "1.5s", "-1s", "1sm", "18446744073709551615s"
	};
	uint64_t value = UNTOUCHED;

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		cr_expect_eq(parse_duration_ms(slice_of(right[i].text), &value, NULL), 0, "%s", right[i].text);
		cr_expect_eq(value, right[i].value, "%s", right[i].text);
	}
	value = UNTOUCHED;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		cr_expect_eq(parse_duration_ms(slice_of(wrong[i]), &value, NULL), CORDON_EINVAL, "'%s'", wrong[i]);
	cr_expect_eq(value, UNTOUCHED);
}

Test(parse, rates_are_calls_in_a_period)
{
	static const struct {
		const char *text;
		struct rate rate;
	} right[] = { { "1/s", { 1, RATE_SECOND } },
		      { "30/min", { 30, RATE_MINUTE } },
		      { "2/h", { 2, RATE_HOUR } },
		      { "9/day", { 9, RATE_DAY } },
		      { "5/session", { 5, RATE_SESSION } } };
	static const char *const wrong[] = { "",
					     "30",
					     "30/",
					     "/min",
					     "0/min",
					     "-1/min",
					     "30/m",
					     "30/sec",
					     "30 /min",
					     "30/min ",
					     "1.5/s",
					     "03/s",
					     "18446744073709551616/s" };
	struct rate rate = { UNTOUCHED, RATE_DAY };

	for (size_t i = 0; i < ARRAY_LEN(right); i++) {
		cr_expect_eq(parse_rate(slice_of(right[i].text), &rate, NULL), 0, "%s", right[i].text);
		cr_expect_eq(rate.max, right[i].rate.max);
		cr_expect_eq(rate.period, right[i].rate.period);
	}
	rate.max = UNTOUCHED;
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		cr_expect_eq(parse_rate(slice_of(wrong[i]), &rate, NULL), CORDON_EINVAL, "'%s'", wrong[i]);
	cr_expect_eq(rate.max, UNTOUCHED);
}

Test(parse, does_not_repeat_ten_megabytes_in_the_error)
{
	struct cordon_err err = { 0 };
	char *text = malloc(10 << 20);
	uint64_t value;

	cr_assert_not_null(text);
	memset(text, '9', 10 << 20);
	cr_expect_eq(parse_u64((struct cordon_slice){ text, 10 << 20 }, &value, &err), CORDON_EINVAL);
	cr_expect_lt(strlen(err.text), 200);
	free(text);
}
