/* SPDX-License-Identifier: Apache-2.0 */
/*
 * direct.h - `cordon exec`: any program under a profile, recorded like a call; tool rules and the shield do not apply.
 */
#ifndef DIRECT_H
#define DIRECT_H

#include "sandbox/base/ident.h"
#include "sandbox/service.h"

struct exec_receipt { /* where it stands on the log */
	char call[IDENT_TEXT];
	uint64_t intent, outcome;
	bool intended, recorded; /* which of the two are written */
};

struct exec_request {
	const char *profile; /* NULL: tool */
	const char *const *argv;
	const struct jail_sink *sink;
	const char *cwd;
	struct exec_receipt *receipt; /* filled; may be NULL */
};
/* *outcome is filled (jail_outcome_release()) where the result is 0. An error after the intent is recorded as one. */
USE_RESULT int supervisor_exec(struct supervisor *supervisor, const struct exec_request *request,
			       struct jail_outcome *outcome, struct cordon_err *err);

#endif
