// SPDX-License-Identifier: Apache-2.0
/*
 * audit_publish.c - published files, byte for byte against those of another implementation (golang.org/x/mod and
 * transparency-dev's tile writer), and what a publication leaves and takes away.
 */
#include "tests/unit/audit_vector.h"

TestSuite(publish, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

static const struct file {
	uint64_t size;
	const char *path;
	const char *first; /* of the file's SHA-256, in hex */
	const char *last;
} files[] = {
	{ 257, "tile/0/000", "b0f6ca2f", "605e" },
	{ 257, "tile/entries/000", "c378282c", "2ff1" },
	{ 70000, "tile/2/000.p/1", "7e27fb89", "3e76" },
};

static void expect_file(const struct file *file)
{
	cleanup_buf struct buf bytes = { 0 };
	char path[400];
	char hex[2 * DIGEST_BYTES + 1];
	struct digest digest;
	int fd;

	snprintf(path, sizeof(path), "%s/%s", scratch_log, file->path);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert_geq(fd, 0, "%s", path);
	buf_init(&bytes, 1 << 24);
	cr_assert_not_null(buf_reserve(&bytes, 1 << 20, NULL));
	bytes.len = (size_t)read(fd, bytes.data, 1 << 20);
	close(fd);
	seal_hash(buf_slice(&bytes), &digest);
	digest_hex(&digest, hex);
	cr_expect(strncmp(hex, file->first, 8) == 0 && strcmp(hex + 60, file->last) == 0, "%s: %s", file->path, hex);
}

Test(publish, files_are_those_of_another_implementation)
{
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		if (i == 0 || files[i].size != files[i - 1].size) {
			scratch_shell("rm -rf %s", scratch_log);
			vector_make(scratch_log, files[i].size);
		}
		expect_file(&files[i]);
	}
}

Test(publish, the_checkpoint_of_257_is_the_vector)
{
	vector_make(scratch_log, 257);
	cr_expect_eq(
		scratch_shell("printf '%%s\\n257\\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\\n\\n\\342\\200\\224 "
			      "%%s OiMARJCOPvt24uBbfdF80roWb3W+7Jh+cveuiKbXMru0IN6GtvAOXBP1gVU6NE4uBDHee+y61JINEt"
			      "SGcjMhg+o83go=\\n' " VECTOR_NAME " " VECTOR_NAME " | cmp - %s/checkpoint",
			      scratch_log),
		0);
}

Test(publish, growing_in_steps_gives_the_same_log_as_at_once)
{
	static const uint64_t sizes[] = { 1, 2, 200, 255, 256, 257, 511, 512, 700, 66000 };
	struct log *log;
	char other[400];

	vector_write_key(scratch_log);
	log = vector_open(scratch_log);
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		struct audit_proof proof;

		vector_grow(log, sizes[i]);
		vector_publish(log);
		proof = scratch_verify(scratch_log);
		cr_assert(proof.intact, "size %" PRIu64 ": %s", sizes[i], proof.fault);
		cr_assert_eq(proof.signed_size, sizes[i]);
	}
	log_close(log);
	snprintf(other, sizeof(other), "%s/other", scratch);
	vector_make(other, 66000);
	/* All that the other has is here too; here is one more partial file a level, of the checkpoint before. */
	cr_expect_eq(scratch_shell(
			     "cd %s && find tile checkpoint -type f | while read -r f; do cmp $f %s/$f || exit 1; done",
			     other, scratch_log),
		     0);
	cr_expect_leq(scratch_shell("exit $(find %s/tile -path '*.p/*' | wc -l)", scratch_log), 8);
}

Test(publish, two_write_ahead_logs_stay_and_no_more)
{
	struct log *log;

	vector_write_key(scratch_log);
	log = vector_open(scratch_log);
	for (uint64_t size = 10; size <= 50; size += 10) {
		vector_grow(log, size);
		vector_publish(log);
	}
	log_close(log);
	cr_expect_eq(scratch_shell("cd %s && test \"$(echo wal-*)\" = 'wal-40 wal-50'", scratch_log), 0);
}

