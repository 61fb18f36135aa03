// SPDX-License-Identifier: Apache-2.0
/*
 * launch_rules.c - the Landlock ruleset of a call.
 *
 * Every right that this kernel's Landlock knows is handled, so what no rule grants is refused; of the network nothing is
 * granted, and from version 6 on signals and abstract sockets stay inside. Rules are made on descriptors of the final tree:
 * rules on the host's paths would not cover what is reached through a bind.
 */
#include "sandbox/jail/launcher/launch_rules.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The kernel's numbers, for headers older than the kernel (linux/landlock.h of Debian 12 knows version 2). */
#define FS_EXECUTE (1ULL << 0)
#define FS_WRITE_FILE (1ULL << 1)
#define FS_READ_FILE (1ULL << 2)
#define FS_READ_DIR (1ULL << 3)
#define FS_REMOVE_AND_MAKE (0x1ffULL << 4) /* remove_dir ... make_sym */
#define FS_REFER (1ULL << 13) /* version 2 */
#define FS_TRUNCATE (1ULL << 14) /* version 3 */
#define FS_IOCTL_DEV (1ULL << 15) /* version 5 */
#define NET_ALL 3ULL /* version 4: bind, connect */
#define SCOPE_ALL 3ULL /* version 6: abstract sockets, signals */
#define RULE_PATH_BENEATH 1
#define VERSION_FLAG 1U

#define FS_OF_FILES (FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_TRUNCATE | FS_IOCTL_DEV)

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct path_attr {
	uint64_t access;
	int32_t fd;
} __attribute__((packed));

static uint64_t handled_fs(long version)
{
	return FS_EXECUTE | FS_WRITE_FILE | FS_READ_FILE | FS_READ_DIR | FS_REMOVE_AND_MAKE |
	       (version >= 2 ? FS_REFER : 0) | (version >= 3 ? FS_TRUNCATE : 0) | (version >= 5 ? FS_IOCTL_DEV : 0);
}

static uint64_t granted(uint32_t access)
{
	uint64_t rights = 0;

	if (access & 1U << LAUNCH_ACCESS_READ)
		rights |= FS_READ_FILE | FS_READ_DIR;
	if (access & 1U << LAUNCH_ACCESS_EXEC)
		rights |= FS_EXECUTE;
	if (access & 1U << LAUNCH_ACCESS_WRITE)
		rights |= FS_WRITE_FILE | FS_REMOVE_AND_MAKE | FS_REFER | FS_TRUNCATE;
	return rights;
}

static int add_rule(struct launch_state *state, const struct launch_rule *rule, uint64_t handled)
{
	bool by_object = rule->object >= 0 && (size_t)rule->object < state->object_count;
	struct path_attr attr = { .access = granted(rule->access) & handled };
	struct stat status;
	int rc;

	attr.fd = by_object ? fcntl(state->objects[rule->object], F_DUPFD_CLOEXEC, 3)
			    : open(rule->path, O_PATH | O_CLOEXEC);
	if (attr.fd < 0)
		return errno == ENOENT ? 0 : -1; /* what is not there needs no right */
	rc = fstat(attr.fd, &status);
	if (rc == 0 && !S_ISDIR(status.st_mode))
		attr.access &= FS_OF_FILES;
	if (rc == 0)
		rc = (int)syscall(SYS_landlock_add_rule, state->rules, RULE_PATH_BENEATH, &attr, 0);
	close(attr.fd);
	return rc;
}

int launch_make_rules(struct launch_state *state)
{
	struct ruleset_attr attr = { 0 };
	size_t size = sizeof(attr.fs);
	long version;

	if (!(state->plan.flags & LAUNCH_LANDLOCK))
		return 0;
	version = syscall(SYS_landlock_create_ruleset, NULL, 0, VERSION_FLAG);
	if (version < 1)
		return -1;
	attr.fs = handled_fs(version);
	if (version >= 4) {
		attr.net = NET_ALL;
		size = sizeof(attr.fs) + sizeof(attr.net);
	}
	if (version >= 6) {
		attr.scoped = SCOPE_ALL;
		size = sizeof(attr);
	}
	state->rules = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	if (state->rules < 0)
		return -1;
	for (size_t i = 0; i < state->plan.rule_count; i++)
		if (add_rule(state, &state->plan.rules[i], attr.fs) < 0) {
			launch_subject(state, state->plan.rules[i].path);
			return -1;
		}
	return 0;
}
