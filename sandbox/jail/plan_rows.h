/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_rows.h - the rows of a plan: what every call has, and adding to it.
 */
#ifndef JAIL_PLAN_ROWS_H
#define JAIL_PLAN_ROWS_H

#include "sandbox/jail/launch.h"
#include "sandbox/jail/scene.h"

/*
 * The tables end as those of launch_steps.h do: the attack that reaches its goal without the row, and what else holds that
 * attack. A row that stands in the place of something of the host's is switched off by leaving the host's own there. What
 * only gives something to the tool (a link, a folder of the system runtime) is no row: left out, there would be less.
 */

/* What of /proc is about the machine, and useful to nobody but an attacker. */
#define PLAN_COVERS(X)                                                                                                 \
	X("/proc/keys", "read-keys", "")                                                                               \
	X("/proc/kallsyms", "read-kallsyms", "")                                                                       \
	X("/proc/sysrq-trigger", "open-sysrq", "proc-read-only landlock host-id")                                      \
	X("/proc/timer_list", "read-timers", "host-id")

/* Made-up files; %u is the inside id. */
#define PLAN_TEXTS(X)                                                                                                  \
	X("/etc/passwd",                                                                                               \
	  "root:x:0:0:root:/root:/usr/sbin/nologin\n"                                                                  \
	  "tool:x:%u:%u:tool:/tmp:/bin/sh\n"                                                                           \
	  "nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",                                              \
	  "learn-machine", "")                                                                                         \
	X("/etc/group", "root:x:0:\ntool:x:%u:\nnogroup:x:65534:\n", "learn-machine", "")                              \
	X("/etc/hosts", "127.0.0.1 localhost cordon\n::1 localhost\n", "learn-machine", "")                            \
	X("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files\n", "learn-machine", "")     \
	X("/etc/machine-id", "00000000000000000000000000000000\n", "learn-machine", "")

/* What a readable "/" does not show: name, folder. */
#define PLAN_NOT_SHOWN(X)                                                                                              \
	X("top-proc", "proc", "list-processes", "")                                                                    \
	X("top-sys", "sys", "list-hardware", "")                                                                       \
	X("top-dev", "dev", "list-devices", "")                                                                        \
	X("top-run", "run", "list-services", "")

/* The other mounts, and how they are mounted: name, reason. */
#define PLAN_MOUNTS(X)                                                                                                 \
	X("/tmp", "a private one", "leave-in-tmp", "")                                                                 \
	X("/dev/shm", "a private one", "leave-in-shm", "")                                                             \
	X("/dev", "five harmless devices", "open-terminal", "landlock")                                                \
	X("/proc", "of the call's own processes", "see-processes", "")                                                 \
	X("proc-read-only", "a process may be changed through it", "write-own-memory", "landlock")                     \
	X("tmpfs-size", "memory is full before the watch looks", "fill-tmp", "limit-disk limit-memory")                \
	X("tmpfs-names", "names are kernel memory", "many-names-tmp", "limit-names")                                   \
	X("runtime-read-only", "the machine's own programs", "write-system", "landlock host-id")                       \
	X("bind-read-only", "what the profile only reads", "write-shown", "landlock")                                  \
	X("bind-no-devices", "a device node in a folder is a file like others", "open-shown-device", "")               \
	X("bind-private", "what is mounted on one side may not show on the other", "late-mount", "")                   \
	X("guard-read-only", "the policy stays as it is", "config-edit", "")                                           \
	X("guard-pin", "and so do the folders that lead to it", "config-move", "")                                     \
	X("guard-hidden", "Cordon's own data stays out", "read-data", "")

struct plan_rows { /* a plan being written; faults are kept and asked for once at the end */
	struct launch_plan *plan;
	bool nomem;
	bool full;
};

USE_RESULT int plan_rows_begin(struct plan_rows *rows, struct cordon_err *err);
/* A bind of the same path, or of the object where that is not -1. */
void plan_bind(struct plan_rows *rows, enum launch_mount_kind kind, const char *path, int32_t object);
void plan_cover(struct plan_rows *rows, const char *path);
void plan_rule(struct plan_rows *rows, const char *path, uint32_t access, int32_t object);
/* Whether something is mounted at exactly this path. */
bool plan_has(const struct plan_rows *rows, const char *path);
/* Whether the system runtime shows this path. */
bool plan_is_runtime(const char *path);
/* The system runtime, /dev, /tmp and /proc of rungs 1 and 2, with the rules for what is writable of them. */
void plan_rows_inside(struct plan_rows *rows, const struct scene *scene, const struct jail_limits *limits);
/* The system runtime and devices of rung 3: rules alone. */
void plan_rows_bare(struct plan_rows *rows, const struct scene *scene);
/* What a readable "/" adds. */
void plan_rows_top(struct plan_rows *rows, const struct scene *scene);
/* What /tmp may hold before the kernel says that it is full: a little more than the limit, so that the watch can tell. */
uint64_t plan_tmp_bytes(uint64_t disk_bytes);

#endif
