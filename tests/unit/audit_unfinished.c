// SPDX-License-Identifier: Apache-2.0
/*
 * audit_unfinished.c - which calls a crash cut short.
 */
#include "tests/unit/audit_vector.h"

TestSuite(unfinished, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

static const char *const records[] = {
	"{\"kind\":\"intent\",\"call\":\"old\"}",
	"{\"kind\":\"intent\",\"call\":\"a\"}",
	"{\"kind\":\"outcome\",\"call\":\"a\"}",
	"{\"kind\":\"intent\",\"call\":\"b\",\"args\":{\"kind\":\"outcome\",\"call\":\"b\"}}",
	"{\"kind\":\"intent\",\"call\":\"c\"}",
	"{\"note\":\"\\\"kind\\\":\\\"outcome\\\",\\\"call\\\":\\\"c\\\"\"}",
	"{\"kind\":\"outcome\",\"call\":\"nobody's\"}",
	"{\"kind\":\"outcome\"}",
	"{\"kind\":\"intent\",\"call\":7}",
	"{\"kind\":\"intent\",\"kind\":\"outcome\",\"call\":\"b\"}",
	"{\"kind\":\"intent\", broken}",
	"{\"kind\":\"intent\",\"call\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"}",
};

static struct audit_reader *open_log(void)
{
	struct audit_reader *reader = NULL;
	struct log *log;

	mkdir(scratch_log, 0700);
	log = vector_open(scratch_log);
	for (size_t i = 0; i < ARRAY_LEN(records); i++) {
		cr_assert_eq(wal_add(&log->batch, slice_of(records[i]), NULL), 0);
		log->batch_count++;
	}
	cr_assert_eq(log_commit(log, NULL), 0);
	log_close(log);
	cr_assert_eq(audit_reader_open(scratch_log, &reader, NULL), 0);
	return reader;
}

Test(unfinished, intents_without_outcome_are_listed_newest_first)
{
	struct audit_unfinished found[10];
	struct audit_reader *reader = open_log();

	cr_assert_eq(audit_unfinished_calls(reader, 100, found, 10, NULL), 3);
	cr_expect_str_eq(found[0].call, "c");
	cr_expect_eq(found[0].index, 4);
	cr_expect_str_eq(found[1].call, "b", "what arguments say is no outcome");
	cr_expect_str_eq(found[2].call, "old");
	audit_reader_close(reader);
}

Test(unfinished, the_look_back_and_the_list_are_bounded)
{
	struct audit_unfinished found[10];
	struct audit_reader *reader = open_log();

	cr_expect_eq(audit_unfinished_calls(reader, ARRAY_LEN(records) - 1, found, 10, NULL), 2);
	cr_expect_eq(audit_unfinished_calls(reader, 100, found, 1, NULL), 1);
	cr_expect_eq(audit_unfinished_calls(reader, 0, found, 10, NULL), 0);
	audit_reader_close(reader);
}
