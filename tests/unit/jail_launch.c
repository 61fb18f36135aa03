// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch.c - the words between supervisor and launcher: what is written is read back, what is not whole is refused.
 */
#include <criterion/criterion.h>
#include <errno.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/jail/launch.h"
#include "sandbox/jail/launch_steps.h"

#define PLAN_NUMBERS 13 /* numbers at the head of a plan, 8 bytes each */
#define AT_VERSION 0
#define AT_RUNG 1
#define AT_MOUNTS 11
#define AT_RULES 12

static struct launch_mount mounts[] = {
	{ LAUNCH_MOUNT_READ, "/usr", "/usr", -1, 0, 0, "" },
	{ LAUNCH_MOUNT_WRITE, "", "/w", 3, 0, 0, "" },
	{ LAUNCH_MOUNT_TMPFS, "", "/tmp", -1, UINT64_MAX, 8192, "" },
	{ LAUNCH_MOUNT_TEXT, "", "/etc/passwd", -1, 0, 0, "root:x\n\xff\xfe" },
};

static struct launch_rule rules[] = { { "/usr", 1U << LAUNCH_ACCESS_READ, -1 }, { "", 1U << LAUNCH_ACCESS_WRITE, 0 } };

static const char *argv[] = { "tool", "", "--x=\n", NULL };
static const char *env[] = { "PATH=/bin", NULL };

static struct launch_plan sample(void)
{
	return (struct launch_plan){ .rung = 1,
				     .flags = LAUNCH_USERNS | LAUNCH_PROC,
				     .inside_uid = 1000,
				     .inside_gid = 1001,
				     .host_uid = UINT32_MAX,
				     .host_gid = 7,
				     .limits = { 64, UINT64_MAX, 256, 5 },
				     .mounts = mounts,
				     .mount_count = ARRAY_LEN(mounts),
				     .rules = rules,
				     .rule_count = ARRAY_LEN(rules),
				     .filter = { "12345678abcdefgh", 16 },
				     .cwd = "/w",
				     .argv = argv,
				     .env = env,
				     .search = "/usr/bin:/bin",
				     .hostname = "cordon" };
}

static void encode(const struct launch_plan *plan, struct buf *out)
{
	struct cordon_err err;

	buf_init(out, LAUNCH_REQUEST_MAX);
	cr_assert_eq(launch_plan_encode(plan, out, &err), 0);
}

static void expect_refused(const char *data, size_t len, const char *what)
{
	struct launch_plan plan = { .rung = 77 };
	struct cordon_err err = { 0 };

	cr_assert_eq(launch_plan_decode((struct cordon_slice){ data, len }, &plan, &err), CORDON_EPROTO, "%s", what);
	cr_assert_eq(plan.rung, 77, "%s: the output was touched", what);
	cr_assert(err.text[0]);
}

Test(launch, a_plan_is_read_as_it_was_written)
{
	struct launch_plan plan = sample();
	struct launch_plan back = { 0 };
	struct buf bytes = { 0 };
	struct buf again = { 0 };

	encode(&plan, &bytes);
	cr_assert_eq(launch_plan_decode(buf_slice(&bytes), &back, NULL), 0);
	cr_assert_eq(back.rung, 1);
	cr_assert_eq(back.host_uid, UINT32_MAX);
	cr_assert_eq(back.limits.file_bytes, UINT64_MAX);
	cr_assert_eq(back.mount_count, ARRAY_LEN(mounts));
	cr_assert_eq(back.mounts[1].object, 3);
	cr_assert_eq(back.mounts[0].object, -1);
	cr_assert_str_eq(back.mounts[3].text, mounts[3].text);
	cr_assert_str_eq(back.rules[0].path, "/usr");
	cr_assert_str_eq(back.argv[1], "");
	cr_assert_str_eq(back.argv[2], "--x=\n");
	cr_assert_null(back.argv[3]);
	cr_assert_null(back.env[1]);
	encode(&back, &again);
	cr_assert(slice_equal(buf_slice(&bytes), buf_slice(&again)));
	launch_plan_release(&back);
	buf_release(&bytes);
	buf_release(&again);
}

