/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_kernel.h - system calls that a C library of Debian's does not wrap, or each wraps with types of its own, as the
 * kernel spells them.
 */
#ifndef JAIL_LAUNCH_KERNEL_H
#define JAIL_LAUNCH_KERNEL_H

#include <linux/mount.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef MOUNT_ATTR_IDMAP
#define MOUNT_ATTR_IDMAP 0x00100000
#endif
#ifndef AT_RECURSIVE
#define AT_RECURSIVE 0x8000
#endif
#ifndef OPEN_TREE_CLONE
#define OPEN_TREE_CLONE 1
#endif
#ifndef OPEN_TREE_CLOEXEC
#define OPEN_TREE_CLOEXEC 02000000
#endif

static inline int kernel_open_tree(int dirfd, const char *path, unsigned int flags)
{
	return (int)syscall(SYS_open_tree, dirfd, path, flags);
}

static inline int kernel_move_mount(int from, int to, const char *path)
{
	return (int)syscall(SYS_move_mount, from, "", to, path, MOVE_MOUNT_F_EMPTY_PATH);
}

static inline int kernel_set_mount(int fd, unsigned int flags, uint64_t set, uint64_t propagation, int userns)
{
	struct mount_attr attr = { .attr_set = set, .propagation = propagation };

	if (userns >= 0)
		attr.userns_fd = (unsigned int)userns;
	return (int)syscall(SYS_mount_setattr, fd, "", flags | 0x1000 /* AT_EMPTY_PATH */, &attr, sizeof(attr));
}

/* A detached file system of the given type; option pairs are NULL-terminated. -1 with errno. */
static inline int kernel_make_fs(const char *type, const char *const *options, unsigned int attributes)
{
	int fs = (int)syscall(SYS_fsopen, type, FSOPEN_CLOEXEC);
	int mount = -1;

	if (fs < 0)
		return -1;
	for (size_t i = 0; options && options[i]; i += 2)
		if (syscall(SYS_fsconfig, fs, FSCONFIG_SET_STRING, options[i], options[i + 1], 0) < 0)
			goto out;
	if (syscall(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0) == 0)
		mount = (int)syscall(SYS_fsmount, fs, FSMOUNT_CLOEXEC, attributes);
out:
	close(fs);
	return mount;
}

/* On a filter's listener; by number, as the type of `request` differs from one C library to the next. */
static inline int kernel_notify(int listener, unsigned long request, void *argument)
{
	return (int)syscall(SYS_ioctl, listener, request, argument);
}

/* prlimit(2) of the caller itself, for the same reason. */
static inline int kernel_limit(unsigned int which, const struct rlimit *to, struct rlimit *from)
{
	return (int)syscall(SYS_prlimit64, 0, which, to, from);
}

#endif
