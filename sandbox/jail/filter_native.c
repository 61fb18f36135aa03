// SPDX-License-Identifier: Apache-2.0
/*
 * filter_native.c - the compiled filters of this build's architecture, and what their refusals mean.
 */
#include <linux/filter.h>
#include <string.h>
#include <sys/socket.h>

#include "sandbox/jail/filter.h"

#if defined(__x86_64__)
#include "filter_x86_64.h"
#elif defined(__aarch64__)
#include "filter_aarch64.h"
#else
#error "Cordon runs on x86_64 and aarch64"
#endif

#define LATER_FROM 451 /* the first call that libseccomp 2.5.4 has no name for; the numbers are all architectures' */

static const char *const later_names[] = {
	"cachestat",	    "fchmodat2",      "map_shadow_stack", "futex_wake",	       "futex_wait",
	"futex_requeue",    "statmount",      "listmount",	  "lsm_get_self_attr", "lsm_set_self_attr",
	"lsm_list_modules", "mseal",	      "setxattrat",	  "getxattrat",	       "listxattrat",
	"removexattrat",    "open_tree_attr", "file_getattr",	  "file_setattr",
};

struct hint {
	const char *names; /* space-separated */
	struct filter_test test;
	const char *text;
};

#define ANY                                                                                                            \
	{                                                                                                              \
		0, 0, 0                                                                                                \
	}
#define LOW32 0xffffffffULL

/* The first row that fits is the answer. */
static const struct hint hints[] = {
	{ "socket", { 0, LOW32, AF_INET }, "there is no network in this profile (net: none)" },
	{ "socket", { 0, LOW32, AF_INET6 }, "there is no network in this profile (net: none)" },
	{ "socket", { 0, LOW32, AF_UNIX }, "there are no UNIX sockets where namespaces cannot be had (rung 3)" },
	{ "socket bind listen accept accept4 connect socketpair sendto sendmsg sendmmsg", ANY,
	  "sockets of this kind lead out of the sandbox" },
	{ "kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal", ANY,
	  "signals reach the call's own processes only" },
	{ "ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise", ANY,
	  "a tool may not look into processes, its own included: no debuggers or tracers" },
	{ "chmod fchmod fchmodat fchmodat2 open openat creat", ANY, "no file with a set-id bit may be left behind" },
	{ "mknod mknodat renameat2", ANY, "no device may be left behind" },
	{ "setxattr lsetxattr fsetxattr setxattrat removexattr lremovexattr fremovexattr removexattrat", ANY,
	  "extended attributes carry access lists and capabilities, so none may be set" },
	{ "mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick open_tree move_mount mount_setattr", ANY,
	  "the tool's file system is what the profile lists" },
	{ "clone unshare setns", ANY, "a tool may make no namespaces" },
	{ "shmget shmat shmctl shmdt semget semop semctl semtimedop msgget msgsnd msgrcv msgctl mq_open", ANY,
	  "System V and POSIX queues and shared memory are in no limit's count: use files, pipes or threads" },
	{ "prlimit64 setpriority sched_setaffinity sched_setscheduler sched_setparam sched_setattr ioprio_set", ANY,
	  "limits and scheduling are the profile's" },
	{ "personality", ANY, "address randomisation stays on" },
	{ "mmap", ANY, "huge pages are in no limit's count" },
	{ "ioctl", ANY, "device requests are refused, but for those that ordinary programs make" },
	{ "fcntl", ANY, "descriptors may not send signals" },
	{ "bpf perf_event_open userfaultfd keyctl add_key request_key io_setup io_submit fanotify_init seccomp "
	  "init_module finit_module kexec_load",
	  ANY, "this part of the kernel is out of reach of tools" },
};

static bool listed(const char *names, const char *name)
{
	size_t len = strlen(name);

	while (*names) {
		size_t next = strcspn(names, " ");

		if (next == len && !memcmp(names, name, len))
			return true;
		names += next + (names[next] == ' ');
	}
	return false;
}

const char *filter_call_name(uint32_t number)
{
	if (number < ARRAY_LEN(filter_names) && filter_names[number])
		return filter_names[number];
	if (number >= LATER_FROM && number - LATER_FROM < ARRAY_LEN(later_names))
		return later_names[number - LATER_FROM];
	return NULL;
}

const char *filter_hint(uint32_t number, const uint64_t args[6])
{
	const char *name = filter_call_name(number);

	for (size_t i = 0; i < ARRAY_LEN(hints) && name; i++) {
		const struct filter_test *test = &hints[i].test;

		if ((args[test->arg] & test->mask) == test->value && listed(hints[i].names, name))
			return hints[i].text;
	}
	return "no profile allows this system call";
}

struct cordon_slice filter_native(enum filter_kind kind)
{
	if (kind == FILTER_BARE)
		return (struct cordon_slice){ (const char *)filter_bare, sizeof(filter_bare) };
	return (struct cordon_slice){ (const char *)filter_inside, sizeof(filter_inside) };
}
