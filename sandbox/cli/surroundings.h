/* SPDX-License-Identifier: Apache-2.0 */
/*
 * surroundings.h - what a command takes from where it was called: folder, environment, config; and what it opens.
 */
#ifndef CLI_SURROUNDINGS_H
#define CLI_SURROUNDINGS_H

#include <limits.h>

#include "sandbox/cli/options.h"
#include "sandbox/supervisor.h"

struct surroundings {
	char cwd[PATH_MAX];
	struct policy_place place;
	struct policy *policy;
	struct supervisor *supervisor;
};

/* Folder and environment alone; opens nothing. */
USE_RESULT int surroundings_look(const struct options *options, struct surroundings *out, struct cordon_err *err);
/* ... and the policy. */
USE_RESULT int surroundings_load(const struct options *options, struct surroundings *out, struct cordon_err *err);
/* ... and a supervisor, which opens the rest when it is needed. */
USE_RESULT int surroundings_open(const struct options *options, struct surroundings *out, struct cordon_err *err);
void surroundings_close(struct surroundings *surroundings);
/* --session, else $CORDON_SESSION, else NULL. */
const char *surroundings_session(const struct options *options);
/* Tells on stderr what an earlier crash left without an outcome, and closes it on the log. */
void surroundings_recall(struct surroundings *surroundings);

#define cleanup_surroundings CLEANUP(surroundings_close)

#endif
