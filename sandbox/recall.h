/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recall.h - what an earlier crash left behind on the log: intents whose outcome nobody will write any more.
 */
#ifndef RECALL_H
#define RECALL_H

#include "sandbox/service.h"

/*
 * Tells each call among the last records that has an intent, no outcome, and no living supervisor, and closes it with an
 * outcome that says so; the next start is silent about it. A log that is not there yet has none.
 */
USE_RESULT int recall_crashed(struct supervisor *supervisor, void (*tell)(void *ctx, const char *sentence), void *ctx,
			      struct cordon_err *err);

#endif
