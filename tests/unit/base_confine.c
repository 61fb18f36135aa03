// SPDX-License-Identifier: Apache-2.0
/*
 * base_confine.c - the lock that Cordon's own programs put on themselves, tried from inside: each case is a child that loads
 * it and then does what it may not.
 */
#include "sandbox/base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/unit/base_scratch.h"

TestSuite(confine, .init = scratch_make, .fini = scratch_drop, .timeout = 30);

#define LOCK_FAILED 99

static const struct confine_call enough[] = {
	{ __NR_write, "the answer" },	    { __NR_exit_group, "the end" },	 { __NR_getpid, "the first try" },
	{ __NR_prctl, "asks what it has" }, { __NR_capget, "asks what it has" },
};

typedef int deed(void);

/* As _exit(), before which AddressSanitizer makes a call that is in no table. */
static void leave(int status)
{
	syscall(SYS_exit_group, status);
}

/* The wait status of a child that locks itself in and then does the deed. */
static int locked(deed *what)
{
	int status = 0;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (!pid)
		leave(confine_self(enough, ARRAY_LEN(enough), NULL) ? LOCK_FAILED : what());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

static int nothing(void)
{
	return 7;
}

static int first_and_last_row(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { { 1, 1, 1 }, { 1, 1, 1 } };

	if (syscall(SYS_write, 1, "", 0) < 0 || syscall(SYS_capget, &header, sets) < 0)
		return 1;
	return (sets[0].effective | sets[0].permitted | sets[0].inheritable | sets[1].effective | sets[1].permitted)
		       ? 2
		       : 0;
}

static int privileges(void)
{
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return 1;
	for (unsigned long cap = 0; cap < 40; cap++)
		if (geteuid() == 0 && prctl(PR_CAPBSET_READ, cap, 0, 0, 0) > 0)
			return 2;
	return 0;
}

static int opens_a_file(void)
{
	return (int)syscall(SYS_openat, AT_FDCWD, "/etc/passwd", O_RDONLY);
}

static int makes_a_socket(void)
{
	return (int)syscall(SYS_socket, 2, 1, 0);
}

static int forks(void)
{
	return (int)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
}

static int runs_another_program(void)
{
	char *const args[] = { (char[]){ "sh" }, NULL };

	return (int)syscall(SYS_execve, "/bin/sh", args, NULL);
}

static int calls_an_unknown_number(void)
{
	return (int)syscall(5000);
}

#ifdef __x86_64__
static int calls_by_x32(void)
{
	return (int)syscall(0x40000000 | SYS_getpid);
}

static int calls_by_i386(void)
{
	long result;

	__asm__ volatile("int $0x80" : "=a"(result) : "a"(20L /* getpid */) : "memory");
	return (int)result;
}
#endif

Test(confine, what_is_in_the_table_works)
{
	cr_expect_eq(locked(nothing), 7 << 8);
	cr_expect_eq(locked(first_and_last_row), 0);
}

/* Some kernels have no table for i386: they answer the call itself with a signal, and there is nothing to forbid. */
static bool is_made_here(deed *what)
{
#ifdef __x86_64__
	pid_t pid;
	int status;

	if (what != calls_by_i386)
		return true;
	pid = fork();
	if (pid == 0)
		_exit(what() < 0);
	waitpid(pid, &status, 0);
	return WIFEXITED(status);
#else
	return what != NULL;
#endif
}

Test(confine, what_is_not_in_it_kills)
{
	static const struct {
		const char *name;
		deed *what;
	} deeds[] = {
		{ "openat", opens_a_file },
		{ "socket", makes_a_socket },
		{ "clone", forks },
		{ "execve", runs_another_program },
		{ "a number of no call", calls_an_unknown_number },
#ifdef __x86_64__
		{ "an allowed call by the x32 table", calls_by_x32 },
		{ "an allowed call by the i386 table", calls_by_i386 },
#endif
	};

	for (size_t i = 0; i < ARRAY_LEN(deeds); i++) {
		int status;

		if (!is_made_here(deeds[i].what))
			continue;
		status = locked(deeds[i].what);

		cr_expect(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS, "%s: status %x", deeds[i].name,
			  (unsigned int)status);
	}
}

static int privileges_status(void)
{
	static const struct confine_call calls[] = {
		{ __NR_prctl, "asks what it has" },
		{ __NR_geteuid, "asks who it is" },
		{ __NR_exit_group, "the end" },
	};
	int status = 0;
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (!pid)
		leave(confine_self(calls, ARRAY_LEN(calls), NULL) ? LOCK_FAILED : privileges());
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	return status;
}

Test(confine, nothing_is_left_to_gain_or_to_dump)
{
	cr_expect_eq(privileges_status(), 0);
}

Test(confine, a_table_that_no_jump_reaches_is_refused_before_anything_is_given_up)
{
	static struct confine_call many[300];
	struct cordon_err err = { 0 };

	cr_expect_eq(confine_self(many, ARRAY_LEN(many), &err), CORDON_ELIMIT);
	cr_expect_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
}

/* The longest table: its first row has the longest jump. */
Test(confine, the_longest_table_holds_from_first_to_last)
{
	static struct confine_call many[120];
	int status = 0;
	pid_t pid;

	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i].number = 4000 + (int)i;
	many[0].number = __NR_getpid;
	many[ARRAY_LEN(many) - 1].number = __NR_exit_group;
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) {
		if (confine_self(many, ARRAY_LEN(many), NULL))
			leave(LOCK_FAILED);
		leave(syscall(SYS_getpid) > 0 ? 0 : 1);
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(status, 0);
}

