/* SPDX-License-Identifier: Apache-2.0 */
/*
 * state.h - state.db: trust, sessions, marks and buckets, shared by every process of the user.
 */
#ifndef POLICY_STATE_H
#define POLICY_STATE_H

#include "sandbox/base/db.h"

/* Makes the data folder (0700) where it is missing. */
USE_RESULT int state_open(const char *data, sqlite3 **out, struct cordon_err *err);

static inline void state_close(sqlite3 **db)
{
	db_close(*db);
}
#define cleanup_state CLEANUP(state_close)

/* Approves the bytes with this SHA-256 (64 hex digits) for the user of this process, in state.db of the data folder. */
USE_RESULT int state_trust(const char *data, const char *hex, struct cordon_err *err);
/* 1: approved; 0: not. */
USE_RESULT int state_trusted(const char *data, const char *hex, struct cordon_err *err);

#endif
