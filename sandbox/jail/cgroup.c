// SPDX-License-Identifier: Apache-2.0
/*
 * cgroup.c - a control group for a call, version 2 where it is delegated to us, version 1 where the machine has that.
 *
 * The limits here lie above those that the watch kills at, so the watch names the reason; the group is for what is faster
 * than the watch. Page cache counts in a group and not in the watch, but the kernel gives it back before it kills.
 */
#include "sandbox/jail/cgroup.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "sandbox/base/file.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"

#define CGROUP2_MAGIC 0x63677270
#define MOUNT_V2 "/sys/fs/cgroup"
#define REMOVE_TRIES 50
#define REMOVE_WAIT_NS 2000000 /* a group is busy for a moment after its last task has ended */

static const char *const v1_controllers[CGROUP_PARTS] = { "memory", "pids" };

static int read_text(const char *folder, const char *name, struct buf *out)
{
	char path[PATH_MAX];

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
		return -1;
	buf_init(out, 64 << 10);
	return file_read(AT_FDCWD, path, out, NULL);
}

static bool write_number(const char *folder, const char *name, uint64_t number)
{
	char path[PATH_MAX];
	char text[32];
	int len = snprintf(text, sizeof(text), "%" PRIu64, number);
	int fd;
	bool written;

	if ((size_t)snprintf(path, sizeof(path), "%s/%s", folder, name) >= sizeof(path))
		return false;
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	written = write(fd, text, (size_t)len) == len;
	close(fd);
	return written;
}

/* Our own group in the hierarchy of `controller` ("" for version 2), as a folder below `mount`. */
static bool own_group(const char *controller, const char *mount, char path[PATH_MAX])
{
	cleanup_buf struct buf groups = { 0 };
	char *rest;

	if (read_text("/proc/self", "cgroup", &groups) < 0)
		return false;
	for (char *line = groups.data; line && *line; line = rest) {
		size_t len = strcspn(line, "\n");
		char *name = strchr(line, ':');
		char *place = name ? strchr(name + 1, ':') : NULL;

		rest = line + len + (line[len] == '\n');
		line[len] = '\0';
		if (!place)
			continue;
		*place = '\0';
		if (strcmp(name + 1, controller))
			continue;
		return (size_t)snprintf(path, PATH_MAX, "%s%s", mount, place + 1) < PATH_MAX && access(path, W_OK) == 0;
	}
	return false;
}

static bool own_v1(const char *controller, char path[PATH_MAX])
{
	char mount[64];

	snprintf(mount, sizeof(mount), "/sys/fs/cgroup/%s", controller);
	return own_group(controller, mount, path);
}

static bool own_v2(char path[PATH_MAX])
{
	cleanup_buf struct buf controllers = { 0 };
	struct statfs fs;

	return statfs(MOUNT_V2, &fs) == 0 && fs.f_type == CGROUP2_MAGIC && own_group("", MOUNT_V2, path) &&
	       read_text(path, "cgroup.subtree_control", &controllers) == 0 && strstr(buf_text(&controllers), "memory");
}

int cgroup_version(void)
{
	char path[PATH_MAX];

	if (own_v2(path))
		return 2;
	return own_v1(v1_controllers[0], path) ? 1 : 0;
}

static bool make_part(char path[PATH_MAX])
{
	char ident[IDENT_TEXT];
	size_t len = strlen(path);

	if (ident_make(ident, NULL) < 0)
		return false;
	if (len + sizeof("/cordon-") + IDENT_TEXT > PATH_MAX)
		return false;
	snprintf(path + len, PATH_MAX - len, "/cordon-%s", ident);
	return mkdir(path, 0700) == 0;
}

/* Where a limit cannot be set the part is of no use. */
static void limit_part(char path[PATH_MAX], const char *name, uint64_t value)
{
	if (!make_part(path)) {
		path[0] = '\0';
		return;
	}
	if (write_number(path, name, value))
		return;
	rmdir(path);
	path[0] = '\0';
}

void cgroup_make(const struct jail_limits *limits, struct cgroup *group)
{
	uint64_t memory = limits->memory_bytes + limits->memory_bytes / 5 + (8 << 20);
	uint64_t pids = limits->pids + 8; /* launcher and init */

	*group = (struct cgroup){ .version = 0 };
	if (own_v2(group->paths[0])) {
		group->version = 2;
		limit_part(group->paths[0], "memory.max", memory);
		if (group->paths[0][0])
			write_number(group->paths[0], "pids.max", pids);
		return;
	}
	group->paths[0][0] = '\0';
	if (own_v1(v1_controllers[0], group->paths[0])) {
		group->version = 1;
		limit_part(group->paths[0], "memory.limit_in_bytes", memory);
	} else {
		group->paths[0][0] = '\0';
	}
}

void cgroup_join(const struct cgroup *group, pid_t pid)
{
	for (size_t i = 0; i < CGROUP_PARTS; i++)
		if (group->paths[i][0])
			write_number(group->paths[i], "cgroup.procs", (uint64_t)pid);
}

bool cgroup_ran_out(const struct cgroup *group)
{
	cleanup_buf struct buf events = { 0 };
	const char *name = group->version == 2 ? "memory.events" : "memory.oom_control";
	const char *at;

	if (!group->paths[0][0] || read_text(group->paths[0], name, &events) < 0)
		return false;
	at = strstr(buf_text(&events), "oom_kill ");
	return at && at[sizeof("oom_kill ") - 1] != '0';
}

void cgroup_remove(struct cgroup *group)
{
	const struct timespec wait = { .tv_nsec = REMOVE_WAIT_NS };

	for (size_t i = 0; i < CGROUP_PARTS; i++) {
		for (int tries = 0; group->paths[i][0] && rmdir(group->paths[i]) < 0 && tries < REMOVE_TRIES; tries++)
			nanosleep(&wait, NULL);
		group->paths[i][0] = '\0';
	}
}
