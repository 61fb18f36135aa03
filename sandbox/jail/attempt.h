/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attempt.h - one attempt to run a program: begun, so that the launcher builds the inside, and then ended, with the program's
 * run in between. Up to attempt_end() nothing foreign has been executed.
 */
#ifndef JAIL_ATTEMPT_H
#define JAIL_ATTEMPT_H

#include "sandbox/base/program.h"
#include "sandbox/jail/guard.h"
#include "sandbox/jail/plan.h"
#include "sandbox/jail/stream.h"

struct attempt {
	const struct jail_spec *spec; /* the first three: borrowed */
	const struct jail_sink *sink;
	struct jail_outcome *outcome;
	struct scene scene;
	struct plan plan;
	struct disk *disk;
	struct streams streams;
	struct program program;
	struct guard guard;
	uint64_t guard_ns; /* when its thread is to be started; NEVER: not needed, or it runs */
	uint64_t started_ns, ended_ns; /* from the word to the launcher's report */
	uint64_t deadline_ns; /* when the tree is killed, or the launcher where it was told already; NEVER */
	enum jail_reason killed; /* by this thread */
	bool signalled; /* a signal was passed on */
	bool told; /* LAUNCH_KILL was sent */
	int cancel_fd;
	uint64_t watch_cpu_ms;
	bool over;
	struct launch_report report;
	struct launch_failure failure; /* subject: malloc()ed */
	bool failed; /* nothing ran, and failure says why */
};

struct attempt_means {
	const struct jail_machine *machine;
	const char *folder; /* rung 3: the call's own folder below /tmp */
	struct program *launcher; /* NULL or one that waits for a plan: taken */
};

/* *attempt: spec, sink, outcome and scene.by_owner are set, all else is zero. attempt_close() it, also after a failure. */
USE_RESULT int attempt_begin(struct attempt *attempt, const struct attempt_means *means, struct cordon_err *err);
/* 0 with attempt->failed: nothing ran; 0 without: *attempt->outcome is filled, and no process of the call is left. */
USE_RESULT int attempt_end(struct attempt *attempt, struct cordon_err *err);
void attempt_close(struct attempt *attempt);

#endif
