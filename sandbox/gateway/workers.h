/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workers.h - the threads that run tool calls while the door goes on listening.
 *
 * A supervisor belongs to one thread, so each worker opens its own (on its first call) over the one shared policy and the
 * one session; the session's state lives in state.db, the log in its writer, so workers share nothing else. A thread is
 * started when a call comes and all are busy, up to WORKERS_MAX; more calls wait in order.
 */
#ifndef GATEWAY_WORKERS_H
#define GATEWAY_WORKERS_H

#include "sandbox/supervisor.h"

#define WORKERS_MAX 8 /* a client that sends more at once waits: each may hold a tool's memory limit */
#define WORKERS_WAITING 256 /* calls in the queue: more are refused, as a flood or a mistake */

enum job_state { JOB_WAITING, JOB_RUNNING };

struct job {
	json_t *id; /* owned; the request's */
	bool modern; /* MCP 2026-07-28 */
	char *tool; /* owned */
	json_t *arguments; /* owned */
	enum job_state state;
	bool cancelled;
	int cancel[2]; /* pipe: closing [1] ends the call's tree */
	struct job *next;
};

struct workers;

struct workers_setup {
	const struct policy *policy; /* borrowed, read-only */
	const char *session; /* borrowed */
	/* On a worker's thread, when a call that was not cancelled has ended: rc < 0 with *err, or call->reply. */
	void (*answer)(void *ctx, const struct job *job, const struct call *call, int rc, const struct cordon_err *err);
	const char *const *environment; /* as struct supervisor's; borrowed */
	void *ctx;
};

USE_RESULT int workers_open(const struct workers_setup *setup, struct workers **out, struct cordon_err *err);
/* Takes id, arguments (both references) whatever the result; tool is copied. */
struct job_order {
	json_t *id;
	const char *tool;
	json_t *arguments;
	bool modern;
};
USE_RESULT int workers_submit(struct workers *workers, const struct job_order *order, struct cordon_err *err);
/* Ends the call with this id, which is then not answered. Unknown ids are ignored. */
void workers_cancel(struct workers *workers, const json_t *id);
/* True while a call with this id waits or runs. */
bool workers_has(struct workers *workers, const json_t *id);
/* Gives what runs or waits grace_ms to end, cancels the rest, ends all threads and their helpers. */
void workers_close(struct workers *workers, uint64_t grace_ms);

#endif
