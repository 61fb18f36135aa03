/* SPDX-License-Identifier: Apache-2.0 */
/*
 * recover.h - what a writer does before it takes a record: make the log or find it sound, and find its end.
 */
#ifndef AUDIT_RECOVER_H
#define AUDIT_RECOVER_H

#include "sandbox/audit/log.h"

/*
 * Opens the log in `folder` (an open folder, taken), making it where there is none. Refuses a log that does not hold
 * together; drops only the torn end of the newest write-ahead log, with the first commit. Close with log_close().
 */
USE_RESULT int recover_log(int folder, struct log **out, struct cordon_err *err);
/* Reads the signing key and checks that it is the one in `vkey`. Forget it with seal_forget(). */
USE_RESULT int recover_seed(const struct log *log, struct seal_key *seed, struct cordon_err *err);

#endif
