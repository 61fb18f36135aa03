// SPDX-License-Identifier: Apache-2.0
/*
 * audit_verify.c - what was changed is found, and named; what was not is intact.
 */
#include "tests/unit/audit_vector.h"

TestSuite(verify, .init = scratch_make, .fini = scratch_drop, .timeout = 120);

static struct cordon_slice read_file(const char *path)
{
	static char bytes[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t len = fd < 0 ? 0 : read(fd, bytes, sizeof(bytes));

	if (fd >= 0)
		close(fd);
	return (struct cordon_slice){ bytes, len < 0 ? 0 : (size_t)len };
}

/* Flips bit after bit (each `stride`th) of one file; each must be found, and the fault must name the file. */
static void flip_each(const char *file, size_t stride, const char *named)
{
	struct cordon_slice bytes;
	char path[400];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", scratch_log, file);
	bytes = read_file(path);
	cr_assert_gt(bytes.len, 0, "%s", path);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	for (size_t bit = 0; bit < 8 * bytes.len; bit += stride) {
		char flipped = (char)(bytes.data[bit / 8] ^ (1 << bit % 8));
		struct audit_proof proof;

		cr_assert_eq(pwrite(fd, &flipped, 1, (off_t)(bit / 8)), 1);
		proof = scratch_verify(scratch_log);
		cr_expect(!proof.intact, "%s bit %zu", file, bit);
		cr_expect_not_null(strstr(proof.fault, named), "%s bit %zu: %s", file, bit, proof.fault);
		cr_assert_eq(pwrite(fd, &bytes.data[bit / 8], 1, (off_t)(bit / 8)), 1);
	}
	close(fd);
	cr_assert(scratch_verify(scratch_log).intact);
}

/* 5 signed entries of which the last 2 came with the newest checkpoint, and 2 more. */
static void make_small(void)
{
	struct log *log;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	vector_publish(log);
	vector_grow(log, 7);
	log_close(log);
}

Test(verify, a_sound_log_is_intact_and_counted)
{
	struct audit_proof proof;

	make_small();
	proof = scratch_verify(scratch_log);
	cr_assert(proof.intact, "%s", proof.fault);
	cr_expect_eq(proof.size, 7);
	cr_expect_eq(proof.signed_size, 5);
	cr_expect_eq(proof.checked, 7);
	cr_expect_eq(strlen(proof.root), 64);
	cr_expect(slice_starts(slice_of(proof.key), SLICE(VECTOR_NAME "+3a230044+")));
	cr_expect_str_eq(proof.fault, "");
}

Test(verify, a_flipped_bit_of_the_entries_is_found)
{
	make_small();
	flip_each("tile/entries/000.p/5", 1, "tile/entries/000.p/5");
	flip_each("tile/entries/000.p/3", 1, "tile/entries/000.p/3");
}

Test(verify, a_flipped_bit_of_a_tile_is_found)
{
	make_small();
	flip_each("tile/0/000.p/5", 1, "tile/0/000.p/5");
	flip_each("tile/0/000.p/3", 1, "tile/0/000.p/3");
}

Test(verify, a_flipped_bit_of_the_checkpoint_or_the_public_key_is_found)
{
	make_small();
	flip_each("checkpoint", 1, "checkpoint");
	flip_each("vkey", 1, "");
}

Test(verify, a_flipped_bit_of_a_write_ahead_log_is_found_signed_or_not)
{
	make_small();
	flip_each("wal-3", 1, "wal-3");
	flip_each("wal-5", 1, "wal-5");
}

Test(verify, a_flipped_bit_in_a_large_log_is_found)
{
	vector_make(scratch_log, 66000);
	flip_each("tile/entries/000", 4001, "tile/entries/000");
	flip_each("tile/entries/123", 9001, "tile/entries/123");
	flip_each("tile/entries/257.p/208", 9001, "tile/entries/257.p/208");
	flip_each("tile/0/100", 30001, "tile/0/100");
	flip_each("tile/1/000", 30001, "tile/1/000");
	flip_each("tile/1/001.p/1", 50, "tile/1/001.p/1");
	flip_each("tile/2/000.p/1", 50, "tile/2/000.p/1");
}

Test(verify, the_place_of_the_fault_is_named)
{
	struct audit_proof proof;

	vector_make(scratch_log, 57);
	cr_assert_eq(scratch_shell("cd %s && sed -i 's/entry 41/entry 4l/' tile/entries/000.p/57", scratch_log), 0);
	proof = scratch_verify(scratch_log);
	cr_expect(!proof.intact);
	cr_expect_not_null(strstr(proof.fault, "entry 41 in tile/entries/000.p/57: "), "%s", proof.fault);
}

Test(verify, a_write_ahead_log_with_another_story_than_the_signed_one_is_found)
{
	cleanup_buf struct buf frames = { 0 };
	struct audit_proof proof;
	char path[400];
	int fd;

	make_small();
	buf_init(&frames, 1000);
	cr_assert_eq(wal_add(&frames, SLICE("entry 3"), NULL), 0);
	cr_assert_eq(wal_add(&frames, SLICE("entry X"), NULL), 0);
	snprintf(path, sizeof(path), "%s/wal-3", scratch_log);
	fd = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	cr_assert_eq(write(fd, frames.data, frames.len), (ssize_t)frames.len);
	close(fd);
	proof = scratch_verify(scratch_log);
	cr_expect(!proof.intact);
	cr_expect_not_null(strstr(proof.fault, "entry 4 in wal-3"), "%s", proof.fault);
}

static const struct change {
	const char *command;
	const char *named;
} changes[] = {
	{ "rm tile/entries/000.p/5 tile/entries/000.p/3", "tile/entries/000.p/5" },
	{ "rm tile/0/000.p/5", "tile/0/000.p/5" },
	{ "rm wal-5", "wal-5" },
	{ "rm wal-3 wal-5", "wal-5" },
	{ "rm checkpoint", "checkpoint" },
	{ "rm checkpoint wal-3", "checkpoint" },
	{ "truncate -s 13 wal-3", "wal-5" },
	{ "truncate -s 12 wal-3", "wal-3" },
	{ "truncate -s -1 wal-5", "wal-5" },
	{ "truncate -s +1 wal-5", "wal-5" },
	{ "truncate -s +1 tile/0/000.p/5", "tile/0/000.p/5" },
	{ "truncate -s +1 tile/entries/000.p/5", "tile/entries/000.p/5" },
	{ "truncate -s -1 tile/entries/000.p/5", "tile/entries/000.p/5" },
	{ "cp tile/entries/000.p/3 tile/entries/000.p/5", "tile/entries/000.p/5" },
	{ "echo >>checkpoint", "checkpoint" },
	{ ": >checkpoint", "checkpoint" },
	{ ": >vkey", "vkey" },
	{ "rm vkey", "vkey" },
	{ "mv wal-5 wal-6", "wal-6" },
	{ "rm tile/0/000.p/5; mkfifo tile/0/000.p/5", "tile/0/000.p/5" },
	{ "rm checkpoint; ln -s vkey checkpoint", "checkpoint" },
};

Test(verify, what_was_taken_away_or_put_in_is_found)
{
	make_small();
	cr_assert_eq(scratch_shell("cp -a %s %s/keep", scratch_log, scratch), 0);
	for (size_t i = 0; i < ARRAY_LEN(changes); i++) {
		struct audit_proof proof;

		cr_assert_eq(scratch_shell("cd %s && %s", scratch_log, changes[i].command), 0, "%s",
			     changes[i].command);
		proof = scratch_verify(scratch_log);
		cr_expect(!proof.intact, "%s", changes[i].command);
		cr_expect_not_null(strstr(proof.fault, changes[i].named), "%s: %s", changes[i].command, proof.fault);
		cr_assert_eq(scratch_shell("rm -rf %s && cp -a %s/keep %s", scratch_log, scratch, scratch_log), 0);
	}
}

Test(verify, another_key_that_is_given_is_the_one_that_counts)
{
	struct audit_proof proof = { 0 };
	struct cordon_err err = { 0 };

	make_small();
	cr_assert_eq(audit_verify(scratch_log, VECTOR_NAME "+3a230044+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
				  &proof, &err),
		     0);
	cr_expect(proof.intact, "%s", proof.fault);
	cr_assert_eq(audit_verify(scratch_log,
				  "witness.example/w1+0c69d1ea+AW3MVzoex3XhAr6GPxwW3MVzoex3XhAr6GPxwABCDEFG", &proof,
				  &err),
		     0);
	cr_expect(!proof.intact);
}

Test(verify, where_there_is_no_log_nothing_is_proved)
{
	struct audit_proof proof = { 0 };
	struct cordon_err err = { 0 };

	cr_expect_eq(audit_verify("/nonexistent", NULL, &proof, &err), CORDON_ESYS);
	cr_expect_eq(audit_verify(scratch, NULL, &proof, &err), CORDON_EINVAL);
	cr_expect(!proof.intact);
}
