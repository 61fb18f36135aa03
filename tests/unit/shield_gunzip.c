// SPDX-License-Identifier: Apache-2.0
/*
 * shield_gunzip.c - packed text comes out whole, and a bomb does not go off.
 */
#include "shield/gunzip.h"

#include <criterion/criterion.h>
#include <string.h>
#include <zlib.h>

#include "sandbox/base/slice.h"

/* One member that holds `bytes`. */
static void pack(struct buf *out, struct cordon_slice bytes)
{
	z_stream stream = { 0 };
	size_t room = bytes.len / 2 + 4096;
	char *to = buf_reserve(out, room, NULL);

	cr_assert_not_null(to);
	cr_assert_eq(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY), Z_OK);
	stream.next_in = (Bytef *)(uintptr_t)bytes.data;
	stream.avail_in = (uInt)bytes.len;
	stream.next_out = (Bytef *)to;
	stream.avail_out = (uInt)room;
	cr_assert_eq(deflate(&stream, Z_FINISH), Z_STREAM_END);
	out->len += room - stream.avail_out;
	deflateEnd(&stream);
}

Test(gunzip, members_come_out_one_after_another)
{
	cleanup_buf struct buf packed = { .limit = 65536 };
	cleanup_buf struct buf plain = { .limit = 65536 };

	pack(&packed, SLICE("one "));
	pack(&packed, SLICE("two"));
	cr_assert_eq(gunzip_all(buf_slice(&packed), &plain, NULL), 0);
	cr_assert_str_eq(buf_text(&plain), "one two");
}

Test(gunzip, every_cut_off_beginning_is_an_error)
{
	cleanup_buf struct buf packed = { .limit = 65536 };

	pack(&packed, SLICE("a text that is long enough to be packed, packed, packed, packed"));
	for (size_t len = 0; len < packed.len; len++) {
		cleanup_buf struct buf plain = { .limit = 65536 };

		cr_assert_eq(gunzip_all((struct cordon_slice){ packed.data, len }, &plain, NULL), CORDON_EINVAL, "%zu",
			     len);
	}
}

Test(gunzip, damage_is_an_error)
{
	cleanup_buf struct buf packed = { .limit = 65536 };
	cleanup_buf struct buf plain = { .limit = 65536 };

	pack(&packed, SLICE("checked by its sum"));
	packed.data[packed.len - 6] ^= 1; /* in the CRC */
	cr_assert_eq(gunzip_all(buf_slice(&packed), &plain, NULL), CORDON_EINVAL);
}

Test(gunzip, a_bomb_is_refused_early_and_the_limit_holds)
{
	cleanup_free char *zeros = calloc(1, 8 << 20);
	cleanup_buf struct buf packed = { .limit = 16 << 20 };
	cleanup_buf struct buf plain = { .limit = 64 << 20 };
	cleanup_buf struct buf little = { .limit = 1000 };

	pack(&packed, (struct cordon_slice){ zeros, 8 << 20 });
	cr_assert_eq(gunzip_all(buf_slice(&packed), &plain, NULL), CORDON_ELIMIT);
	cr_assert_lt(plain.len, 4u << 20);
	cr_assert_eq(gunzip_all(buf_slice(&packed), &little, NULL), CORDON_ELIMIT);
	cr_assert_leq(little.len, 1000);
}
