// SPDX-License-Identifier: Apache-2.0
/*
 * launch_mounts.c - the mount tree of a call.
 *
 * Everything that comes from the host is opened first, as detached mounts, while the host's tree is still there: by the
 * launcher where it is root (the inside id may not be able to walk to a folder of root's), by init otherwise. Then an empty
 * tmpfs becomes the new root, and the plan's rows are put into it in order. Paths inside are walked component by component
 * without following links, because a writable folder may hold links that an earlier call planted.
 */
#include "sandbox/jail/launcher/launch_mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "sandbox/jail/launcher/launch_idmap.h"
#include "sandbox/jail/launch_kernel.h"

#define STAGE "/usr" /* a folder that is on every system: the new root is mounted over it until the pivot */

#define ATTR_READ (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define ATTR_WRITE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)
#define ATTR_DEVICE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC)
#define ATTR_MADE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

static uint64_t bind_attributes(enum launch_mount_kind kind)
{
	switch (kind) {
	case LAUNCH_MOUNT_READ:
		if (switched_off("bind-read-only"))
			return ATTR_WRITE;
		return switched_off("bind-no-devices") ? MOUNT_ATTR_RDONLY : ATTR_READ;
	case LAUNCH_MOUNT_WRITE:
		return ATTR_WRITE;
	case LAUNCH_MOUNT_DEVICE:
		return ATTR_DEVICE;
	default:
		return 0; /* not a bind */
	}
}

static bool is_same(int fd, int other)
{
	struct stat one, two;

	return fstat(fd, &one) == 0 && fstat(other, &two) == 0 && one.st_dev == two.st_dev && one.st_ino == two.st_ino;
}

/*
 * A detached copy of what the row names. An object was opened in the host's mount namespace: from another one it cannot be
 * copied (EINVAL), so there its path is, and the copy is taken only where it is the object that was checked.
 */
static int copy_tree(const struct launch_state *state, const struct launch_mount *mount)
{
	const unsigned int flags = OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE;
	bool by_object = mount->object >= 0 && (size_t)mount->object < state->object_count;
	int fd;

	if (by_object) {
		fd = kernel_open_tree(state->objects[mount->object], "", flags | AT_EMPTY_PATH);
		if (fd >= 0 || errno != EINVAL)
			return fd;
	}
	fd = kernel_open_tree(AT_FDCWD, mount->source, flags);
	if (fd < 0 || !by_object || is_same(fd, state->objects[mount->object]))
		return fd;
	close(fd);
	errno = ESTALE;
	return -1;
}

static int open_bind(struct launch_state *state, const struct launch_mount *mount)
{
	uint64_t set = bind_attributes(mount->kind);
	int userns = -1;
	int fd = copy_tree(state, mount);

	if (fd < 0)
		return -1;
	if (mount->kind == LAUNCH_MOUNT_WRITE && (state->plan.flags & LAUNCH_IDMAP)) {
		userns = launch_idmap_for(fd, &state->plan);
		if (userns < 0)
			goto fail;
		set |= MOUNT_ATTR_IDMAP;
	}
	if (kernel_set_mount(fd, AT_RECURSIVE, set, switched_off("bind-private") ? 0 : MS_PRIVATE, userns) < 0)
		goto fail;
	if (userns >= 0)
		close(userns);
	return fd;
fail:
	if (userns >= 0)
		close(userns);
	close(fd);
	return -1;
}

int launch_open_binds(struct launch_state *state)
{
	for (size_t i = 0; i < state->plan.mount_count; i++) {
		const struct launch_mount *mount = &state->plan.mounts[i];

		if (!bind_attributes(mount->kind) || state->binds[i] >= 0)
			continue;
		state->binds[i] = open_bind(state, mount);
		if (state->binds[i] < 0 && errno == ENOENT && mount->inodes)
			continue; /* optional */
		if (state->binds[i] < 0) {
			launch_subject(state, mount->source);
			return -1;
		}
	}
	return 0;
}

int launch_make_proc(struct launch_state *state)
{
	if (!(state->plan.flags & LAUNCH_PROC))
		return 0;
	state->proc = kernel_make_fs("proc", NULL,
				     MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC |
					     (switched_off("proc-read-only") ? 0 : MOUNT_ATTR_RDONLY));
	return state->proc < 0 ? -1 : 0;
}

int launch_make_root(struct launch_state *state)
{
	static const char *const options[] = { "mode", "755", "size", "1m", "nr_inodes", "4096", NULL };
	int fd = kernel_make_fs("tmpfs", options, ATTR_MADE);
	int rc;

	(void)state;
	if (fd < 0)
		return -1;
	rc = kernel_move_mount(fd, AT_FDCWD, STAGE);
	close(fd);
	return rc < 0 ? -1 : chdir(STAGE);
}

/* The next component of *path into name; false at the end. "." and empty ones are skipped; ".." never occurs. */
static bool next_component(const char **path, char name[NAME_MAX + 1])
{
	size_t len;

	do {
		*path += strspn(*path, "/");
		len = strcspn(*path, "/");
		if (!len || len > NAME_MAX)
			return false;
		memcpy(name, *path, len);
		name[len] = '\0';
		*path += len;
	} while (!strcmp(name, "."));
	return true;
}

