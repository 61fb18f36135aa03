// SPDX-License-Identifier: Apache-2.0
/*
 * launch_behalf.c - modes and times of files on rung 3, changed by init in the tool's place.
 *
 * Landlock has no right for chmod and utimes: without a mount tree of its own a tool could open its user's private files to
 * the world. So the filter sends these calls to init, which copies the arguments out of the caller's memory once, opens
 * the object, asks the kernel where it lies, and acts on what it has opened. The caller's memory is not looked at again,
 * and a name that is swapped meanwhile names nothing that init touches. Init has the tool's id, so it can do no more.
 */
#include "sandbox/jail/launcher/launch_behalf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandbox/jail/launch_kernel.h"

#define MODE_BITS 07777
#define SET_ID 06000U
#define PAGE 4096U /* the least there is: a text is read page by page, as the next one may not be there */
#define NONE UINT_MAX

/* Which argument is what; NONE: not there. */
struct shape {
	long number;
	unsigned int dir, path, mode, times, flags;
};

static const struct shape shapes[] = {
#ifdef SYS_chmod
	{ SYS_chmod, NONE, 0, 1, NONE, NONE },
#endif
	{ SYS_fchmod, 0, NONE, 1, NONE, NONE },
	{ SYS_fchmodat, 0, 1, 2, NONE, NONE },
	{ SYS_utimensat, 0, 1, NONE, 2, 3 },
};

struct request {
	pid_t pid;
	int memory; /* /proc/PID/mem */
	const __u64 *args;
	const struct shape *shape;
};

static int open_proc(pid_t pid, const char *name, int flags)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	return open(path, flags | O_CLOEXEC);
}

static int copy_text(int memory, uint64_t from, char to[PATH_MAX])
{
	size_t have = 0;

	while (have < PATH_MAX) {
		size_t part = PAGE - (from + have) % PAGE;
		ssize_t got;

		if (part > PATH_MAX - have)
			part = PATH_MAX - have;
		got = pread(memory, to + have, part, (off_t)(from + have));
		if (got <= 0) {
			errno = EFAULT;
			return -1;
		}
		if (memchr(to + have, '\0', (size_t)got))
			return 0;
		have += (size_t)got;
	}
	errno = ENAMETOOLONG;
	return -1;
}

/* A descriptor of the caller's, or its working folder. */
static int open_base(const struct request *request)
{
	char name[32];
	int fd = request->shape->dir == NONE ? AT_FDCWD : (int)request->args[request->shape->dir];

	if (fd == AT_FDCWD)
		return open_proc(request->pid, "cwd", O_PATH);
	snprintf(name, sizeof(name), "fd/%d", fd);
	fd = fd < 0 ? -1 : open_proc(request->pid, name, O_PATH);
	if (fd < 0)
		errno = EBADF;
	return fd;
}

static int open_target(const struct request *request)
{
	const struct shape *shape = request->shape;
	uint64_t flags = shape->flags == NONE ? 0 : request->args[shape->flags];
	char path[PATH_MAX] = "";
	int base;
	int fd;

	if (shape->path != NONE && request->args[shape->path] &&
	    copy_text(request->memory, request->args[shape->path], path) < 0)
		return -1;
	if (shape->path != NONE && request->args[shape->path] && !*path && !(flags & AT_EMPTY_PATH)) {
		errno = ENOENT;
		return -1;
	}
	if (*path == '/')
		return open(path, O_PATH | O_CLOEXEC | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0));
	base = open_base(request);
	if (base < 0 || !*path)
		return base;
	fd = openat(base, path, O_PATH | O_CLOEXEC | (flags & AT_SYMLINK_NOFOLLOW ? O_NOFOLLOW : 0));
	close(base);
	return fd;
}

static bool beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	while (len && root[len - 1] == '/')
		len--;
	return root[0] == '/' && !strncmp(path, root, len) && (path[len] == '/' || !path[len]);
}

/* Where the kernel says that it lies. What has no name any more is nowhere. */
static bool is_writable(const struct launch_plan *plan, int fd)
{
	char link[64];
	char path[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path) - 1);
	if (len <= 0)
		return false;
	path[len] = '\0';
	for (size_t i = 0; i < plan->rule_count; i++)
		if (plan->rules[i].access & 1U << LAUNCH_ACCESS_WRITE && beneath(path, plan->rules[i].path))
			return true;
	return false;
}

static int act(const struct request *request, int fd)
{
	const struct shape *shape = request->shape;
	struct timespec times[2];
	char link[64];

	if (shape->mode != NONE) {
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		return chmod(link, (mode_t)request->args[shape->mode] & MODE_BITS);
	}
	if (!request->args[shape->times])
		return utimensat(fd, "", NULL, AT_EMPTY_PATH);
	if (pread(request->memory, times, sizeof(times), (off_t)request->args[shape->times]) != sizeof(times)) {
		errno = EFAULT;
		return -1;
	}
	return utimensat(fd, "", times, AT_EMPTY_PATH);
}

/* 0 or an errno. */
static int serve(const struct launch_state *state, const struct request *request, uint64_t id)
{
	int fd;
	int rc;

	if (request->shape->mode != NONE && request->args[request->shape->mode] & SET_ID)
		return EPERM;
	fd = open_target(request);
	if (fd < 0)
		return errno;
	/* Still the same process: what was read was the caller's, not that of a later owner of its number. */
	rc = kernel_notify(state->listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
	if (rc == 0 && !is_writable(&state->plan, fd) && !switched_off("attributes-in-place")) {
		close(fd);
		return EPERM;
	}
	rc = rc < 0 ? -1 : act(request, fd);
	rc = rc < 0 ? errno : 0;
	close(fd);
	return rc;
}

int launch_attributes_for(const struct launch_state *state, const struct seccomp_notif *asked,
			  struct seccomp_notif_resp *reply)
{
	struct request request = { .pid = (pid_t)asked->pid, .args = asked->data.args };

	for (size_t i = 0; i < ARRAY_LEN(shapes); i++)
		if (shapes[i].number == asked->data.nr)
			request.shape = &shapes[i];
	if (!request.shape || state->plan.rung != 3)
		return -1;
	request.memory = open_proc(request.pid, "mem", O_RDONLY);
	reply->error = request.memory < 0 ? -EPERM : -serve(state, &request, asked->id);
	if (request.memory >= 0)
		close(request.memory);
	return 0;
}
