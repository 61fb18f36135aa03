/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_state.h - what the three processes of `cordon-launch` share, and how a step says that it failed.
 *
 * `shared` lies in memory that launcher, init and the tool's child (until exec) all see: a step that fails writes itself
 * there and its process ends, so no message has to cross a namespace.
 */
#ifndef JAIL_LAUNCH_STATE_H
#define JAIL_LAUNCH_STATE_H

#include <sys/types.h>

#include "sandbox/base/channel.h"
#include "sandbox/jail/launch.h"
#include "sandbox/jail/launch_steps.h"

#define LAUNCH_SUBJECT_MAX 512

struct launch_shared {
	int failed; /* a step did not succeed: the next three say which and why */
	uint32_t step;
	int32_t os_errno;
	char subject[LAUNCH_SUBJECT_MAX];
	int exec_errno;
	int ended; /* the tool's wait status is there */
	struct launch_report report;
};

struct launch_state {
	struct launch_plan plan;
	int channel;
	int stdio[3];
	const int *objects; /* O_PATH descriptors that came with the plan; borrowed */
	size_t object_count;
	struct launch_shared *shared;
	int control[2]; /* launcher -> init: one byte to begin, then signal numbers; its end is the end */
	int binds[LAUNCH_MOUNTS_MAX]; /* detached mounts, by index of the plan's mounts; -1 */
	int proc; /* the detached /proc; -1 */
	int rules; /* Landlock ruleset; -1 */
	int listener; /* of the filter; -1 */
	pid_t tool;
};

struct launch_row {
	enum launch_step step;
	int (*run)(struct launch_state *state); /* 0, or -1 with errno set */
};

/* Runs the rows in order. On failure fills state->shared and returns -1. */
int launch_run(struct launch_state *state, const struct launch_row *rows, size_t count);
/* What the failing step was about; called before it returns. */
void launch_subject(struct launch_state *state, const char *subject);

#endif
