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
#include "sandbox/base/switch_off.h"

#define READ_EXEC (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_EXEC)
#define READ_WRITE (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE)
#define TEXT_MAX 512

static const char *const devices[] = { "/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom" };

static const char *const covers[] = {
#define X(target, ...) target,
	PLAN_COVERS(X)
#undef X
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
	const char *target, *format;
} texts[] = {
#define X(target, format, ...) { target, format },
	PLAN_TEXTS(X)
#undef X
};

static const struct {
	const char *name, *folder;
} not_shown[] = {
#define X(name, folder, ...) { name, folder },
	PLAN_NOT_SHOWN(X)
#undef X
};

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
	bool shared = switched_off(target);
	struct launch_mount *mount =
		add(rows, shared ? LAUNCH_MOUNT_WRITE : LAUNCH_MOUNT_TMPFS, shared ? target : "", target);

	if (mount && !shared) {
		mount->size_bytes = switched_off("tmpfs-size") ? size_bytes * 64 : size_bytes;
		mount->inodes = switched_off("tmpfs-names") ? inodes * 64 : inodes;
	}
	plan_rule(rows, target, READ_EXEC | READ_WRITE, -1);
}

static void add_text(struct plan_rows *rows, const char *target, const char *format)
{
	bool theirs = switched_off(target);
	struct launch_mount *mount =
		add(rows, theirs ? LAUNCH_MOUNT_READ : LAUNCH_MOUNT_TEXT, theirs ? target : "", target);
	bool is_group = strstr(target, "group") != NULL;
	unsigned int first = is_group ? rows->plan->inside_gid : rows->plan->inside_uid;
	char text[TEXT_MAX];

	if (!mount || theirs)
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
	return disk_bytes + disk_bytes / 5 + 4096;
}

static void add_devices(struct plan_rows *rows)
{
	if (switched_off("/dev")) {
		plan_bind(rows, LAUNCH_MOUNT_DEVICE, "/dev", -1);
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(devices); i++) {
		plan_bind(rows, LAUNCH_MOUNT_DEVICE, devices[i], -1);
		plan_rule(rows, devices[i], READ_WRITE, -1);
	}
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
			plan_bind(rows, switched_off("runtime-read-only") ? LAUNCH_MOUNT_WRITE : LAUNCH_MOUNT_READ,
				  scene->roots[i].path, -1);
	}
	for (size_t i = 0; i < SCENE_ETC; i++)
		if (scene->etc[i].there)
			plan_bind(rows, LAUNCH_MOUNT_READ, scene->etc[i].path, -1);
	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		add_text(rows, texts[i].target, texts[i].format);
	add_devices(rows);
	add_tmpfs(rows, "/dev/shm", plan_tmp_bytes(limits->disk_bytes / 2), names);
	if (!(rows->plan->flags & LAUNCH_PROC))
		return;
	for (size_t i = 0; i < ARRAY_LEN(links) && !switched_off("/dev"); i++)
		add(rows, LAUNCH_MOUNT_LINK, links[i].source, links[i].target);
	if (switched_off("/proc"))
		plan_bind(rows, LAUNCH_MOUNT_READ, "/proc", -1);
	else
		add(rows, LAUNCH_MOUNT_PROC, "", "/proc");
	for (size_t i = 0; i < ARRAY_LEN(covers); i++)
		if (!switched_off(covers[i]))
			plan_cover(rows, covers[i]);
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
			shown = shown &&
				(strcmp(scene->top[i], not_shown[j].folder) || switched_off(not_shown[j].name));
		if (shown && !plan_has(rows, path))
			plan_bind(rows, LAUNCH_MOUNT_READ, path, -1);
	}
}
