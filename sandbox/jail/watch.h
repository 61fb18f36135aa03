/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch.h - the limits that the kernel does not bound for a tree: memory, processor time, disk and names, wall clock.
 */
#ifndef JAIL_WATCH_H
#define JAIL_WATCH_H

#include "sandbox/jail/disk.h"

struct watch;

struct watch_scope {
	const struct jail_limits *limits; /* borrowed */
	struct disk *disk; /* borrowed */
	int proc_fd; /* taken: root of a /proc that shows the tree and nothing else; -1: the host's is searched */
	pid_t init; /* host pid of the tree's root */
	bool private_tmp; /* /tmp and /dev/shm inside are the call's own */
	uint64_t started_ns; /* monotonic: when the wall clock began */
};

USE_RESULT int watch_open(const struct watch_scope *scope, struct watch **out, struct cordon_err *err);
void watch_close(struct watch *watch);
/*
 * Looks once. True where a limit is passed, with *reason; else *again_ns is how long nothing can go wrong by much.
 */
bool watch_look(struct watch *watch, enum jail_reason *reason, uint64_t *again_ns);
/* Looks once more after the tree has ended: at what it left on the call's own tmpfs and in the writable folders. */
bool watch_last(struct watch *watch, enum jail_reason *reason);
uint64_t watch_cpu_ms(const struct watch *watch);

#endif
