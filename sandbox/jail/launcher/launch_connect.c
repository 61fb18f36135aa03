// SPDX-License-Identifier: Apache-2.0
/*
 * launch_connect.c - connections of UNIX sockets on rungs 1 and 2, made by init in the tool's place.
 *
 * A socket file in a folder that the profile shows leads to whoever listens there, outside: neither the mount tree nor
 * Landlock (before its version 9) stops a connect, be the folder read-only or not. What is listened on inside lies on a tmpfs of
 * the call (/tmp). So the filter sends connect to init, which copies the address once, opens the socket file, looks on
 * which file system it lies, and connects a descriptor of its own of the caller's socket to what it has opened.
 */
#include "sandbox/jail/launcher/launch_connect.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>

#include "sandbox/jail/launch_kernel.h"

#define WAIT_US 200000 /* for room in a listener's queue: init has others to serve */

struct address {
	struct sockaddr_un to;
	char end; /* a path may fill sun_path without a NUL */
	socklen_t len;
};

static int copy_address(const struct seccomp_notif *asked, struct address *address)
{
	uint64_t len = asked->data.args[2];
	struct iovec here = { &address->to, (size_t)len };
	struct iovec there = { (void *)(uintptr_t)asked->data.args[1], (size_t)len };

	if (len < sizeof(sa_family_t) || len > sizeof(address->to)) {
		errno = EINVAL;
		return -1;
	}
	address->len = (socklen_t)len;
	return process_vm_readv((pid_t)asked->pid, &here, 1, &there, 1, 0) == (ssize_t)len ? 0 : -1;
}

/* The process of a thread: where /proc is not there (rung 2), only first threads are served. */
static pid_t process_of(pid_t thread)
{
	char path[32];
	char text[512];
	const char *at;
	ssize_t len;
	pid_t process = 0;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/status", thread);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return thread;
	len = read(fd, text, sizeof(text) - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	at = strstr(text, "\nTgid:\t");
	for (at = at ? at + 7 : ""; *at >= '0' && *at <= '9'; at++)
		process = process * 10 + (*at - '0');
	return process;
}

static int fetch_socket(const struct seccomp_notif *asked)
{
	int process = (int)syscall(SYS_pidfd_open, process_of((pid_t)asked->pid), 0);
	int fd;

	if (process < 0)
		return -1;
	fd = (int)syscall(SYS_pidfd_getfd, process, (int)asked->data.args[0], 0);
	close(process);
	return fd;
}

static int open_file(pid_t pid, const char *path)
{
	char folder[32];
	int base;
	int fd;

	if (*path == '/')
		return open(path, O_PATH | O_CLOEXEC);
	snprintf(folder, sizeof(folder), "/proc/%d/cwd", pid);
	base = open(folder, O_PATH | O_CLOEXEC);
	if (base < 0)
		return -1;
	fd = openat(base, path, O_PATH | O_CLOEXEC);
	close(base);
	return fd;
}

/* Whether it lies on a tmpfs of the call, where nobody outside can have put it. */
static bool is_made_inside(const struct launch_plan *plan, int fd)
{
	struct stat file, folder;

	if (fstat(fd, &file) < 0 || !S_ISSOCK(file.st_mode))
		return false;
	for (size_t i = 0; i < plan->mount_count; i++)
		if (plan->mounts[i].kind == LAUNCH_MOUNT_TMPFS && stat(plan->mounts[i].target, &folder) == 0 &&
		    folder.st_dev == file.st_dev)
			return true;
	return false;
}

static int connect_within(int socket, const struct address *address)
{
	const struct timeval wait = { 0, WAIT_US };
	struct timeval kept = { 0, 0 };
	socklen_t len = sizeof(kept);
	int rc;

	getsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kept, &len);
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
	rc = connect(socket, (const struct sockaddr *)&address->to, address->len) < 0 ? errno : 0;
	setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &kept, sizeof(kept));
	return rc;
}

/* 0 or an errno. */
static int connect_to_path(const struct launch_state *state, const struct seccomp_notif *asked, int socket,
			   struct address *address)
{
	int file = open_file((pid_t)asked->pid, address->to.sun_path);
	int rc;

	if (file < 0)
		return errno;
	if (!is_made_inside(&state->plan, file) && !switched_off("connect-in-place")) {
		close(file);
		return EACCES;
	}
	snprintf(address->to.sun_path, sizeof(address->to.sun_path), "/proc/self/fd/%d", file);
	address->len = sizeof(address->to);
	rc = connect_within(socket, address);
	close(file);
	return rc;
}

static int serve(const struct launch_state *state, const struct seccomp_notif *asked)
{
	struct address address = { 0 };
	uint64_t id = asked->id;
	int socket;
	int rc;

	if (copy_address(asked, &address) < 0)
		return errno;
	if (address.to.sun_family != AF_UNIX)
		return EACCES;
	socket = fetch_socket(asked);
	if (socket < 0)
		return errno;
	/* Still the same process: what was read was the caller's, not that of a later owner of its number. */
	if (kernel_notify(state->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) < 0)
		rc = errno;
	else if (address.len > sizeof(sa_family_t) && address.to.sun_path[0])
		rc = connect_to_path(state, asked, socket, &address);
	else
		rc = connect_within(socket, &address);
	close(socket);
	return rc;
}

int launch_connect_for(const struct launch_state *state, const struct seccomp_notif *asked,
		       struct seccomp_notif_resp *reply)
{
	if (asked->data.nr != SYS_connect || state->plan.rung == 3)
		return -1;
	reply->error = -serve(state, asked);
	return 0;
}
