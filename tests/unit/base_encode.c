// SPDX-License-Identifier: Apache-2.0
/*
 * base_encode.c - hex and base64: what is written reads back, and what is not canonical is refused and leaves nothing.
 */
#include "sandbox/base/encode.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/base/slice.h"

#define ROOM 4096

typedef int coder(struct buf *, struct cordon_slice, struct cordon_err *);

static const struct {
	const char *plain;
	const char *coded;
} rfc4648[] = { { "", "" },
		{ "f", "Zg==" },
		{ "fo", "Zm8=" },
		{ "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" },
		{ "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" } };

/* The coder must refuse text, say so, and leave the buffer as it was. */
static void refused(coder *decode, struct cordon_slice text)
{
	cleanup_buf struct buf out = { 0 };
	struct cordon_err err = { 0 };

	buf_init(&out, ROOM);
	cr_assert_eq(buf_add_text(&out, "kept", NULL), 0);
	cr_expect_eq(decode(&out, text, &err), CORDON_EINVAL, "'%s' was taken", text.data);
	cr_expect_neq(err.text[0], '\0');
	cr_expect_str_eq(buf_text(&out), "kept");
	cr_expect_eq(out.len, 4);
}

Test(encode, writes_and_reads_the_vectors_of_rfc_4648)
{
	for (size_t i = 0; i < ARRAY_LEN(rfc4648); i++) {
		cleanup_buf struct buf coded = { 0 };
		cleanup_buf struct buf plain = { 0 };

		buf_init(&coded, ROOM);
		buf_init(&plain, ROOM);
		cr_assert_eq(encode_base64(&coded, slice_of(rfc4648[i].plain), NULL), 0);
		cr_expect_str_eq(buf_text(&coded), rfc4648[i].coded);
		cr_assert_eq(decode_base64(&plain, buf_slice(&coded), NULL), 0);
		cr_expect_str_eq(buf_text(&plain), rfc4648[i].plain);
	}
}

Test(encode, reads_back_every_byte)
{
	cleanup_buf struct buf hex = { 0 };
	cleanup_buf struct buf base64 = { 0 };
	cleanup_buf struct buf out = { 0 };
	char all[256];

	for (size_t i = 0; i < sizeof(all); i++)
		all[i] = (char)i;
	buf_init(&hex, ROOM);
	buf_init(&base64, ROOM);
	buf_init(&out, ROOM);
	cr_assert_eq(encode_hex(&hex, (struct cordon_slice){ all, sizeof(all) }, NULL), 0);
	cr_assert_eq(encode_base64(&base64, (struct cordon_slice){ all, sizeof(all) }, NULL), 0);
	cr_assert_eq(decode_hex(&out, buf_slice(&hex), NULL), 0);
	cr_assert_eq(decode_base64(&out, buf_slice(&base64), NULL), 0);
	cr_assert_eq(out.len, 2 * sizeof(all));
	cr_expect_arr_eq(out.data, all, sizeof(all));
	cr_expect_arr_eq(out.data + sizeof(all), all, sizeof(all));
}

Test(encode, base64url_has_its_own_letters_and_no_padding)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, ROOM);
	cr_assert_eq(encode_base64url(&out, SLICE("\xff\xef\xfe\xff"), NULL), 0);
	cr_expect_str_eq(buf_text(&out), "_-_-_w");
}

Test(encode, hex_takes_both_cases)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, ROOM);
	cr_assert_eq(decode_hex(&out, SLICE("4a4B"), NULL), 0);
	cr_expect_str_eq(buf_text(&out), "JK");
}

Test(encode, refuses_what_is_no_hex)
{
	static const char *const wrong[] = { "0", "zz", "g0", "0g", "00zz", "0x41", " 41 ", "\xc3\xa9" };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		refused(decode_hex, slice_of(wrong[i]));
	refused(decode_hex, SLICE("41\0\0"));
}

Test(encode, refuses_base64_that_is_not_canonical)
{
	static const char *const wrong[] = { "Z",    "Zg",	 "Zg=",	 "Zh==",      "Zm9=", "====",
					     "Z===", "Zg==Zg==", "Zm 9", "Zm9v\n...", "_-_-", "Zm9v====" };

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		refused(decode_base64, slice_of(wrong[i]));
	refused(decode_base64, SLICE("Zm\0v"));
}

Test(encode, stops_at_the_limit_of_the_buffer)
{
	cleanup_buf struct buf out = { 0 };
	struct cordon_err err = { 0 };

	buf_init(&out, 5);
	cr_expect_eq(encode_hex(&out, SLICE("abc"), &err), CORDON_ELIMIT);
	cr_expect_eq(out.len, 0);
	cr_expect_neq(err.text[0], '\0');
}
