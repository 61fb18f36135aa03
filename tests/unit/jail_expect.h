/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail_expect.h - what a run of the real launcher must come to; AS_BOTH() makes one proof four: as root (id-mapped
 * workspace, another host id) and as an ordinary user, with namespaces and without.
 */
#ifndef TESTS_JAIL_EXPECT_H
#define TESTS_JAIL_EXPECT_H

#include "tests/unit/jail_live.h"

static UNUSED void expect_exit(uint32_t rung, const char *const *words, int status)
{
	struct live *live = live_run(rung, words);

	cr_assert_eq(live->report.exec_errno, 0, "exec: errno %d", live->report.exec_errno);
	cr_assert(WIFEXITED(live->report.wait_status), "status %x, printed %s", live->report.wait_status, live->text);
	cr_assert_eq(WEXITSTATUS(live->report.wait_status), status, "status %x, printed %s", live->report.wait_status,
		     live->text);
	live_free(live);
}

static UNUSED void expect_signal(uint32_t rung, const char *const *words, int number)
{
	struct live *live = live_run(rung, words);

	cr_assert(WIFSIGNALED(live->report.wait_status), "status %x, printed %s", live->report.wait_status, live->text);
	cr_assert_eq(WTERMSIG(live->report.wait_status), number);
	live_free(live);
}

static UNUSED void expect_text(uint32_t rung, const char *const *words, const char *text)
{
	struct live *live = live_run(rung, words);

	cr_assert_str_eq(live->text, text);
	live_free(live);
}

static UNUSED void expect_exec_errno(uint32_t rung, const char *const *words, int number)
{
	struct live *live = live_run(rung, words);

	cr_assert_eq(live->report.exec_errno, number, "errno %d", live->report.exec_errno);
	live_free(live);
}

#define AS_BOTH(name)                                                                                                  \
	static void name##_proof(uint32_t rung);                                                                       \
	Test(launcher, name)                                                                                           \
	{                                                                                                              \
		name##_proof(1);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_as_an_ordinary_user)                                                                     \
	{                                                                                                              \
		live_user();                                                                                           \
		name##_proof(1);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_without_namespaces)                                                                      \
	{                                                                                                              \
		name##_proof(3);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_without_namespaces_as_an_ordinary_user)                                                  \
	{                                                                                                              \
		live_user();                                                                                           \
		name##_proof(3);                                                                                       \
	}                                                                                                              \
	static void name##_proof(uint32_t rung)

#endif
