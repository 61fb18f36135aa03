/* SPDX-License-Identifier: Apache-2.0 */
/*
 * service.h - what calls share: policy, session, log connection, machine, and the programs that were needed so far.
 *
 * Each is opened on first use, because start-up is paid by every `cordon exec`: a command that opens no store links to
 * none, and `explain` starts nothing at all. A supervisor belongs to one thread.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include "retriever/retriever.h"
#include "sandbox/audit/audit.h"
#include "sandbox/policy/policy.h"

struct supervisor {
	const struct policy *policy; /* borrowed */
	const char *const *environment; /* the caller's, NAME=value, set by the door; borrowed; NULL: empty */
	char *session_name; /* as the door gave it; NULL: the user's default one */
	struct session *session; /* these four: NULL until supervisor_...() below was asked */
	struct audit *audit;
	struct shield *shield;
	struct retriever *retriever;
	struct program launcher; /* started ahead of the next call; pid 0: none */
	struct jail_machine machine;
	bool probed;
};

/* session NULL: the user's default one. Opens nothing yet. */
USE_RESULT int supervisor_open(const struct policy *policy, const char *session, struct supervisor **out,
			       struct cordon_err *err);
void supervisor_close(struct supervisor *supervisor);

/* Opened on first use and kept; borrowed. */
USE_RESULT int supervisor_session(struct supervisor *supervisor, struct session **out, struct cordon_err *err);
USE_RESULT int supervisor_audit(struct supervisor *supervisor, struct audit **out, struct cordon_err *err);
/* A reader of the log, to be closed by the caller; *out NULL where there is no log yet. */
USE_RESULT int supervisor_reader(const struct supervisor *supervisor, struct audit_reader **out,
				 struct cordon_err *err);
static inline void supervisor_reader_done(struct audit_reader **reader)
{
	audit_reader_close(*reader);
}
USE_RESULT int supervisor_shield(struct supervisor *supervisor, struct shield **out, struct cordon_err *err);
USE_RESULT int supervisor_retriever(struct supervisor *supervisor, struct retriever **out, struct cordon_err *err);
/*
 * Starts a launcher for the next call, so that the call does not wait for it: for doors that stay, once an answer is out.
 * Does nothing where there is one; where it cannot be started the next call will say why.
 */
void supervisor_ready_launcher(struct supervisor *supervisor);
USE_RESULT int supervisor_machine(struct supervisor *supervisor, const struct jail_machine **out,
				  struct cordon_err *err);

#endif
