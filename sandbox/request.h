/* SPDX-License-Identifier: Apache-2.0 */
/*
 * request.h - the stages before anything runs: parse, gather, decide, intend.
 */
#ifndef REQUEST_H
#define REQUEST_H

#include "sandbox/call.h"
#include "sandbox/service.h"

/* CORDON_EINVAL where the arguments are not one JSON object; what else is wrong with them is left to `decide`. */
USE_RESULT int stage_parse(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
USE_RESULT int stage_gather(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
USE_RESULT int stage_decide(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* Takes tokens and sets marks of an allowed call, then makes the intent durable. */
USE_RESULT int stage_intend(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

#endif
