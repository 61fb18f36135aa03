// SPDX-License-Identifier: Apache-2.0
/*
 * plan_rows.c - what every call finds inside: the system runtime, a minimal /dev, a private /tmp.
 *
 * Of /etc only what a program cannot do without: the linker's cache, alternatives, certificates, the time zone. Who the
 * users, the hosts and the machine are is made up, so that nothing of this host is told.
 */
#include "sandbox/jail/plan_rows.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/jail/launch_steps.h"

#define READ_EXEC (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_EXEC)
#define READ_WRITE (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE)
#define TEXT_MAX 512

static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

static const char *const masked[] = {
	/* of /proc: about the machine, and useful to nobody but an attacker */
	"/proc/kcore", "/proc/keys", "/proc/kallsyms", "/proc/kmsg", "/proc/sysrq-trigger", "/proc/timer_list",
};

static const struct {
	const char *target, *source;
} links[] = {
	{ "/dev/fd", "/proc/self/fd" },
	{ "/dev/stdin", "/proc/self/fd/0" },
	{ "/dev/stdout", "/proc/self/fd/1" },
	{ "/dev/stderr", "/proc/self/fd/2" },
};

static const struct {
	const char *target, *format; /* %u: the inside id */
} texts[] = {
	{ "/etc/passwd", "root:x:0:0:root:/root:/usr/sbin/nologin\n"
			 "tool:x:%u:%u:tool:/tmp:/bin/sh\n"
			 "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n" },
	{ "/etc/group", "root:x:0:\ntool:x:%u:\nnogroup:x:65534:\n" },
	{ "/etc/hosts", "127.0.0.1 localhost cordon\n::1 localhost\n" },
	{ "/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n" },
	{ "/etc/machine-id", "00000000000000000000000000000000\n" },
};

static const char *const not_shown[] = { "proc", "sys", "dev", "run", "tmp" }; /* of a readable "/" */

int plan_rows_begin(struct plan_rows *rows, struct cordon_err *err)
{
	rows->plan->mounts = calloc(LAUNCH_MOUNTS_MAX, sizeof(*rows->plan->mounts));
	rows->plan->rules = calloc(LAUNCH_RULES_MAX, sizeof(*rows->plan->rules));
	return rows->plan->mounts && rows->plan->rules ? 0 : err_nomem(err);
}

static struct launch_mount *add(struct plan_rows *rows, enum launch_mount_kind kind, const char *source,
				const char *target)
{
	struct launch_mount *mount;

	if (rows->plan->mount_count == LAUNCH_MOUNTS_MAX) {
		rows->full = true;
		return NULL;
	}
	mount = &rows->plan->mounts[rows->plan->mount_count++];
	*mount = (struct launch_mount){
		.kind = kind, .source = strdup(source), .target = strdup(target), .text = strdup(""), .object = -1
	};
	rows->nomem = rows->nomem || !mount->source || !mount->target || !mount->text;
	return mount;
}

void plan_bind(struct plan_rows *rows, enum launch_mount_kind kind, const char *path, int32_t object)
{
	struct launch_mount *mount = add(rows, kind, path, path);

	if (mount)
		mount->object = object;
}

void plan_cover(struct plan_rows *rows, const char *path)
{
	add(rows, LAUNCH_MOUNT_COVER, "", path);
}

void plan_rule(struct plan_rows *rows, const char *path, uint32_t access, int32_t object)
{
	struct launch_rule *rule;

	if (rows->plan->rule_count == LAUNCH_RULES_MAX) {
		rows->full = true;
		return;
	}
	rule = &rows->plan->rules[rows->plan->rule_count++];
	*rule = (struct launch_rule){ .path = strdup(path), .access = access, .object = object };
	rows->nomem = rows->nomem || !rule->path;
}

bool plan_has(const struct plan_rows *rows, const char *path)
{
	for (size_t i = 0; i < rows->plan->mount_count; i++)
		if (rows->plan->mounts[i].target && !strcmp(rows->plan->mounts[i].target, path))
			return true;
	return false;
}

bool plan_is_runtime(const char *path)
{
	static const char *const shown[] = { "/usr",	      "/bin",	"/sbin",   "/lib",
					     "/lib32",	      "/lib64", "/libx32", "/etc/alternatives",
					     "/etc/ssl/certs" };

	for (size_t i = 0; i < ARRAY_LEN(shown); i++)
		if (scene_beneath(path, shown[i]))
			return true;
	return false;
}

