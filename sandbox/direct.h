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
	struct program *launcher; /* from jail_start_launcher(), taken where it is used; NULL: none was started ahead */
};

struct exec_run;

/*
 * Begins: the inside is built while the caller goes on, and nothing foreign is executed. request and what it points to are
 * borrowed up to the end. A run that cannot be is begun all the same, as it is to be recorded.
 */
USE_RESULT int supervisor_exec_begin(struct supervisor *supervisor, const struct exec_request *request,
				     struct exec_run **out, struct cordon_err *err);
/*
 * Writes the intent, executes the program, writes the outcome. *outcome is filled (jail_outcome_release()) where the result
 * is 0, *receipt always. An error after the intent is recorded as one. Frees run.
 */
USE_RESULT int supervisor_exec_end(struct exec_run *run, struct jail_outcome *outcome, struct exec_receipt *receipt,
				   struct cordon_err *err);

#endif
