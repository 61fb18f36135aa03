// SPDX-License-Identifier: Apache-2.0
/*
 * base_buf.c - growing bytes: the limit holds at every size, and a refused addition changes nothing.
 */
#include "sandbox/base/buf.h"

#include "tests/unit/base_scratch.h"

TestSuite(buf, .init = scratch_make, .fini = scratch_drop);

Test(buf, is_an_empty_text_at_birth)
{
	cleanup_buf struct buf buf = { 0 };

	buf_init(&buf, 10);
	cr_expect_str_eq(buf_text(&buf), "");
	cr_expect_eq(buf_slice(&buf).len, 0);
	cr_expect_not_null(buf_slice(&buf).data);
	cr_assert_eq(buf_add(&buf, (struct cordon_slice){ NULL, 0 }, NULL), 0);
}

Test(buf, takes_exactly_its_limit)
{
	for (size_t limit = 0; limit < 300; limit++) {
		cleanup_buf struct buf buf = { 0 };
		struct cordon_err err = { 0 };

		buf_init(&buf, limit);
		for (size_t i = 0; i < limit; i++)
			cr_assert_eq(buf_add(&buf, SLICE("x"), NULL), 0);
		cr_assert_eq(buf_add(&buf, SLICE("y"), &err), CORDON_ELIMIT);
		cr_assert_eq(err.code, CORDON_ELIMIT);
		cr_assert_eq(buf.len, limit);
		cr_assert_eq(strlen(buf_text(&buf)), limit);
	}
}

Test(buf, leaves_the_content_where_an_addition_is_refused)
{
	cleanup_buf struct buf buf = { 0 };

	buf_init(&buf, 5);
	cr_assert_eq(buf_add_text(&buf, "abc", NULL), 0);
	cr_expect_eq(buf_add_text(&buf, "def", NULL), CORDON_ELIMIT);
	cr_expect_eq(buf_addf(&buf, NULL, "%d", 123), CORDON_ELIMIT);
	cr_expect_null(buf_reserve(&buf, SIZE_MAX, NULL));
	cr_expect_null(buf_reserve(&buf, SIZE_MAX - 2, NULL));
	cr_expect_str_eq(buf_text(&buf), "abc");
	cr_expect_eq(buf_addf(&buf, NULL, "%d", 12), 0);
	cr_expect_str_eq(buf_text(&buf), "abc12");
}

Test(buf, keeps_bytes_of_any_value)
{
	cleanup_buf struct buf buf = { 0 };
	char bytes[256];

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (char)i;
	buf_init(&buf, 100 * sizeof(bytes));
	for (size_t i = 0; i < 100; i++)
		cr_assert_eq(buf_add(&buf, (struct cordon_slice){ bytes, sizeof(bytes) }, NULL), 0);
	for (size_t i = 0; i < 100; i++)
		cr_assert_arr_eq(buf.data + i * sizeof(bytes), bytes, sizeof(bytes));
	cr_expect_eq(buf.data[buf.len], '\0');
}

Test(buf, hands_its_content_over)
{
	cleanup_buf struct buf buf = { 0 };
	cleanup_free char *taken = NULL;
	cleanup_free char *nothing = NULL;

	buf_init(&buf, 10);
	cr_assert_eq(buf_add_text(&buf, "mine", NULL), 0);
	taken = buf_take(&buf);
	cr_expect_str_eq(taken, "mine");
	cr_expect_eq(buf.len, 0);
	nothing = buf_take(&buf);
	cr_expect_str_eq(nothing, "");
	cr_expect_eq(buf_add_text(&buf, "0123456789", NULL), 0, "the limit is lost");
	cr_expect_eq(buf_add_text(&buf, "x", NULL), CORDON_ELIMIT);
}

Test(buf, is_empty_after_clear_and_release)
{
	struct buf buf = { 0 };

	buf_init(&buf, 4);
	buf_clear(&buf);
	cr_assert_eq(buf_add_text(&buf, "abc", NULL), 0);
	buf_clear(&buf);
	cr_expect_str_eq(buf_text(&buf), "");
	cr_assert_eq(buf_add_text(&buf, "defg", NULL), 0);
	buf_release(&buf);
	buf_release(&buf);
	cr_expect_null(buf.data);
}

Test(buf, replaces_each_byte_that_is_none)
{
	static const struct {
		struct cordon_slice raw;
		const char *shown;
	} cases[] = {
		{ { "plain", 5 }, "plain" },
		{ { "a\xff\xfe"
		    "b",
		    4 },
		  "a\xef\xbf\xbd\xef\xbf\xbd"
		  "b" },
		{ { "\xe2\x82", 2 }, "\xef\xbf\xbd\xef\xbf\xbd" },
		{ { "\xed\xa0\x80", 3 }, "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd" },
		{ { "", 0 }, "" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_buf struct buf out = { 0 };

		buf_init(&out, 100);
		cr_assert_eq(buf_add_utf8(&out, cases[i].raw, NULL), 0);
		cr_expect_str_eq(buf_text(&out), cases[i].shown);
	}
}

Test(buf, replacing_keeps_the_limit)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 8);
	cr_expect_eq(buf_add_utf8(&out, SLICE("\xff\xff\xff"), NULL), CORDON_ELIMIT);
	cr_expect_leq(out.len, 8);
}
