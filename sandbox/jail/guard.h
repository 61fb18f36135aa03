/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guard.h - the watch in a thread of its own, so that a slow reader of the tool's output delays no limit.
 */
#ifndef JAIL_GUARD_H
#define JAIL_GUARD_H

#include <pthread.h>
#include <stdatomic.h>

#include "sandbox/jail/watch.h"

struct guard {
	pthread_t thread;
	bool running;
	bool stopped; /* the last look was taken */
	struct watch *watch; /* owned */
	int channel; /* borrowed: where LAUNCH_KILL is said */
	int init; /* pidfd of the tree's root, killed without the detour; -1 */
	int stop; /* eventfd; -1 */
	atomic_int reason; /* enum jail_reason; JAIL_ERROR: no limit was passed */
};

#define GUARD_FIRST_LOOK_NS 4000000ULL /* most calls are over by then, and no limit can be passed by much */

/* watch and init (a pidfd, or -1) are taken. Nothing runs yet: a call that is short needs no thread. */
void guard_open(struct watch *watch, int channel, int init, struct guard *guard);
/*
 * Starts the thread, if it does not run yet, which looks at once: due GUARD_FIRST_LOOK_NS after guard_open(), or before the
 * caller does anything that may block.
 */
USE_RESULT int guard_start(struct guard *guard, struct cordon_err *err);
/* Waits for the thread, if there is one, and looks a last time. Returns the processor time that the tree was seen to use. Accepts a zeroed guard. */
uint64_t guard_stop(struct guard *guard);
/* Stops and frees the watch. Accepts a zeroed guard. */
void guard_close(struct guard *guard);

#endif
