// SPDX-License-Identifier: Apache-2.0
/*
 * audit_reader.c - reading beside a writer that goes on.
 */
#include "tests/unit/audit_vector.h"

TestSuite(reader, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

static void expect_all(struct audit_reader *reader, uint64_t size)
{
	struct cordon_err err = { 0 };

	cr_assert_eq(audit_reader_size(reader, NULL), size);
	for (uint64_t i = 0; i < size; i++) {
		struct cordon_slice record;
		char expected[32];

		snprintf(expected, sizeof(expected), "entry %" PRIu64, i);
		cr_assert_eq(audit_reader_get(reader, i, &record, &err), 0, "%s", err.text);
		cr_assert(slice_is(record, expected), "%" PRIu64, i);
	}
}

Test(reader, every_record_comes_back_from_bundles_and_write_ahead_log)
{
	struct audit_reader *reader = NULL;
	struct cordon_err err = { 0 };
	uint64_t is_signed = 0;
	struct log *log;

	vector_make(scratch_log, 1000);
	log = vector_open(scratch_log);
	vector_grow(log, 1300);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, &err), 0, "%s", err.text);
	expect_all(reader, 1300);
	cr_expect_eq(audit_reader_size(reader, &is_signed), 1300);
	cr_expect_eq(is_signed, 1000);
	audit_reader_close(reader);
	log_close(log);
}

Test(reader, a_reader_goes_on_while_the_log_is_published_twice)
{
	struct audit_reader *reader = NULL;
	struct log *log;

	vector_make(scratch_log, 10);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, NULL), 0);
	log = vector_open(scratch_log);
	vector_grow(log, 100);
	vector_publish(log);
	vector_grow(log, 300);
	vector_publish(log);
	log_close(log);
	expect_all(reader, 10);
	audit_reader_close(reader);
}

Test(reader, a_torn_end_is_not_read_and_not_touched)
{
	struct audit_reader *reader = NULL;
	struct log *log;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	vector_grow(log, 5);
	log_close(log);
	cr_assert_eq(scratch_shell("printf abc >>%s/wal-3 && cp %s/wal-3 %s/keep", scratch_log, scratch_log, scratch),
		     0);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, NULL), 0);
	expect_all(reader, 5);
	audit_reader_close(reader);
	cr_expect_eq(scratch_shell("cmp %s/wal-3 %s/keep", scratch_log, scratch), 0);
}

Test(reader, a_new_folder_has_no_records_and_a_missing_one_is_an_error)
{
	struct audit_reader *reader = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(audit_reader_open(scratch, &reader, &err), 0, "%s", err.text);
	cr_expect_eq(audit_reader_size(reader, NULL), 0);
	audit_reader_close(reader);
	cr_expect_eq(audit_reader_open("/nonexistent", &reader, &err), CORDON_ESYS);
}

static const char *const damages[] = {
	"echo nonsense >checkpoint",
	"mv wal-3 wal-4",
	"sed -i '1s/entry/emtry/' wal-3",
};

Test(reader, damage_is_an_error_that_names_the_place)
{
	struct log *log;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	cr_assert_eq(wal_add(&log->batch, SLICE("{\"entry\":3}"), NULL), 0);
	cr_assert_eq(wal_add(&log->batch, SLICE("{\"entry\":4}"), NULL), 0);
	log->batch_count = 2;
	cr_assert_eq(log_commit(log, NULL), 0);
	log_close(log);
	cr_assert_eq(scratch_shell("cp -a %s %s/keep", scratch_log, scratch), 0);
	for (size_t i = 0; i < ARRAY_LEN(damages); i++) {
		struct audit_reader *reader = NULL;
		struct cordon_err err = { 0 };

		cr_assert_eq(scratch_shell("cd %s && %s", scratch_log, damages[i]), 0);
		cr_expect_eq(audit_reader_open(scratch_log, &reader, &err), CORDON_ECORRUPT, "%s", damages[i]);
		cr_expect_not_null(strstr(err.text, scratch_log), "%s", err.text);
		cr_assert_eq(scratch_shell("rm -r %s && cp -a %s/keep %s", scratch_log, scratch, scratch_log), 0);
	}
}

Test(reader, a_bundle_that_is_cut_short_is_an_error_for_what_it_held)
{
	struct audit_reader *reader = NULL;
	struct cordon_slice record;
	struct cordon_err err = { 0 };

	vector_make(scratch_log, 300);
	cr_assert_eq(scratch_shell("truncate -s -1 %s/tile/entries/000", scratch_log), 0);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, &err), 0);
	cr_expect_eq(audit_reader_get(reader, 299, &record, &err), 0);
	cr_expect_eq(audit_reader_get(reader, 0, &record, &err), CORDON_ECORRUPT);
	cr_expect_not_null(strstr(err.text, "entry 255 in 'tile/entries/000'"), "%s", err.text);
	cr_expect_eq(audit_reader_get(reader, 299, &record, &err), 0, "it goes on");
	audit_reader_close(reader);
}
