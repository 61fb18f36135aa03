// SPDX-License-Identifier: Apache-2.0
/*
 * jail_probe.c - the probe tells what this machine really does, leaves nothing, and names the known cases.
 */
#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <grp.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/ident.h"
#include "sandbox/jail/doctor.h"

static struct jail_machine machine;
static struct cordon_err err;

static void probe(void)
{
	cr_assert_eq(jail_probe(&machine, &err), 0, "%s", err.text);
}

static void become_user(void)
{
	if (geteuid() == 0)
		cr_assert(setgroups(0, NULL) == 0 && setgid(65534) == 0 && setuid(65534) == 0);
}

static int count_in(const char *path)
{
	cleanup_dir DIR *folder = opendir(path);
	int count = 0;

	while (readdir(folder))
		count++;
	return count;
}

static void write_file(const char *path, const char *text)
{
	FILE *file = fopen(path, "we");

	cr_assert(file && fputs(text, file) >= 0 && fclose(file) == 0, "%s", path);
}

Test(jail_probe, agrees_with_itself_as_root_and_as_a_user)
{
	struct jail_machine first;

	probe();
	first = machine;
	become_user();
	probe();
	cr_expect_eq(machine.seccomp, first.seccomp);
	cr_expect_eq(machine.landlock_abi, first.landlock_abi);
	cr_expect_not(machine.root);
	cr_expect_not(machine.idmap);
	cr_expect_neq(jail_rung(&machine), 0);
}

Test(jail_probe, leaves_no_descriptor_child_or_mount)
{
	int before = count_in("/proc/self/fd");
	char cwd[256], after[256];

	cr_assert_not_null(getcwd(cwd, sizeof(cwd)));
	probe();
	cr_expect_eq(count_in("/proc/self/fd"), before);
	cr_expect_eq(waitpid(-1, NULL, WNOHANG), -1);
	cr_expect_eq(errno, ECHILD);
	cr_assert_not_null(getcwd(after, sizeof(after)));
	cr_expect_str_eq(cwd, after);
	cr_expect_eq(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0, "only the child gave that up");
	cr_expect_gt(count_in("/usr"), 3);
}

Test(jail_probe, costs_little)
{
	uint64_t best = UINT64_MAX;

	for (int i = 0; i < 20; i++) {
		uint64_t start = clock_monotonic_ns();

		probe();
		start = clock_monotonic_ns() - start;
		best = start < best ? start : best;
	}
	cr_expect_lt(best, 5000000, "%lu us", (unsigned long)(best / 1000));
}

Test(jail_probe, in_a_chroot_there_are_no_namespaces_and_it_says_so)
{
	if (geteuid() != 0 || chroot("/") < 0)
		cr_skip_test("needs root");
	cr_assert_eq(chroot("/usr"), 0);
	probe();
	cr_expect_not(machine.userns);
	cr_expect_eq(jail_rung(&machine), machine.landlock_abi > 0 ? 3 : 0);
	cr_expect_not_null(strstr(machine.cause, "chroot"), "%s", machine.cause);
	cr_expect_neq(machine.remedy[0], '\0');
}

/* In a child, which has one thread: 0 where the probe names the sysctl. */
static int probe_without_allowance(void)
{
	if (unshare(CLONE_NEWUSER) < 0)
		return 77;
	write_file("/proc/self/uid_map", "0 0 1\n");
	write_file("/proc/self/setgroups", "deny");
	write_file("/proc/self/gid_map", "0 0 1\n");
	write_file("/proc/sys/user/max_user_namespaces", "0\n");
	if (jail_probe(&machine, &err) < 0 || machine.userns)
		return 1;
	return !strstr(machine.cause, "max_user_namespaces");
}

Test(jail_probe, where_no_more_namespaces_are_allowed_it_says_so)
{
	int status = 0;
	pid_t pid;

	if (geteuid() != 0)
		cr_skip_test("needs root");
	pid = fork();
	if (pid == 0)
		_exit(probe_without_allowance());
	waitpid(pid, &status, 0);
	cr_assert(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77)
		cr_skip_test("user namespaces cannot be made here");
	cr_expect_eq(WEXITSTATUS(status), 0);
}

Test(jail_probe, what_is_there_has_no_remedy_and_what_is_missing_has_one)
{
	struct jail_check checks[JAIL_CHECKS_MAX];
	const struct jail_machine none = { .cause = "a cause", .remedy = "a remedy" };
	size_t count = jail_doctor(&none, checks);

	cr_assert_gt(count, 4);
	for (size_t i = 0; i < count; i++) {
		cr_expect_neq(checks[i].why[0], '\0');
		cr_expect_eq(checks[i].present, checks[i].remedy[0] == '\0', "%s", checks[i].name);
		cr_expect_eq(checks[i].present, checks[i].cause[0] == '\0', "%s", checks[i].name);
	}
	probe();
	count = jail_doctor(&machine, checks);
	cr_expect(checks[0].present, "%s", checks[0].name);
}

Test(jail_probe, a_namespace_that_cannot_be_filled_is_told_from_none)
{
	struct jail_machine found = { .userns = true };
	const struct probe_result result = { .failed = PROBE_MOUNTS, .os_errno = EACCES };

	doctor_explain(&found, &result);
	cr_expect_null(strstr(found.cause, "chroot"));
	cr_expect_neq(found.remedy[0], '\0');
	found = (struct jail_machine){ .userns = true, .mounts = true };
	doctor_explain(&found, &result);
	cr_expect_not_null(strstr(found.cause, "/proc"), "%s", found.cause);
}
