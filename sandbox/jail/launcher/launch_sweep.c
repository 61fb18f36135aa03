// SPDX-License-Identifier: Apache-2.0
/*
 * launch_sweep.c - the end of a tree, and signals inside it, where there is no pid namespace.
 *
 * Init is the subreaper of the call's processes, so each of them has it among its ancestors for as long as it lives. A
 * parent is read off /proc/PID/stat; the walk upwards is short. A process cannot leave the tree, only die. Most calls leave
 * nothing behind, and then /proc is not read at all.
 */
#include "sandbox/jail/launcher/launch_sweep.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox/base/parse.h"

#define ANCESTORS_MAX 4096 /* deeper than any limit of processes */
#define ROUNDS_MAX 10000 /* each round ends one child at least, and kills what the one before let be born */

static pid_t parent_of(pid_t pid)
{
	char path[32];
	char text[512];
	char *at;
	ssize_t len;
	pid_t parent = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	at = strrchr(text, ')'); /* the name before it may hold anything */
	if (!at || strlen(at) < 5)
		return 0;
	for (at += 4; *at >= '0' && *at <= '9'; at++)
		parent = parent * 10 + (*at - '0');
	return parent;
}

static bool is_ours(pid_t pid)
{
	pid_t self = getpid();

	for (int i = 0; i < ANCESTORS_MAX && pid > 1; i++) {
		pid = parent_of(pid);
		if (pid == self)
			return true;
	}
	return false;
}

/* One pass over /proc. */
static void kill_descendants(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		uint64_t pid;

		if (parse_u64((struct cordon_slice){ entry->d_name, strlen(entry->d_name) }, &pid, NULL) == 0 &&
		    pid <= INT32_MAX && is_ours((pid_t)pid))
			kill((pid_t)pid, SIGKILL);
	}
	if (proc)
		closedir(proc);
}

/* Reaps what is dead. Without a child there is no descendant either: the kernel gives a subreaper every orphan. */
static bool has_children(void)
{
	pid_t pid;

	while ((pid = waitpid(-1, NULL, WNOHANG | __WALL)) > 0)
		;
	return pid == 0;
}

void launch_sweep(const struct launch_state *state)
{
	if (!state->bare || switched_off("sweep-processes"))
		return;
	for (int i = 0; i < ROUNDS_MAX && has_children(); i++) {
		kill_descendants();
		waitpid(-1, NULL, __WALL); /* one of the killed, so that rounds are not spent on waiting */
	}
}

/* The process that owns task `tid`: signals go to processes here. */
static int open_target(pid_t pid)
{
	return (int)syscall(SYS_pidfd_open, pid, 0);
}

int launch_signal_for(const struct launch_state *state, const struct seccomp_notif *asked,
		      struct seccomp_notif_resp *reply)
{
	const struct seccomp_data *call = &asked->data;
	int number = (int)call->args[call->nr == SYS_tgkill ? 2 : 1];
	pid_t target = (pid_t)(int)call->args[0];
	int fd;

	if (state->plan.rung != 3 || (call->nr != SYS_kill && call->nr != SYS_tgkill && call->nr != SYS_tkill))
		return -1;
	reply->error = -EPERM;
	if (target <= 0)
		return 0; /* a group: its members may be anybody's */
	fd = open_target(target);
	if (fd < 0) {
		reply->error = -ESRCH;
		return 0;
	}
	if (is_ours(target) ||
	    switched_off(
		    "signal-in-place")) /* looked at after the descriptor was had: it is this process or a dead one */
		reply->error = syscall(SYS_pidfd_send_signal, fd, number, NULL, 0) < 0 ? -errno : 0;
	close(fd);
	return 0;
}
