// SPDX-License-Identifier: Apache-2.0
/*
 * audit_wal.c - frames: what is whole, what a crash cut short, and what somebody changed.
 */
#include "tests/unit/audit_scratch.h"

#include "sandbox/audit/wal.h"

TestSuite(wal, .init = scratch_make, .fini = scratch_drop);

static struct buf three(void)
{
	struct buf frames = { 0 };

	buf_init(&frames, 1000);
	cr_assert_eq(wal_add(&frames, SLICE("{\"a\":1}"), NULL), 0);
	cr_assert_eq(wal_add(&frames, SLICE("{\"b\":22}"), NULL), 0);
	cr_assert_eq(wal_add(&frames, SLICE("{\"c\":333}"), NULL), 0);
	return frames;
}

/* Frames taken until something else comes, which goes to *last. */
static size_t take_all(struct cordon_slice frames, enum wal_next *last)
{
	struct cordon_slice entry;
	size_t count = 0;

	while ((*last = wal_next(&frames, &entry)) == WAL_ENTRY)
		count++;
	return count;
}

Test(wal, the_checksum_is_crc32c)
{
	char zeros[32] = { 0 };

	cr_expect_eq(wal_crc32c(SLICE("123456789")), 0xe3069283);
	cr_expect_eq(wal_crc32c(SLICE("")), 0);
	cr_expect_eq(wal_crc32c((struct cordon_slice){ zeros, 32 }), 0x8a9136aa, "RFC 3720, B.4");
}

Test(wal, a_frame_is_checksum_length_and_entry)
{
	cleanup_buf struct buf frames = { 0 };

	buf_init(&frames, 100);
	cr_assert_eq(wal_add(&frames, SLICE("123456789"), NULL), 0);
	cr_assert_eq(frames.len, 15);
	cr_assert_arr_eq(frames.data + 4, "\0\011123456789", 11);
	cr_assert_eq((unsigned char)frames.data[0], wal_crc32c((struct cordon_slice){ frames.data + 4, 11 }) >> 24);
}

Test(wal, what_was_added_comes_back)
{
	cleanup_buf struct buf frames = three();
	struct cordon_slice rest = buf_slice(&frames);
	struct cordon_slice entry;

	cr_assert_eq(wal_next(&rest, &entry), WAL_ENTRY);
	cr_expect(slice_is(entry, "{\"a\":1}"));
	cr_assert_eq(wal_next(&rest, &entry), WAL_ENTRY);
	cr_expect(slice_is(entry, "{\"b\":22}"));
	cr_assert_eq(wal_next(&rest, &entry), WAL_ENTRY);
	cr_expect(slice_is(entry, "{\"c\":333}"));
	cr_assert_eq(wal_next(&rest, &entry), WAL_END);
}

Test(wal, a_cut_at_any_byte_leaves_whole_frames_and_a_torn_end)
{
	cleanup_buf struct buf frames = three();
	const size_t ends[] = { 0, 13, 27, 42 };

	cr_assert_eq(frames.len, ends[3]);
	for (size_t len = 0; len <= frames.len; len++) {
		enum wal_next last;
		size_t count = take_all((struct cordon_slice){ frames.data, len }, &last);

		cr_expect_leq(ends[count], len);
		cr_expect_eq(last, ends[count] == len ? WAL_END : WAL_TORN, "cut at %zu", len);
		cr_expect(count == 3 || ends[count + 1] > len);
	}
}

Test(wal, a_flipped_bit_never_reads_as_whole_and_is_damage_where_more_follows)
{
	cleanup_buf struct buf frames = three();

	for (size_t bit = 0; bit < 8 * frames.len; bit++) {
		enum wal_next last;
		size_t count;

		frames.data[bit / 8] = (char)(frames.data[bit / 8] ^ (1 << bit % 8));
		count = take_all(buf_slice(&frames), &last);
		frames.data[bit / 8] = (char)(frames.data[bit / 8] ^ (1 << bit % 8));
		cr_expect_eq(count, bit / 8 < 13 ? 0 : bit / 8 < 27 ? 1 : 2);
		cr_expect_eq(last, bit / 8 < 27 ? WAL_BAD : WAL_TORN, "bit %zu", bit);
	}
}

Test(wal, zeros_that_a_crash_left_are_a_torn_end)
{
	cleanup_buf struct buf frames = three();
	char zeros[100] = { 0 };
	enum wal_next last;

	cr_assert_eq(buf_add(&frames, (struct cordon_slice){ zeros, 6 }, NULL), 0);
	cr_expect_eq(take_all(buf_slice(&frames), &last), 3);
	cr_expect_eq(last, WAL_TORN);
}

Test(wal, an_entry_beyond_the_format_is_refused)
{
	cleanup_buf struct buf frames = { 0 };
	char *bytes = calloc(1, 65536);

	buf_init(&frames, 1 << 20);
	cr_expect_eq(wal_add(&frames, (struct cordon_slice){ bytes, 65536 }, NULL), CORDON_ELIMIT);
	cr_expect_eq(frames.len, 0);
	cr_expect_eq(wal_add(&frames, (struct cordon_slice){ bytes, 65535 }, NULL), 0);
	free(bytes);
}

Test(wal, files_are_listed_in_order_and_strangers_are_not)
{
	uint64_t first[WAL_FILES_MAX];
	int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	cr_assert_eq(scratch_shell("cd %s && touch wal-100 wal-9 wal-0 wal-007 wal-x wal- wal-1.tmp wall-5", scratch),
		     0);
	cr_assert_eq(wal_list(folder, first, NULL), 3);
	cr_expect_eq(first[0], 0);
	cr_expect_eq(first[1], 9);
	cr_expect_eq(first[2], 100);
	close(folder);
}