Test(launch, a_plan_cut_anywhere_is_refused)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };

	encode(&plan, &bytes);
	for (size_t len = 0; len < bytes.len; len++) {
		char *cut = malloc(len ? len : 1); /* of its own size, so that a read past the end is seen */

		cr_assert(cut);
		memcpy(cut, bytes.data, len);
		expect_refused(cut, len, "a cut plan");
		free(cut);
	}
	buf_release(&bytes);
}

Test(launch, a_plan_with_more_behind_it_is_refused)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };

	encode(&plan, &bytes);
	cr_assert_eq(buf_add(&bytes, SLICE("\0"), NULL), 0);
	expect_refused(bytes.data, bytes.len, "a byte more");
	buf_release(&bytes);
}

/* Sets one of the numbers at the head. */
static void expect_number_refused(size_t at, uint64_t value, const char *what)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };

	encode(&plan, &bytes);
	memcpy(bytes.data + 8 * at, &value, sizeof(value));
	expect_refused(bytes.data, bytes.len, what);
	buf_release(&bytes);
}

Test(launch, numbers_out_of_range_are_refused)
{
	expect_number_refused(AT_VERSION, LAUNCH_VERSION + 1, "another version");
	expect_number_refused(AT_VERSION, 0, "version 0");
	expect_number_refused(AT_RUNG, 4, "a fourth rung");
	expect_number_refused(3, 1ULL << 32, "a uid of 33 bits");
	expect_number_refused(AT_MOUNTS, LAUNCH_MOUNTS_MAX + 1, "too many mounts");
	expect_number_refused(AT_MOUNTS, UINT64_MAX, "mounts that overflow");
	expect_number_refused(AT_MOUNTS, ARRAY_LEN(mounts) + 1, "one mount too many");
	expect_number_refused(AT_RULES, LAUNCH_RULES_MAX + 1, "too many rules");
	expect_number_refused(AT_RULES, UINT64_MAX, "rules that overflow");
	expect_number_refused(PLAN_NUMBERS, LAUNCH_MOUNT_COVER + 1, "a kind of mount that does not exist");
	expect_number_refused(PLAN_NUMBERS + 1, 1001, "an object that cannot be");
	expect_number_refused(PLAN_NUMBERS + 1, (uint64_t)-2, "a negative object");
}

Test(launch, a_target_that_is_not_inside_is_refused)
{
	static const char *const targets[] = { "", "w", "/..", "/../w", "/w/..", "/w/../../x", "/...x/.." };
	struct launch_plan plan = sample();
	struct launch_mount mount = mounts[0];
	struct buf bytes = { 0 };

	plan.mounts = &mount;
	plan.mount_count = 1;
	for (size_t i = 0; i < ARRAY_LEN(targets); i++) {
		mount.target = targets[i];
		encode(&plan, &bytes);
		expect_refused(bytes.data, bytes.len, targets[i]);
		buf_release(&bytes);
	}
	mount.target = "/..w/...";
	encode(&plan, &bytes);
	cr_assert_eq(launch_plan_decode(buf_slice(&bytes), &plan, NULL), 0);
	launch_plan_release(&plan);
	buf_release(&bytes);
}

Test(launch, a_plan_without_a_program_is_refused)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };
	const char *none[] = { NULL };

	plan.argv = none;
	encode(&plan, &bytes);
	expect_refused(bytes.data, bytes.len, "no argv[0]");
	buf_release(&bytes);
}

Test(launch, a_filter_that_is_no_program_is_refused)
{
	static char large[8 * 4097];
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };

	plan.filter.len = 15;
	encode(&plan, &bytes);
	expect_refused(bytes.data, bytes.len, "half an instruction");
	buf_release(&bytes);
	plan.filter = (struct cordon_slice){ large, sizeof(large) };
	encode(&plan, &bytes);
	expect_refused(bytes.data, bytes.len, "more than the kernel takes");
	buf_release(&bytes);
}

