// SPDX-License-Identifier: Apache-2.0
/*
 * audit_recover.c - what a start makes, repairs, and refuses.
 */
#include "tests/unit/audit_vector.h"

TestSuite(recover, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

static int folder_of(const char *path)
{
	return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

Test(recover, a_new_log_gets_a_key_of_its_own)
{
	struct audit_proof proof;
	struct stat stat_of_key;
	struct log *log;
	char path[400];

	mkdir(scratch_log, 0700);
	log = vector_open(scratch_log);
	cr_expect(slice_starts(slice_of(log->key.name), SLICE("cordon/")));
	cr_expect_eq(log->size, 0);
	snprintf(path, sizeof(path), "%s/key", scratch_log);
	cr_assert_eq(stat(path, &stat_of_key), 0);
	cr_expect_eq(stat_of_key.st_mode & 0777, 0600);
	vector_grow(log, 1);
	vector_publish(log);
	log_close(log);
	proof = scratch_verify(scratch_log);
	cr_expect(proof.intact, "%s", proof.fault);
}

Test(recover, a_crash_between_the_two_key_files_is_mended)
{
	struct log *log;

	vector_write_key(scratch_log);
	log = vector_open(scratch_log);
	cr_expect_str_eq(log->key.name, VECTOR_NAME);
	log_close(log);
	cr_expect_eq(scratch_shell("grep -qx '" VECTOR_NAME
				   "+3a230044+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4' %s/vkey",
				   scratch_log),
		     0);
}

Test(recover, a_torn_end_is_dropped_with_the_next_commit_and_told_in_the_boot_record)
{
	struct audit_reader *reader = NULL;
	struct cordon_slice record;
	uint64_t index = 0;
	struct log *log;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	log_close(log);
	cr_assert_eq(scratch_shell("printf 'abcdefg' >>%s/wal-3", scratch_log), 0);
	log = vector_open(scratch_log);
	cr_expect_eq(log->size, 5);
	cr_expect_eq(log->torn_bytes, 7);
	cr_assert_eq(log_stage(log, SLICE("{}"), &index, NULL), 0);
	cr_expect_eq(index, 6);
	cr_assert_eq(log_commit(log, NULL), 0);
	log_close(log);
	cr_assert(scratch_verify(scratch_log).intact);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, NULL), 0);
	cr_assert_eq(audit_reader_get(reader, 5, &record, NULL), 0);
	cr_expect_not_null(memmem(record.data, record.len, "\"size\":5,\"signed\":3,\"torn\":7,", 28));
	audit_reader_close(reader);
}

Test(recover, a_torn_end_longer_than_what_is_written_over_it_is_gone_too)
{
	uint64_t index;
	struct log *log;

	vector_make(scratch_log, 3);
	cr_assert_eq(scratch_shell("head -c 50000 /dev/zero | tr '\\0' x >>%s/wal-3", scratch_log), 0);
	log = vector_open(scratch_log);
	cr_expect_eq(log->torn_bytes, 50000);
	cr_assert_eq(log_stage(log, SLICE("{}"), &index, NULL), 0);
	cr_assert_eq(log_commit(log, NULL), 0);
	log_close(log);
	log = vector_open(scratch_log);
	cr_expect_eq(log->size, 5);
	cr_expect_eq(log->torn_bytes, 0);
	log_close(log);
	cr_expect(scratch_verify(scratch_log).intact);
}

Test(recover, a_torn_end_is_dropped_at_every_length)
{
	struct log *log;
	char path[400];
	off_t len;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	len = (off_t)log->wal_bytes;
	log_close(log);
	snprintf(path, sizeof(path), "%s/wal-3", scratch_log);
	for (off_t at = len; at >= 0; at--) {
		cr_assert_eq(truncate(path, at), 0);
		log = vector_open(scratch_log);
		cr_expect_eq(log->size, at == len ? 5 : at >= len / 2 ? 4 : 3);
		cr_expect_eq(log->torn_bytes, (uint64_t)at % ((uint64_t)len / 2));
		log_close(log);
	}
}

