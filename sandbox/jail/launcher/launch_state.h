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
	struct { /* from the launcher to init, which was born before it came; whole when init is told to begin */
		int fds[CHANNEL_FDS_MAX]; /* 0, 1, 2 of the tool, then the plan's objects */
		size_t fd_count;
		int binds[LAUNCH_MOUNTS_MAX]; /* detached mounts that were opened as root, by index of the plan's; -1 */
		size_t request_len;
		char request[LAUNCH_REQUEST_MAX];
	} order;
};

/* To init, in this order. */
enum launch_word {
	LAUNCH_WORD_BEGIN = 254, /* the id maps are written: build the inside */
	LAUNCH_WORD_GO = 255 /* execute the program */
};

struct launch_state {
	struct launch_plan plan;
	bool bare; /* no namespaces: rung 3 */
	int channel;
	int stdio[3];
	const int *objects; /* O_PATH descriptors that came with the plan; borrowed */
	size_t object_count;
	struct launch_shared *shared;
	int launcher; /* for init: a descriptor of the launcher, readable at its end */
	int control[2]; /* launcher -> init: the two words below, then signal numbers; its end is the end */
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