Test(launch, a_text_with_a_nul_in_it_is_refused)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };
	char *at;

	encode(&plan, &bytes);
	at = memmem(bytes.data, bytes.len, "cordon", 6);
	cr_assert(at);
	at[2] = '\0';
	expect_refused(bytes.data, bytes.len, "a NUL in the host's name");
	buf_release(&bytes);
}

Test(launch, a_count_of_words_that_memory_could_not_hold_is_refused)
{
	struct launch_plan plan = sample();
	struct buf bytes = { 0 };
	const uint32_t count = UINT32_MAX;
	char *at;

	encode(&plan, &bytes);
	at = memmem(bytes.data, bytes.len, "cordon\3\0\0\0", 10);
	cr_assert(at, "argv's count stands behind the host's name");
	memcpy(at + 6, &count, sizeof(count));
	expect_refused(bytes.data, bytes.len, "four thousand million words");
	buf_release(&bytes);
}

Test(launch, releasing_nothing_is_allowed)
{
	struct launch_plan plan = { 0 };

	launch_plan_release(&plan);
	launch_plan_release(&plan);
	cr_assert_null(plan.mounts);
}

Test(launch, a_report_is_read_as_it_was_written_and_refused_when_cut)
{
	struct launch_report report = { .wait_status = -3,
					.exec_errno = ENOEXEC,
					.user_us = UINT64_MAX,
					.system_us = 2,
					.max_rss_kb = 3,
					.seccomp_killed = 1,
					.denial_count = LAUNCH_DENIALS_MAX };
	struct launch_report back = { 0 };
	struct buf bytes = { 0 };

	for (uint32_t i = 0; i < LAUNCH_DENIALS_MAX; i++)
		report.denials[i] = (struct launch_denial){ i, UINT32_MAX - i, { i, 1, 2, 3, 4, UINT64_MAX } };
	buf_init(&bytes, LAUNCH_REQUEST_MAX);
	cr_assert_eq(launch_report_encode(&report, &bytes, NULL), 0);
	cr_assert_eq(launch_report_decode(buf_slice(&bytes), &back, NULL), 0);
	cr_assert_eq(memcmp(&report, &back, sizeof(report)), 0);
	for (size_t len = 0; len < bytes.len; len++)
		cr_assert_eq(launch_report_decode((struct cordon_slice){ bytes.data, len }, &back, NULL),
			     CORDON_EPROTO);
	bytes.data[6 * 8]++; /* one denial more than there is room for */
	cr_assert_eq(launch_report_decode(buf_slice(&bytes), &back, NULL), CORDON_EPROTO);
	buf_release(&bytes);
}

Test(launch, a_failure_is_read_as_it_was_written_and_refused_when_cut)
{
	char subject[] = "/a path";
	struct launch_failure failure = { LAUNCH_STEP_OPEN_BINDS, EINVAL, subject };
	struct launch_failure back = { 0 };
	struct buf bytes = { 0 };

	buf_init(&bytes, LAUNCH_REQUEST_MAX);
	cr_assert_eq(launch_failure_encode(&failure, &bytes, NULL), 0);
	cr_assert_eq(launch_failure_decode(buf_slice(&bytes), &back, NULL), 0);
	cr_assert_eq(back.step, failure.step);
	cr_assert_eq(back.os_errno, EINVAL);
	cr_assert_str_eq(back.subject, subject);
	free(back.subject);
	for (size_t len = 0; len < bytes.len; len++)
		cr_assert_eq(launch_failure_decode((struct cordon_slice){ bytes.data, len }, &back, NULL),
			     CORDON_EPROTO);
	buf_release(&bytes);
}

Test(launch, every_step_has_a_name_of_its_own)
{
	for (uint32_t i = 0; i < LAUNCH_STEP_COUNT; i++)
		for (uint32_t j = 0; j < i; j++)
			cr_assert_str_neq(launch_step_name(i), launch_step_name(j));
	cr_assert_str_eq(launch_step_name(LAUNCH_STEP_COUNT), "unknown step");
	cr_assert_str_eq(launch_step_name(UINT32_MAX), "unknown step");
	cr_assert_leq(LAUNCH_STEP_COUNT, LAUNCH_STEPS_MAX);
}
