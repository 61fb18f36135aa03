// SPDX-License-Identifier: Apache-2.0
/*
 * leftover.c - the links that a call left behind.
 *
 * Inside, a link to /etc/shadow leads nowhere; outside, afterwards, it leads whoever trusts the folder. So what was made
 * during the call is followed on the host, as that later reader would follow it, and removed when the end is not shown by
 * the profile. A folder that nothing was added to since the start is only passed through. Links that were there before stay,
 * wherever they lead: they are the owner's.
 */
#include "sandbox/jail/leftover.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/switch_off.h"
#include "sandbox/jail/outcome.h"
#include "sandbox/jail/scene.h"
#include "sandbox/jail/plan_rows.h"

#define DEPTH_MAX 200

static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

static bool is_shown(const struct jail_spec *spec, const char *path)
{
	bool shown = plan_is_runtime(path);

	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		shown = shown || !strcmp(path, devices[i]);
	for (size_t i = 0; i < spec->path_count; i++)
		shown = shown || (spec->paths[i].grant != JAIL_HIDE && scene_beneath(path, spec->paths[i].path));
	for (size_t i = 0; i < spec->hidden_count; i++) {
		cleanup_free char *hidden = scene_canonical(spec->hidden[i]);

		shown = shown && hidden && !scene_beneath(path, hidden);
	}
	return shown;
}

/* "a/./b/../c" without dots, by text alone: what does not exist has no links in it. In place; path is absolute. */
static void fold_dots(char *path)
{
	char *out = path;

	for (char *at = path; *at;) {
		size_t len;

		at += strspn(at, "/");
		len = strcspn(at, "/");
		if (len == 2 && !memcmp(at, "..", 2)) {
			while (out > path && *--out != '/')
				;
		} else if (len && !(len == 1 && *at == '.')) {
			*out++ = '/';
			memmove(out, at, len);
			out += len;
		}
		at += len;
	}
	if (out == path)
		*out++ = '/';
	*out = '\0';
}

bool leftover_stays_inside(const struct jail_spec *spec, const char *folder, const char *target)
{
	cleanup_free char *joined = NULL;
	cleanup_free char *end = NULL;

	if (asprintf(&joined, "%s/%s", target[0] == '/' ? "" : folder, target) < 0) {
		joined = NULL;
		return false;
	}
	end = scene_canonical(joined);
	if (!end)
		return false;
	fold_dots(end);
	return is_shown(spec, end);
}

static bool not_before(const struct statx_timestamp *at, const struct timespec *since)
{
	return at->tv_sec > since->tv_sec || (at->tv_sec == since->tv_sec && (long)at->tv_nsec >= since->tv_nsec);
}

/* Opens a folder that the call made unreadable since `since` (NULL: at any time); *before is the mode to give back, or -1. */
static int open_folder(int folder, const char *name, const struct timespec *since, int *before)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	struct statx status;
	int fd = openat(folder, name, flags);

	*before = -1;
	if (fd >= 0 || errno != EACCES || statx(folder, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, &status) < 0 ||
	    !S_ISDIR(status.stx_mode) || (since && !not_before(&status.stx_ctime, since)) ||
	    fchmodat(folder, name, status.stx_mode | 0700, 0) < 0)
		return fd;
	*before = status.stx_mode & 07777;
	return openat(folder, name, flags);
}

struct sweep {
	const struct jail_spec *spec;
	const struct disk *disk;
	struct timespec since;
	struct jail_outcome *outcome;
};

static void look_at_link(const struct sweep *sweep, int folder, const char *path, const char *name)
{
	char target[PATH_MAX];
	struct statx status;
	ssize_t len;

	if (statx(folder, name, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS | STATX_BTIME, &status) < 0 ||
	    !not_before(&status.stx_ctime, &sweep->since) || disk_had_link(sweep->disk, &status))
		return;
	len = readlinkat(folder, name, target, sizeof(target) - 1);
	if (len < 0)
		return;
	target[len] = '\0';
	/* Born before and absolute: at most its times or its place changed, not where it leads. */
	if (status.stx_mask & STATX_BTIME && !not_before(&status.stx_btime, &sweep->since) && target[0] == '/')
		return;
	if (leftover_stays_inside(sweep->spec, path, target))
		return;
	if (unlinkat(folder, name, 0) == 0)
		outcome_deny_link(sweep->outcome, path, name, target);
}

/* fd is taken. */
static void sweep_folder(const struct sweep *sweep, int fd, const char *path, int depth)
{
	cleanup_dir DIR *folder = fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		close(fd);
		return;
	}
	while (depth < DEPTH_MAX && (entry = readdir(folder))) {
		cleanup_free char *below = NULL;
		int mode;
		int next;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (entry->d_type == DT_LNK || entry->d_type == DT_UNKNOWN)
			look_at_link(sweep, dirfd(folder), path, entry->d_name);
		if (entry->d_type != DT_DIR && entry->d_type != DT_UNKNOWN)
			continue;
		next = open_folder(dirfd(folder), entry->d_name, &sweep->since, &mode);
		if (next < 0)
			continue;
		if (asprintf(&below, "%s/%s", path, entry->d_name) < 0) {
			below = NULL;
			close(next);
			continue;
		}
		sweep_folder(sweep, next, below, depth + 1);
		if (mode >= 0)
			(void)!fchmodat(dirfd(folder), entry->d_name, (mode_t)mode, 0);
	}
}

void leftover_sweep(const struct jail_spec *spec, const struct disk *disk, struct jail_outcome *outcome)
{
	const struct sweep sweep = { spec, disk, disk_since(disk), outcome };

	for (size_t i = 0; i < spec->path_count && !switched_off("sweep-links"); i++) {
		int fd;

		if (spec->paths[i].grant != JAIL_WRITE)
			continue;
		fd = open(spec->paths[i].path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			sweep_folder(&sweep, fd, spec->paths[i].path, 0);
	}
}

static void remove_below(int fd, int depth)
{
	cleanup_dir DIR *folder = fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		close(fd);
		return;
	}
	while (depth < DEPTH_MAX && (entry = readdir(folder))) {
		int mode, next;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (unlinkat(dirfd(folder), entry->d_name, 0) == 0)
			continue;
		next = open_folder(dirfd(folder), entry->d_name, NULL, &mode);
		if (next >= 0)
			remove_below(next, depth + 1);
		unlinkat(dirfd(folder), entry->d_name, AT_REMOVEDIR);
	}
}

void leftover_remove_tree(const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd >= 0)
		remove_below(fd, 0);
	rmdir(path);
}
