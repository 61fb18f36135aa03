// SPDX-License-Identifier: Apache-2.0
/*
 * base_wire.c - the encoding between Cordon's programs: what is written reads back, and no cut or lie reads past the end.
 */
#include "sandbox/base/wire.h"

#include <math.h>

#include "tests/unit/base_scratch.h"

TestSuite(wire, .init = scratch_make, .fini = scratch_drop);

static void write_sample(struct buf *out)
{
	cr_assert_eq(wire_put_u32(out, 0xdeadbeef, NULL), 0);
	cr_assert_eq(wire_put_u64(out, UINT64_MAX - 1, NULL), 0);
	cr_assert_eq(wire_put_f64(out, -0.1, NULL), 0);
	cr_assert_eq(wire_put_bytes(out, SLICE("a\0b"), NULL), 0);
	cr_assert_eq(wire_put_text(out, "text", NULL), 0);
	cr_assert_eq(wire_put_text(out, NULL, NULL), 0);
}

static bool read_sample(struct cordon_slice bytes, bool compare)
{
	struct wire_reader reader = wire_reader_of(bytes);
	uint32_t word = wire_get_u32(&reader);
	uint64_t number = wire_get_u64(&reader);
	double real = wire_get_f64(&reader);
	struct cordon_slice raw = wire_get_bytes(&reader);
	cleanup_free char *text = wire_get_text(&reader);
	cleanup_free char *empty = wire_get_text(&reader);

	if (compare) {
		cr_expect_eq(word, 0xdeadbeef);
		cr_expect_eq(number, UINT64_MAX - 1);
		cr_expect_eq(fabs(real + 0.1), 0);
		cr_expect(slice_equal(raw, SLICE("a\0b")));
		cr_expect_str_eq(text, "text");
		cr_expect_str_eq(empty, "");
	}
	return wire_done(&reader);
}

Test(wire, reads_back_what_was_written)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 1000);
	write_sample(&out);
	cr_expect(read_sample(buf_slice(&out), true));
}

Test(wire, is_little_endian)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 100);
	cr_assert_eq(wire_put_u32(&out, 1, NULL), 0);
	cr_assert_eq(wire_put_u64(&out, 2, NULL), 0);
	cr_assert_eq(wire_put_text(&out, "x", NULL), 0);
	cr_expect(slice_equal(buf_slice(&out), SLICE("\1\0\0\0\2\0\0\0\0\0\0\0\1\0\0\0x")));
}

Test(wire, every_cut_and_every_extra_byte_is_found)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 1000);
	write_sample(&out);
	for (size_t len = 0; len < out.len; len++) {
		/* A copy of exactly len bytes, so that a sanitizer sees a read past it. */
		cleanup_free char *cut = malloc(len + 1);

		memcpy(cut, out.data, len);
		cr_expect_not(read_sample((struct cordon_slice){ cut, len }, false), "cut at %zu", len);
	}
	cr_assert_eq(buf_add(&out, SLICE("x"), NULL), 0);
	cr_expect_not(read_sample(buf_slice(&out), false));
}

Test(wire, a_length_that_lies_gives_nothing_and_stays_bad)
{
	struct wire_reader reader = wire_reader_of(SLICE("\xff\xff\xff\xff"
							 "abcdefgh"));
	struct cordon_slice bytes = wire_get_bytes(&reader);

	cr_expect_eq(bytes.len, 0);
	cr_expect(reader.bad);
	cr_expect_eq(wire_get_u32(&reader), 0, "a bad reader gives zeros");
	cr_expect_eq(wire_get_u64(&reader), 0);
	cr_expect_null(wire_get_text(&reader));
	cr_expect_not(wire_done(&reader));
}

Test(wire, a_text_with_nul_in_it_is_bad)
{
	struct wire_reader reader = wire_reader_of(SLICE("\3\0\0\0a\0b"));

	cr_expect_null(wire_get_text(&reader));
	cr_expect_not(wire_done(&reader));
}

Test(wire, an_empty_message_is_done_at_once)
{
	struct wire_reader reader = wire_reader_of((struct cordon_slice){ NULL, 0 });

	cr_expect(wire_done(&reader));
	cr_expect_eq(wire_get_u32(&reader), 0);
	cr_expect_not(wire_done(&reader));
}

Test(wire, writers_keep_the_limit)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 6);
	cr_expect_eq(wire_put_u64(&out, 1, NULL), CORDON_ELIMIT);
	cr_expect_eq(wire_put_text(&out, "abc", NULL), CORDON_ELIMIT);
	cr_expect_eq(wire_put_bytes(&out, (struct cordon_slice){ "", (size_t)UINT32_MAX + 1 }, NULL), CORDON_ELIMIT);
}
