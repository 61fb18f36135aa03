/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reply.h - the last stage: MCP content blocks for the model, and the whole object for the operator.
 */
#ifndef REPLY_H
#define REPLY_H

#include "sandbox/call.h"
#include "sandbox/service.h"

USE_RESULT int stage_reply(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
/* `explain --json`'s object, put into call->reply.object. */
USE_RESULT int reply_explain(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

#endif
