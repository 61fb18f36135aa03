/* SPDX-License-Identifier: Apache-2.0 */
/*
 * enact.h - the stage that does what was allowed: a program in the jail, or a question to the store.
 */
#ifndef ENACT_H
#define ENACT_H

#include "sandbox/call.h"
#include "sandbox/service.h"

USE_RESULT int stage_run(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

#endif
