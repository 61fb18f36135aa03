/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cgroup.h - a control group for a call: a hard bound behind the watch, where this machine lets us make one.
 *
 * It is made below the group that we are in ourselves, as a delegated service or a container has it, and removed
 * afterwards. Where none can be made nothing changes: no promise rests on it.
 */
#ifndef JAIL_CGROUP_H
#define JAIL_CGROUP_H

#include <limits.h>

#include "sandbox/jail/jail.h"

#define CGROUP_PARTS 2 /* v1: memory and pids lie in trees of their own */

struct cgroup {
	char paths[CGROUP_PARTS][PATH_MAX]; /* "": none */
	int version;
};

/* 0: none can be made; 1 or 2. Makes none. */
int cgroup_version(void);
/* Makes the group with the limits, a little above what the watch kills at. A group that cannot be made is none. */
void cgroup_make(const struct jail_limits *limits, struct cgroup *group);
void cgroup_join(const struct cgroup *group, pid_t pid);
/* Whether the kernel had to kill for memory. */
bool cgroup_ran_out(const struct cgroup *group);
void cgroup_remove(struct cgroup *group);

#endif
