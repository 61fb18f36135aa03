/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervisor.h - the spine: a const table of stages over one struct call.
 *
 * A supervisor holds what calls share: policy, session, log connection, machine, and the helper programs that were
 * needed so far (each started on first use). It belongs to one thread.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "sandbox/audit/audit.h"
#include "sandbox/call.h"

struct supervisor {
	const struct policy *policy; /* borrowed */
	struct session *session;
	struct audit *audit;
	struct shield *shield;
	struct retriever *retriever;
	struct jail_machine machine;
	bool probed;
};

/* session NULL: the user's default one. */
USE_RESULT int supervisor_open(const struct policy *policy, const char *session, struct supervisor **out,
			       struct cordon_err *err);
void supervisor_close(struct supervisor *supervisor);
/* Runs every stage. 0 with call->reply filled whatever was decided; an error is a fault of Cordon's own (status 2, and
 * nothing ran unrecorded). */
USE_RESULT int supervisor_call(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* As far as `decide`: nothing is run, counted, marked or recorded. */
USE_RESULT int supervisor_explain(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

/* The helpers, started on first use and kept; borrowed. */
USE_RESULT int supervisor_shield(struct supervisor *supervisor, struct shield **out, struct cordon_err *err);
USE_RESULT int supervisor_retriever(struct supervisor *supervisor, struct retriever **out, struct cordon_err *err);
USE_RESULT int supervisor_machine(struct supervisor *supervisor, const struct jail_machine **out,
				  struct cordon_err *err);

/* `cordon exec`: any program under a profile, recorded like a call; tool rules and the shield do not apply. */
struct exec_request {
	const char *profile; /* NULL: tool */
	const char *const *argv;
	const struct jail_sink *sink;
	const char *cwd;
};
USE_RESULT int supervisor_exec(struct supervisor *supervisor, const struct exec_request *request,
			       struct jail_outcome *outcome, struct cordon_err *err);

/* DESIGN's `exec` object of an outcome, new reference. text: stdout and stderr are put in. */
json_t *outcome_to_json(const struct jail_outcome *outcome, bool text);
/* DESIGN's `scan` object of a report, new reference. file, id may be NULL; excerpts: false where text is held back. */
json_t *report_to_json(const struct shield_report *report, const char *id, const char *file, bool excerpts);

#endif