Test(recover, a_torn_end_is_settled_before_the_next_write_ahead_log)
{
	struct log *log;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	log_close(log);
	cr_assert_eq(scratch_shell("printf 'abcdefg' >>%s/wal-3", scratch_log), 0);
	log = vector_open(scratch_log);
	vector_publish(log);
	cr_expect_eq(log->size, 6, "the boot record");
	log_close(log);
	cr_expect(scratch_verify(scratch_log).intact);
}

static const struct damage {
	const char *command;
	const char *named;
} damages[] = {
	{ "printf x | dd of=checkpoint conv=notrunc bs=1 seek=30 2>/dev/null", "checkpoint" },
	{ ": >checkpoint", "checkpoint" },
	{ "rm key", "key" },
	{ "rm vkey", "vkey" },
	{ ": >vkey", "vkey" },
	{ "printf x | dd of=tile/0/001.p/44 conv=notrunc bs=1 seek=30 2>/dev/null", "right edge" },
	{ "printf x | dd of=tile/0/000 conv=notrunc bs=1 seek=30 2>/dev/null", "tile/0/000" },
	{ "printf x | dd of=tile/1/000.p/1 conv=notrunc bs=1 seek=30 2>/dev/null", "tile/0/000" },
	{ "printf x | dd of=tile/entries/001.p/44 conv=notrunc bs=1 seek=30 2>/dev/null", "tile/entries/001.p/44" },
	{ "truncate -s 31 tile/0/001.p/44", "tile/0/001.p/44" },
	{ "truncate -s 31 tile/entries/001.p/44", "tile/entries/001.p/44" },
	{ "rm tile/entries/001.p/44", "tile/entries/001.p/44" },
	{ "rm wal-300", "wal-300" },
	{ "mv wal-300 wal-299", "wal-300" },
	{ "rm -r checkpoint tile wal-300", "wal-0" },
	{ "rm checkpoint wal-*", "wal-0" },
};

Test(recover, damage_is_refused_named_and_comes_with_a_remedy)
{
	vector_make(scratch_log, 290);
	vector_make(scratch_log, 300);
	scratch_shell("rm -f %s/wal-0", scratch_log);
	cr_assert_eq(scratch_shell("cp -a %s %s/keep", scratch_log, scratch), 0);
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct cordon_err err = { 0 };
		struct log *log = NULL;

		cr_assert_eq(scratch_shell("cd %s && %s", scratch_log, damages[i].command), 0, "%s",
			     damages[i].command);
		cr_expect_lt(recover_log(folder_of(scratch_log), &log, &err), 0, "%s", damages[i].command);
		cr_expect_not_null(strstr(err.text, damages[i].named), "%s: %s", damages[i].command, err.text);
		cr_expect_not_null(strstr(err.text, "move it away"), "%s: %s", damages[i].command, err.text);
		log_close(log);
		cr_assert_eq(scratch_shell("rm -rf %s && cp -a %s/keep %s", scratch_log, scratch, scratch_log), 0);
	}
	log_close(vector_open(scratch_log));
}

Test(recover, a_damaged_frame_with_records_behind_it_is_never_dropped)
{
	struct cordon_err err = { 0 };
	struct log *log;
	uint64_t index;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	for (int i = 0; i < 3; i++)
		cr_assert_eq(log_stage(log, SLICE("{\"kind\":\"intent\"}"), &index, NULL), 0);
	cr_assert_eq(log_commit(log, NULL), 0);
	log_close(log);
	for (unsigned int at = 0; at < 20; at++) {
		cr_assert_eq(
			scratch_shell("cp %s/wal-3 %s/keep; printf '\\377' | dd of=%s/wal-3 conv=notrunc bs=1 seek=%u "
				      "2>/dev/null",
				      scratch_log, scratch, scratch_log, at),
			0);
		cr_expect_eq(recover_log(folder_of(scratch_log), &log, &err), CORDON_ECORRUPT, "byte %u", at);
		cr_expect_not_null(strstr(err.text, "entry 3"), "%s", err.text);
		cr_assert_eq(scratch_shell("cp %s/keep %s/wal-3", scratch, scratch_log), 0);
	}
}
