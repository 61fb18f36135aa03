/* SPDX-License-Identifier: Apache-2.0 */
/*
 * screen.h - the stage that reads what came back before anybody else does, and the cutting of what may not be shown.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include "sandbox/call.h"
#include "sandbox/service.h"

/* Never fails for the shield's sake: where it can say nothing, the content is held. */
USE_RESULT int stage_scan(struct supervisor *supervisor, struct call *call, struct cordon_err *err);

/*
 * Applies the policy's actions to a scanned text: call->screen.held, or call->screen.text with the findings that call for
 * it replaced by "[redacted: kind]"; call->screen.redacted tells whether any was.
 */
USE_RESULT int screen_apply(const struct policy *policy, const struct shield_report *report, struct cordon_slice text,
			    struct call *call, struct cordon_err *err);

#endif