/* Walks to the folder that holds the last component, making what is missing; leaves that component in name. */
static int walk(int root, const char *path, bool make, char name[NAME_MAX + 1])
{
	char ahead[NAME_MAX + 1];
	int at = fcntl(root, F_DUPFD_CLOEXEC, 3);

	if (at < 0 || !next_component(&path, name)) {
		if (at >= 0)
			close(at);
		errno = EINVAL;
		return -1;
	}
	while (next_component(&path, ahead)) {
		int next = openat(at, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);

		if (next < 0 && errno == ENOENT && make && mkdirat(at, name, 0755) == 0)
			next = openat(at, name, O_PATH | O_NOFOLLOW | O_DIRECTORY | O_CLOEXEC);
		close(at);
		if (next < 0)
			return -1;
		at = next;
		memcpy(name, ahead, sizeof(ahead));
	}
	return at;
}

int launch_open_below(int root, const char *path, int flags)
{
	char name[NAME_MAX + 1];
	int at = walk(root, path, false, name);
	int fd;

	if (at < 0)
		return -1;
	fd = openat(at, name, flags | O_NOFOLLOW | O_CLOEXEC);
	close(at);
	return fd;
}

static int make_file(int at, const char *name, const char *text)
{
	int fd = openat(at, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0444);
	size_t len = strlen(text);
	int rc;

	if (fd < 0)
		return -1;
	rc = len && write(fd, text, len) != (ssize_t)len ? -1 : 0;
	close(fd);
	return rc;
}

/* Puts a detached mount on at/name, which is made as a folder or a file where it is not there. */
static int place(int at, const char *name, int mount)
{
	struct stat what, there;
	int target;
	int rc;

	if (fstat(mount, &what) < 0)
		return -1;
	if (fstatat(at, name, &there, AT_SYMLINK_NOFOLLOW) < 0) {
		if (errno != ENOENT)
			return -1;
		rc = S_ISDIR(what.st_mode) ? mkdirat(at, name, 0755) : make_file(at, name, "");
		if (rc < 0)
			return -1;
	}
	target = openat(at, name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (target < 0)
		return -1;
	rc = (int)syscall(SYS_move_mount, mount, "", target, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	close(target);
	return rc;
}

static int place_tmpfs(int at, const char *name, const struct launch_mount *row, unsigned int attributes)
{
	char size[32], inodes[32];
	const char *const options[] = {
		"mode", row->kind == LAUNCH_MOUNT_TMPFS ? "1777" : "555", "size", size, "nr_inodes", inodes, NULL
	};
	int fd;
	int rc;

	snprintf(size, sizeof(size), "%llu", (unsigned long long)(row->size_bytes ? row->size_bytes : 4096));
	snprintf(inodes, sizeof(inodes), "%llu", (unsigned long long)(row->inodes ? row->inodes : 2));
	fd = kernel_make_fs("tmpfs", options, attributes);
	if (fd < 0)
		return -1;
	rc = place(at, name, fd);
	close(fd);
	return rc;
}

/* Hides what is there: an empty read-only folder over a folder, the empty /dev/null over anything else. */
static int cover(int at, const char *name, const struct launch_mount *row)
{
	struct stat there;
	int fd;
	int rc;

	if (fstatat(at, name, &there, AT_SYMLINK_NOFOLLOW) < 0)
		return errno == ENOENT ? 0 : -1;
	if (S_ISDIR(there.st_mode))
		return place_tmpfs(at, name, row, ATTR_READ);
	fd = kernel_open_tree(AT_FDCWD, "dev/null", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	if (fd < 0)
		return -1;
	rc = place(at, name, fd);
	close(fd);
	return rc;
}

static int place_one(struct launch_state *state, size_t index, int at, const char *name)
{
	const struct launch_mount *row = &state->plan.mounts[index];

	switch (row->kind) {
	case LAUNCH_MOUNT_FOLDER:
		return mkdirat(at, name, 0755) < 0 && errno != EEXIST ? -1 : 0;
	case LAUNCH_MOUNT_READ:
	case LAUNCH_MOUNT_WRITE:
	case LAUNCH_MOUNT_DEVICE:
		if (state->binds[index] < 0 && row->inodes)
			return 0; /* optional */
		return place(at, name, state->binds[index]);
	case LAUNCH_MOUNT_TMPFS:
		return place_tmpfs(at, name, row, ATTR_MADE);
	case LAUNCH_MOUNT_TEXT:
		return make_file(at, name, row->text);
	case LAUNCH_MOUNT_LINK:
		return symlinkat(row->source, at, name);
	case LAUNCH_MOUNT_PROC:
		return place(at, name, state->proc);
	case LAUNCH_MOUNT_COVER:
		return cover(at, name, row);
	case LAUNCH_MOUNT_NONE:
		break;
	}
	errno = EINVAL;
	return -1;
}

int launch_place_mounts(struct launch_state *state)
{
	int root = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc = root < 0 ? -1 : 0;

	for (size_t i = 0; i < state->plan.mount_count && rc == 0; i++) {
		const struct launch_mount *row = &state->plan.mounts[i];
		char name[NAME_MAX + 1];
		int at;

		at = walk(root, row->target, true, name);
		rc = at < 0 ? -1 : place_one(state, i, at, name);
		if (rc < 0)
			launch_subject(state, row->target);
		if (at >= 0)
			close(at);
	}
	if (root >= 0)
		close(root);
	return rc;
}

int launch_pivot(struct launch_state *state)
{
	(void)state;
	if (syscall(SYS_pivot_root, ".", ".") < 0 || umount2(".", MNT_DETACH) < 0)
		return -1;
	return chdir("/");
}

int launch_seal_root(struct launch_state *state)
{
	int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int rc;

	(void)state;
	if (root < 0)
		return -1;
	rc = kernel_set_mount(root, 0, MOUNT_ATTR_RDONLY, 0, -1);
	close(root);
	return rc;
}