/* Landlock, in a child: what it may reach of inside/ and of all else, one bit a deed. */
static int reach(void)
{
	int reached = 0;

	reached |= access(at("."), F_OK) == 0 && open(at("inside/f"), O_RDWR | O_CLOEXEC) >= 0 ? 1 : 0;
	reached |= open(at("inside/new"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 ? 2 : 0;
	reached |= open(at("outside/f"), O_RDONLY | O_CLOEXEC) >= 0 ? 4 : 0;
	reached |= open(at("outside/new"), O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0 ? 8 : 0;
	reached |= open(at("inside/link"), O_RDONLY | O_CLOEXEC) >= 0 ? 16 : 0;
	reached |= unlink(at("outside/f")) == 0 ? 32 : 0;
	reached |= open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0 ? 64 : 0;
	return reached;
}

static void make_places(void)
{
	cr_assert_eq(mkdir(at("inside"), 0700), 0);
	cr_assert_eq(mkdir(at("outside"), 0700), 0);
	put("inside/f", SLICE("x"));
	put("outside/f", SLICE("x"));
	cr_assert_eq(symlink("../outside/f", at("inside/link")), 0);
}

static int landlock_version(void)
{
	return (int)syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
}

Test(confine, only_the_folders_named_stay_in_reach)
{
	char inside[PATH_MAX];
	const char *const folders[] = { inside };
	int status = 0;
	pid_t pid;

	snprintf(inside, sizeof(inside), "%.*s/inside", PATH_MAX - 10, scratch);
	make_places();
	if (landlock_version() < 1)
		cr_skip_test("this kernel has no Landlock");
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) {
		int kept = -1;

		if (confine_files(folders, 1, &kept, NULL) || kept != 1)
			leave(LOCK_FAILED);
		leave(reach());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(WEXITSTATUS(status), 1 | 2);
}

Test(confine, no_folder_named_is_none_in_reach)
{
	int status = 0;
	pid_t pid;

	make_places();
	if (landlock_version() < 1)
		cr_skip_test("this kernel has no Landlock");
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) {
		int kept = -1;

		leave(confine_files(NULL, 0, &kept, NULL) ? LOCK_FAILED : reach());
	}
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(confine, a_folder_that_is_missing_is_an_error)
{
	const char *const folders[] = { "/no/such/folder" };
	struct cordon_err err = { 0 };
	int kept = -1;

	if (landlock_version() < 1)
		cr_skip_test("this kernel has no Landlock");
	cr_expect_eq(confine_files(folders, 1, &kept, &err), CORDON_ESYS);
	cr_expect_not_null(strstr(err.text, "/no/such/folder"));
	cr_expect_eq(kept, -1);
}
