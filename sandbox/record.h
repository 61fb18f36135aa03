/* SPDX-License-Identifier: Apache-2.0 */
/*
 * record.h - what is written on the audit log about a call: one intent before anything runs, one outcome before
 * anything is released.
 */
#ifndef RECORD_H
#define RECORD_H

#include "sandbox/call.h"
#include "sandbox/service.h"

/* What an intent says; texts are borrowed, NULL where there is none. */
struct record_intent {
	const char *call, *session, *door, *tool, *profile;
	struct cordon_slice args; /* JSON text: its SHA-256 and the first 4 KiB are written */
	const struct decision *decision;
};
USE_RESULT int record_intend(struct supervisor *supervisor, const struct record_intent *intent, uint64_t *index,
			     struct cordon_err *err);

/* What an outcome says. fault: Cordon's own, instead of the rest. */
struct record_outcome {
	const char *call;
	uint64_t intent;
	int status; /* exit status of `run` */
	const struct jail_outcome *outcome; /* NULL: no program ran */
	const struct call *screened; /* the call whose shield report and result are written; NULL */
	const char *fault;
};
USE_RESULT int record_conclude(struct supervisor *supervisor, const struct record_outcome *outcome, uint64_t *index,
			       struct cordon_err *err);

/* When a process was started, in the kernel's ticks since boot; 0 where there is no such process. */
uint64_t record_process_start(pid_t pid);
/* The intent of a call, as decided. */
USE_RESULT int record_call(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* The stage: what became of the call. */
USE_RESULT int stage_record(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* After a stage that failed: closes an intent that is on the log, as far as the log lets it. */
void record_broken(struct supervisor *supervisor, struct call *call, const struct cordon_err *fault);

#endif