static void add_tmpfs(struct plan_rows *rows, const char *target, uint64_t size_bytes, uint64_t inodes)
{
	struct launch_mount *mount = add(rows, LAUNCH_MOUNT_TMPFS, "", target);

	if (mount) {
		mount->size_bytes = size_bytes;
		mount->inodes = inodes;
	}
	plan_rule(rows, target, READ_EXEC | READ_WRITE, -1);
}

static void add_text(struct plan_rows *rows, const char *target, const char *format)
{
	struct launch_mount *mount = add(rows, LAUNCH_MOUNT_TEXT, "", target);
	bool is_group = strstr(target, "group") != NULL;
	unsigned int first = is_group ? rows->plan->inside_gid : rows->plan->inside_uid;
	char text[TEXT_MAX];

	if (!mount)
		return;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* rows of the table above */
	snprintf(text, sizeof(text), format, first, rows->plan->inside_gid);
#pragma GCC diagnostic pop
	free((void *)(uintptr_t)mount->text);
	mount->text = strdup(text);
	rows->nomem = rows->nomem || !mount->text;
}

uint64_t plan_tmp_bytes(uint64_t disk_bytes)
{
	return switched_off("limit-disk") ? disk_bytes * 64 : disk_bytes + disk_bytes / 5 + 4096;
}

void plan_rows_inside(struct plan_rows *rows, const struct scene *scene, const struct jail_limits *limits)
{
	uint64_t names = limits->new_names + limits->new_names / 8 + 16;

	add_tmpfs(rows, "/tmp", plan_tmp_bytes(limits->disk_bytes), names);
	for (size_t i = 0; i < SCENE_ROOTS; i++) {
		if (!scene->roots[i].there)
			continue;
		if (scene->roots[i].link)
			add(rows, LAUNCH_MOUNT_LINK, scene->roots[i].link, scene->roots[i].path);
		else
			plan_bind(rows, switched_off("mount-usr-read-only") ? LAUNCH_MOUNT_WRITE : LAUNCH_MOUNT_READ,
				  scene->roots[i].path, -1);
	}
	for (size_t i = 0; i < SCENE_ETC; i++)
		if (scene->etc[i].there)
			plan_bind(rows, LAUNCH_MOUNT_READ, scene->etc[i].path, -1);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		add_text(rows, texts[i].target, texts[i].format);
	for (size_t i = 0; i < ARRAY_LEN(devices); i++) {
		plan_bind(rows, LAUNCH_MOUNT_DEVICE, devices[i], -1);
		plan_rule(rows, devices[i], READ_WRITE, -1);
	}
	add_tmpfs(rows, "/dev/shm", plan_tmp_bytes(limits->disk_bytes / 2), names);
	if (!(rows->plan->flags & LAUNCH_PROC))
		return;
	for (size_t i = 0; i < ARRAY_LEN(links); i++)
		add(rows, LAUNCH_MOUNT_LINK, links[i].source, links[i].target);
	add(rows, LAUNCH_MOUNT_PROC, "", "/proc");
	for (size_t i = 0; i < ARRAY_LEN(masked); i++)
		plan_cover(rows, masked[i]);
}

void plan_rows_bare(struct plan_rows *rows, const struct scene *scene)
{
	for (size_t i = 0; i < SCENE_ROOTS; i++)
		if (scene->roots[i].there && !scene->roots[i].link)
			plan_rule(rows, scene->roots[i].path, READ_EXEC, -1);
	for (size_t i = 0; i < SCENE_ETC; i++)
		if (scene->etc[i].there)
			plan_rule(rows, scene->etc[i].path, 1U << LAUNCH_ACCESS_READ, -1);
	for (size_t i = 0; i < ARRAY_LEN(devices); i++)
		plan_rule(rows, devices[i], READ_WRITE, -1);
}

void plan_rows_top(struct plan_rows *rows, const struct scene *scene)
{
	for (size_t i = 0; scene->top && scene->top[i]; i++) {
		char path[300];
		bool shown = true;

		snprintf(path, sizeof(path), "/%s", scene->top[i]);
		for (size_t j = 0; j < ARRAY_LEN(not_shown); j++)
			shown = shown && strcmp(scene->top[i], not_shown[j]);
		if (shown && !plan_has(rows, path))
			plan_bind(rows, LAUNCH_MOUNT_READ, path, -1);
	}
}
