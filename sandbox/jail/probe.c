// SPDX-License-Identifier: Apache-2.0
/*
 * probe.c - what this kernel and machine can keep, found out by doing it.
 *
 * A child does what the launcher will do: namespaces, id maps, a tmpfs, a bind, pivot_root, /proc, a filter with a
 * listener. A sysctl says what somebody intended; AppArmor, a container's filter and a chroot each refuse another of these
 * steps with every sysctl at its best. The child shares our memory and we stand still until it ends (CLONE_VM |
 * CLONE_VFORK), so the cost does not grow with ours, and the result needs no pipe.
 */
#include "sandbox/jail/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sandbox/base/err.h"
#include "sandbox/jail/doctor.h"
#include "sandbox/jail/launch_kernel.h"

#define STACK_BYTES (64u << 10)
#define STAGE "/usr" /* as the launcher: a folder that every system has */
#define LANDLOCK_VERSION_FLAG 1U

static int write_text(const char *path, const char *text)
{
	size_t len = strlen(text);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int rc;

	if (fd < 0)
		return -1;
	rc = write(fd, text, len) == (ssize_t)len ? 0 : -1;
	close(fd);
	return rc;
}

struct attempt {
	struct probe_result *result;
	unsigned int uid, gid;
};

static int try_maps(const struct attempt *attempt)
{
	char map[64];

	if (write_text("/proc/self/setgroups", "deny") < 0)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", attempt->uid, attempt->uid);
	if (write_text("/proc/self/uid_map", map) < 0)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1", attempt->gid, attempt->gid);
	return write_text("/proc/self/gid_map", map);
}

static int try_mounts(const struct attempt *attempt)
{
	static const char *const options[] = { "mode", "755", "size", "64k", NULL };
	int bind, root;
	int rc;

	(void)attempt;
	if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return -1;
	bind = kernel_open_tree(AT_FDCWD, STAGE, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
	if (bind < 0)
		return -1;
	rc = kernel_set_mount(bind, AT_RECURSIVE, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID, MS_PRIVATE, -1);
	root = rc < 0 ? -1 : kernel_make_fs("tmpfs", options, MOUNT_ATTR_NOSUID);
	if (root < 0)
		return -1;
	if (kernel_move_mount(root, AT_FDCWD, STAGE) < 0 || chdir(STAGE) < 0 || mkdir("usr", 0755) < 0)
		return -1;
	return kernel_move_mount(bind, AT_FDCWD, "usr");
}

static int try_pivot(const struct attempt *attempt)
{
	(void)attempt;
	if (syscall(SYS_pivot_root, ".", ".") < 0)
		return -1;
	return umount2(".", MNT_DETACH);
}

static const struct {
	enum probe_step step;
	int (*run)(const struct attempt *attempt);
} rows[] = {
	{ PROBE_MAPS, try_maps },
	{ PROBE_MOUNTS, try_mounts },
	{ PROBE_PIVOT, try_pivot },
};

static void try_proc(struct probe_result *result)
{
	int fd = kernel_make_fs("proc", NULL, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY);

	result->proc = fd >= 0;
	result->proc_errno = fd < 0 ? errno : 0;
}

static void try_filter(struct probe_result *result)
{
	struct sock_filter allow[] = { BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW) };
	struct sock_fprog program = { .len = 1, .filter = allow };

	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	result->seccomp =
		syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program) >= 0;
}

static int inside(void *context)
{
	const struct attempt *attempt = context;
	struct probe_result *result = attempt->result;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		result->failed = rows[i].step;
		if (rows[i].step == PROBE_PIVOT)
			try_proc(result); /* while the host's /proc can be seen: the kernel asks for an unmasked one */
		if (rows[i].run(attempt) < 0) {
			result->os_errno = errno;
			return 1;
		}
	}
	result->failed = PROBE_DONE;
	return 0;
}

static int filtered(void *context)
{
	try_filter(context);
	return 0;
}

/* Runs function in a child that shares our memory; 0, or the errno of clone. */
static int run_child(int (*function)(void *), void *context, int flags)
{
	sigset_t all, before;
	char *stack;
	pid_t pid;
	int failed;

	stack = mmap(NULL, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
	if (stack == MAP_FAILED)
		return errno;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, &before);
	pid = clone(function, stack + STACK_BYTES, flags | CLONE_VM | CLONE_VFORK | SIGCHLD, context);
	failed = pid < 0 ? errno : 0;
	sigprocmask(SIG_SETMASK, &before, NULL);
	if (pid > 0)
		while (waitpid(pid, NULL, __WALL) < 0 && errno == EINTR)
			;
	munmap(stack, STACK_BYTES);
	return failed;
}

static bool has_admin(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct sets[2] = { 0 };

	if (syscall(SYS_capget, &header, sets) < 0)
		return false;
	return sets[0].effective & 1U << CAP_SYS_ADMIN;
}

static bool exists(long result)
{
	return result >= 0 || (errno != ENOSYS && errno != EPERM);
}

/* What costs no child to find out. */
static void look(struct jail_machine *machine)
{
	long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_VERSION_FLAG);

	machine->landlock_abi = version > 0 ? (int)version : 0;
	machine->root = geteuid() == 0 && has_admin();
	machine->idmap = machine->root && exists(syscall(SYS_mount_setattr, -1, "", 0, NULL, 0));
	machine->openat2 = exists(syscall(SYS_openat2, -1, NULL, NULL, 0));
	machine->clone3 = exists(syscall(SYS_clone3, NULL, 0));
	machine->close_range = exists(syscall(SYS_close_range, ~0U, ~0U, 0));
}

void probe_assume(struct jail_machine *machine)
{
	*machine = (struct jail_machine){ .userns = true, .mounts = true, .proc = true, .seccomp = true };
	look(machine);
}

int jail_probe(struct jail_machine *machine, struct cordon_err *err)
{
	struct jail_machine found = { 0 };
	struct probe_result result = { .failed = PROBE_NAMESPACES };
	struct attempt attempt = { &result, geteuid(), getegid() };
	int failed;

	look(&found);
	failed = run_child(filtered, &result, 0);
	if (failed)
		return err_set(err, CORDON_ESYS, failed, "cannot start a child to probe this machine");
	failed = run_child(inside, &attempt,
			   CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS |
				   CLONE_NEWCGROUP);
	if (failed)
		result.os_errno = failed;
	result.admin = found.root;
	found.seccomp = result.seccomp;
	found.userns = result.failed > PROBE_MAPS;
	found.mounts = result.failed == PROBE_DONE;
	found.proc = found.mounts && result.proc;
	doctor_explain(&found, &result);
	*machine = found;
	return 0;
}

int jail_rung(const struct jail_machine *machine)
{
	if (!machine->seccomp)
		return 0;
	if (machine->userns && machine->mounts)
		return machine->proc ? 1 : 2;
	return machine->landlock_abi > 0 ? 3 : 0;
}
