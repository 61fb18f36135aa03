/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_rows.h - the rows of a plan: what every call has, and adding to it.
 */
#ifndef JAIL_PLAN_ROWS_H
#define JAIL_PLAN_ROWS_H

#include "sandbox/jail/launch.h"
#include "sandbox/jail/scene.h"

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
