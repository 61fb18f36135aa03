// SPDX-License-Identifier: Apache-2.0
/*
 * audit_log.c - a write that fails leaves nothing behind and stops the log.
 */
#include "tests/unit/audit_vector.h"

#include <sys/resource.h>

TestSuite(log, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

static const char *const not_records[] = { "", "{", "}", "[]", "null", "{} ", " {}", "{}\n" };

Test(log, what_is_no_object_is_refused_and_the_log_goes_on)
{
	struct log *log;
	uint64_t index = 77;

	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	for (size_t i = 0; i < ARRAY_LEN(not_records); i++)
		cr_expect_eq(log_stage(log, slice_of(not_records[i]), &index, NULL), CORDON_EINVAL, "row %zu", i);
	cr_expect_eq(index, 77);
	cr_expect_eq(log->batch_count, 0);
	cr_assert_eq(log_stage(log, SLICE("{}"), &index, NULL), 0);
	cr_assert_eq(log_commit(log, NULL), 0);
	cr_expect_eq(log->size, 5, "with the boot record");
	log_close(log);
}

/* RLIMIT_FSIZE cuts a write in the middle, as a full disk does. */
Test(log, a_write_cut_in_the_middle_is_taken_back)
{
	struct rlimit limit = { 0 };
	struct cordon_err err = { 0 };
	struct log *log;
	uint64_t index, bytes;

	signal(SIGXFSZ, SIG_IGN);
	vector_make(scratch_log, 3);
	log = vector_open(scratch_log);
	cr_assert_eq(log_stage(log, SLICE("{\"n\":1}"), &index, NULL), 0);
	cr_assert_eq(log_commit(log, NULL), 0);
	bytes = log->wal_bytes;
	cr_assert_eq(log_stage(log, SLICE("{\"n\":2}"), &index, NULL), 0);
	cr_assert_eq(log_stage(log, SLICE("{\"n\":3}"), &index, NULL), 0);
	limit.rlim_max = RLIM_INFINITY;
	limit.rlim_cur = bytes + 20;
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
	cr_expect_eq(log_commit(log, &err), CORDON_ESYS);
	cr_expect_eq(err.os_errno, EFBIG);
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	cr_expect(log->failed);
	cr_expect_eq(log_stage(log, SLICE("{\"n\":4}"), &index, &err), CORDON_ESYS, "it stays closed");
	cr_expect_eq(log_commit(log, &err), CORDON_ESYS);
	log_close(log);
	log = vector_open(scratch_log);
	cr_expect_eq(log->size, 5);
	cr_expect_eq(log->torn_bytes, 0);
	cr_expect_eq(log->wal_bytes, bytes);
	log_close(log);
	cr_expect(scratch_verify(scratch_log).intact);
}

Test(log, an_error_comes_with_its_remedy)
{
	struct log log = { 0 };
	struct cordon_err err = { .code = CORDON_ESYS, .os_errno = ENOSPC, .text = "cannot write" };

	cr_expect_eq(log_fail(&log, CORDON_ESYS, &err), CORDON_ESYS);
	cr_expect_str_eq(err.text, "cannot write (free some space on its disk)");
	cr_expect_eq(err.os_errno, ENOSPC);
	cr_expect(log.failed);
}
