/* SPDX-License-Identifier: Apache-2.0 */
/*
 * supervisor.h - the spine: a const table of stages over one struct call.
 *
 * What calls share is in service.h (supervisor_open() and the helpers); the JSON shapes are in outcome_json.h;
 * `cordon exec` is in direct.h.
 */
#ifndef SUPERVISOR_H
#define SUPERVISOR_H

#include "sandbox/call.h"
#include "sandbox/direct.h"
#include "sandbox/outcome_json.h"
#include "sandbox/service.h"

/* Runs every stage. 0 with call->reply filled whatever was decided; an error is a fault of Cordon's own, or arguments
 * that are not one JSON object (status 2, and nothing ran unrecorded). */
USE_RESULT int supervisor_call(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* As far as `decide`: nothing is run, counted, marked or recorded. call->reply.object is `explain --json`'s. */
USE_RESULT int supervisor_explain(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

#endif
