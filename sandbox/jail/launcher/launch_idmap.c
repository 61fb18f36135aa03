// SPDX-License-Identifier: Apache-2.0
/*
 * launch_idmap.c - user namespaces as maps of ids.
 *
 * The kernel takes the map of an id-mapped mount from a user namespace, and a namespace needs a process to be born in: a
 * child that does nothing but wait to be killed. It shares memory with its parent, as a copy of that would cost more than
 * all the rest, and so has a stack of its own.
 */
#include "sandbox/jail/launcher/launch_idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t killed; /* and not waited for yet, as that takes as long as all the rest; 0: none */

#define STACK_BYTES (16u << 10) /* for two system calls */

static int write_file(pid_t pid, const char *name, const char *text)
{
	char path[64];
	size_t len = strlen(text);
	int fd;
	int rc;

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = write(fd, text, len) == (ssize_t)len ? 0 : -1;
	close(fd);
	return rc;
}

int launch_write_maps(pid_t pid, const uint32_t inside[2], const uint32_t on_host[2])
{
	char map[64];

	if (write_file(pid, "setgroups", "deny") < 0 && errno != ENOENT)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1\n", inside[0], on_host[0]);
	if (write_file(pid, "uid_map", map) < 0)
		return -1;
	snprintf(map, sizeof(map), "%u %u 1\n", inside[1], on_host[1]);
	return write_file(pid, "gid_map", map);
}

void launch_idmap_reap(void)
{
	if (killed > 0)
		waitpid(killed, NULL, 0);
	killed = 0;
}

/* All signals are blocked, so only the kill ends it. */
static int wait_to_be_killed(void *unused)
{
	(void)unused;
	prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	while (pause() < 0)
		;
	return 0;
}

int launch_idmap_for(int fd, const struct launch_plan *plan)
{
	static char stack[STACK_BYTES] __attribute__((aligned(64)));
	const uint32_t to[2] = { plan->host_uid, plan->host_gid };
	uint32_t from[2];
	struct stat status;
	char path[64];
	pid_t child;
	int userns = -1;

	launch_idmap_reap(); /* it has the stack */
	if (fstat(fd, &status) < 0)
		return -1;
	from[0] = status.st_uid;
	from[1] = status.st_gid;
	child = clone(wait_to_be_killed, stack + sizeof(stack), CLONE_VM | CLONE_NEWUSER | SIGCHLD, NULL);
	if (child < 0)
		return -1;
	if (launch_write_maps(child, from, to) == 0) {
		snprintf(path, sizeof(path), "/proc/%d/ns/user", child);
		userns = open(path, O_RDONLY | O_CLOEXEC);
	}
	kill(child, SIGKILL);
	killed = child;
	return userns;
}
