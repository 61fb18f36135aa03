// SPDX-License-Identifier: Apache-2.0
/*
 * launch_tool.c - the tool's process, from its birth to exec.
 *
 * It is born by clone(CLONE_VM | CLONE_VFORK | CLONE_FILES): init stands still until exec, so both may share memory and
 * descriptors. That is how the filter's listener gets to init (it appears in the shared table, and exec takes the tool out
 * of that table), and why descriptors are marked close-on-exec here and never closed.
 */
#include "sandbox/jail/launcher/launch_tool.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "sandbox/jail/launch_kernel.h"

#define STACK_BYTES (256u << 10) /* the steps use a few KiB; the rest is never touched */
#define CAPABILITY_LAST 63
#define FALLBACK_FDS 1024 /* without close_range: init has a few dozen at most */

#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC 4
#endif

int launch_drop_capabilities(struct launch_state *state)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct none[2] = { 0 };
	const unsigned long bits = SECBIT_NOROOT | SECBIT_NOROOT_LOCKED | SECBIT_NO_SETUID_FIXUP |
				   SECBIT_NO_SETUID_FIXUP_LOCKED | SECBIT_KEEP_CAPS_LOCKED |
				   SECBIT_NO_CAP_AMBIENT_RAISE | SECBIT_NO_CAP_AMBIENT_RAISE_LOCKED;

	(void)state;
	prctl(PR_SET_SECUREBITS, bits, 0, 0, 0); /* without CAP_SETPCAP (rung 3) there is nothing to lock */
	for (unsigned long cap = 0; cap <= CAPABILITY_LAST; cap++)
		if (prctl(PR_CAPBSET_DROP, cap, 0, 0, 0) < 0 && errno == EINVAL)
			break;
	prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
	if (syscall(SYS_capset, &header, none) < 0)
		return -1;
	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static int start_session(struct launch_state *state)
{
	sigset_t none;

	(void)state;
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	return setsid() < 0 ? -1 : 0;
}

static int set_stdio(struct launch_state *state)
{
	for (int i = 0; i < 3; i++)
		if (dup2(state->stdio[i], i) < 0) /* sources are above 2: see launch_main.c */
			return -1;
	return 0;
}

static int close_rest(struct launch_state *state)
{
	(void)state;
	if (syscall(SYS_close_range, 3, UINT_MAX, CLOSE_RANGE_CLOEXEC) == 0)
		return 0;
	for (int fd = 3; fd < FALLBACK_FDS; fd++)
		fcntl(fd, F_SETFD, FD_CLOEXEC);
	return 0;
}

static int enter_folder(struct launch_state *state)
{
	launch_subject(state, state->plan.cwd);
	return chdir(state->plan.cwd);
}

static const struct {
	unsigned int which;
	const char *name;
} resources[] = {
#define X(which, name, ...) { RLIMIT_##which, name },
	LAUNCH_RLIMITS(X)
#undef X
};

/* soft and hard, of one of the resources above */
static struct rlimit limit_of(const struct launch_limits *limits, unsigned int which)
{
	switch (which) {
	case RLIMIT_NPROC:
		return (struct rlimit){ limits->processes + 1, limits->processes + 1 }; /* init counts too */
	case RLIMIT_FSIZE:
		return (struct rlimit){ limits->file_bytes, limits->file_bytes };
	case RLIMIT_NOFILE:
		return (struct rlimit){ limits->files, limits->files };
	case RLIMIT_CPU:
		return (struct rlimit){ limits->cpu_s, limits->cpu_s + 1 };
	case RLIMIT_CORE:
		return (struct rlimit){ 1, 1 };
	case RLIMIT_MEMLOCK:
		return (struct rlimit){ 1 << 20, 1 << 20 };
	case RLIMIT_SIGPENDING:
		return (struct rlimit){ 1024, 1024 };
	default:
		return (struct rlimit){ 0, 0 };
	}
}

static int set_limits(struct launch_state *state)
{
	for (size_t i = 0; i < ARRAY_LEN(resources); i++) {
		struct rlimit limit = limit_of(&state->plan.limits, resources[i].which);
		struct rlimit now;

		if (switched_off(resources[i].name))
			continue;
		if (kernel_limit(resources[i].which, NULL, &now) < 0)
			return -1;
		if (limit.rlim_max > now.rlim_max)
			limit.rlim_max = now.rlim_max;
		if (limit.rlim_cur > limit.rlim_max)
			limit.rlim_cur = limit.rlim_max;
		if (kernel_limit(resources[i].which, &limit, NULL) < 0)
			return -1;
	}
	return 0;
}

static int no_new_privileges(struct launch_state *state)
{
	(void)state;
	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
}

static int restrict_files(struct launch_state *state)
{
	if (!(state->plan.flags & LAUNCH_LANDLOCK))
		return 0;
	return (int)syscall(SYS_landlock_restrict_self, state->rules, 0);
}

static int load_filter(struct launch_state *state)
{
	struct sock_fprog program = {
		.len = (unsigned short)(state->plan.filter.len / sizeof(struct sock_filter)),
		.filter = (struct sock_filter *)(uintptr_t)state->plan.filter.data,
	};

	state->listener =
		(int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
	return state->listener < 0 ? -1 : 0;
}

/* The error that says most of those that a search along the path met: something there but not allowed beats not there. */
static int worse(int kept, int met)
{
	return met == ENOENT || met == ENOTDIR ? kept : met;
}

static void exec_along(struct launch_state *state, const char *name, char *const *argv, char *const *env)
{
	const char *at = state->plan.search;
	int kept = ENOENT;

	while (*at) {
		char path[PATH_MAX];
		size_t len = strcspn(at, ":");

		if ((size_t)snprintf(path, sizeof(path), "%.*s/%s", (int)len, at, name) < sizeof(path)) {
			execve(path, argv, env);
			kept = worse(kept, errno);
		}
		at += len + (at[len] == ':');
	}
	errno = kept;
}

static int exec_program(struct launch_state *state)
{
	char *const *argv = (char *const *)(uintptr_t)state->plan.argv;
	char *const *env = (char *const *)(uintptr_t)state->plan.env;

	if (strchr(argv[0], '/'))
		execve(argv[0], argv, env);
	else
		exec_along(state, argv[0], argv, env);
	state->shared->exec_errno = errno;
	_exit(127);
}

static const struct launch_row tool_rows[] = {
	{ LAUNCH_STEP_TOOL_SESSION, start_session },   { LAUNCH_STEP_TOOL_STDIO, set_stdio },
	{ LAUNCH_STEP_TOOL_CLOSE, close_rest },	       { LAUNCH_STEP_TOOL_FOLDER, enter_folder },
	{ LAUNCH_STEP_TOOL_LIMITS, set_limits },       { LAUNCH_STEP_TOOL_PRIVILEGES, no_new_privileges },
	{ LAUNCH_STEP_TOOL_LANDLOCK, restrict_files }, { LAUNCH_STEP_TOOL_FILTER, load_filter },
	{ LAUNCH_STEP_TOOL_EXEC, exec_program },
};

static int tool_main(void *argument)
{
	launch_run(argument, tool_rows, ARRAY_LEN(tool_rows));
	_exit(127);
}

int launch_start_tool(struct launch_state *state)
{
	static char stack[STACK_BYTES] __attribute__((aligned(64)));
	pid_t tool = clone(tool_main, stack + sizeof(stack), CLONE_VM | CLONE_VFORK | CLONE_FILES | SIGCHLD, state);

	if (tool < 0)
		return -1;
	state->tool = tool;
	return state->shared->failed ? -1 : 0;
}
