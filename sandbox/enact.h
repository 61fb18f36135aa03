/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enact.h - the stages that do what was allowed: a program in the jail, or a question to the store.
 */
#ifndef ENACT_H
#define ENACT_H

#include "sandbox/call.h"
#include "sandbox/service.h"

/* Begins a program's run, so that its inside is built while the intent is written. What fails here is told by stage_run(). */
USE_RESULT int stage_prepare(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
USE_RESULT int stage_run(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

#endif