Test(publish, what_a_crash_left_is_taken_away)
{
	struct log *log;

	vector_make(scratch_log, 10);
	cr_assert_eq(scratch_shell("cd %s && touch .checkpoint.0123.tmp tile/entries/000.p/99", scratch_log), 0);
	log = vector_open(scratch_log);
	vector_grow(log, 20);
	vector_publish(log);
	log_close(log);
	cr_expect_eq(scratch_shell("cd %s && ls -A | grep tmp", scratch_log), 1);
	cr_expect_eq(scratch_shell("cd %s && test \"$(ls tile/entries/000.p | sort -n | tr '\\n' ' ')\" = '10 20 '",
				   scratch_log),
		     0);
}

Test(publish, what_a_crash_left_half_written_never_comes_under_a_checkpoint)
{
	struct publish *publish = calloc(1, sizeof(*publish));
	struct cordon_err err = { 0 };
	struct audit_proof proof;
	struct log *log;

	vector_make(scratch_log, 10);
	cr_assert_eq(scratch_shell("cd %s && echo half >tile/entries/000.p/15 && echo half >tile/0/000.p/15",
				   scratch_log),
		     0);
	log = vector_open(scratch_log);
	vector_grow(log, 20);
	publish->log = log;
	cr_assert_eq(publish_begin(publish, &err), 0);
	while (publish->stage != PUBLISH_CLEAN)
		cr_assert_eq(publish_step(publish, &err), 1);
	log_close(log);
	free(publish);
	proof = scratch_verify(scratch_log);
	cr_expect(proof.intact && proof.signed_size == 20, "%s", proof.fault);
}

Test(publish, records_that_come_meanwhile_are_in_the_next_checkpoint)
{
	struct publish *publish = calloc(1, sizeof(*publish));
	struct cordon_err err = { 0 };
	uint64_t size = 300;
	struct log *log;
	int rc;

	vector_write_key(scratch_log);
	log = vector_open(scratch_log);
	vector_grow(log, size);
	publish->log = log;
	rc = publish_begin(publish, &err);
	while (rc >= 0 && publish->stage != PUBLISH_IDLE) {
		vector_grow(log, ++size);
		rc = publish_step(publish, &err);
	}
	cr_assert_eq(rc, 0, "%s", err.text);
	cr_assert_eq(log->signed_size, 300);
	cr_assert(scratch_verify(scratch_log).intact);
	cr_assert_eq(scratch_verify(scratch_log).size, size);
	vector_publish(log);
	cr_assert(scratch_verify(scratch_log).intact);
	cr_assert_eq(scratch_verify(scratch_log).signed_size, size);
	log_close(log);
	free(publish);
}

Test(publish, a_crash_after_any_step_loses_nothing)
{
	for (unsigned int steps = 0; steps < 40; steps++) {
		struct publish *publish = calloc(1, sizeof(*publish));
		struct cordon_err err = { 0 };
		struct audit_proof proof;
		struct log *log;

		scratch_shell("rm -rf %s", scratch_log);
		vector_make(scratch_log, 250);
		log = vector_open(scratch_log);
		vector_grow(log, 520);
		publish->log = log;
		cr_assert_eq(publish_begin(publish, &err), 0);
		for (unsigned int i = 0; i < steps; i++)
			cr_assert_geq(publish_step(publish, &err), 0);
		log_close(log);
		free(publish);
		log = vector_open(scratch_log);
		cr_assert_eq(log->size, 520);
		vector_grow(log, 530);
		proof = scratch_verify(scratch_log);
		cr_assert(proof.intact, "after %u steps: %s", steps, proof.fault);
		vector_publish(log);
		proof = scratch_verify(scratch_log);
		cr_assert(proof.intact && proof.signed_size == 530, "after %u steps: %s", steps, proof.fault);
		log_close(log);
	}
}

Test(publish, another_key_in_the_folder_does_not_sign)
{
	struct publish *publish = calloc(1, sizeof(*publish));
	struct cordon_err err = { 0 };
	struct log *log;
	int rc;

	vector_make(scratch_log, 3);
	cr_assert_eq(scratch_shell("sed -i s/+AQAB/+AQAC/ %s/key", scratch_log), 0);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	publish->log = log;
	rc = publish_begin(publish, &err);
	while (rc >= 0 && publish->stage != PUBLISH_IDLE)
		rc = publish_step(publish, &err);
	cr_expect_eq(rc, CORDON_ECORRUPT);
	cr_expect_not_null(strstr(err.text, "key"), "%s", err.text);
	cr_expect(log->failed);
	log_close(log);
	free(publish);
}
