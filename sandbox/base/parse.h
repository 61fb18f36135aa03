/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parse.h - numbers, sizes, times and rates as people write them. The whole text is the value or it is an error.
 */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

enum rate_period { RATE_SECOND = 1, RATE_MINUTE, RATE_HOUR, RATE_DAY, RATE_SESSION };

struct rate {
	uint64_t max; /* calls */
	enum rate_period period;
};

/* Decimal digits only, no sign, no leading zero but "0" itself. */
USE_RESULT int parse_u64(struct cordon_slice text, uint64_t *value, struct cordon_err *err);
/* Also "-"; all of int64. */
USE_RESULT int parse_i64(struct cordon_slice text, int64_t *value, struct cordon_err *err);
/* "64K", "1M", "2G": powers of 1024; "0" needs no unit, everything else does ("64" is an error that says so). */
USE_RESULT int parse_bytes(struct cordon_slice text, uint64_t *bytes, struct cordon_err *err);
/* "250ms", "10s", "5m", "2h". */
USE_RESULT int parse_duration_ms(struct cordon_slice text, uint64_t *ms, struct cordon_err *err);
/* "30/min", "5/session": N/s|min|h|day|session, N at least 1. */
USE_RESULT int parse_rate(struct cordon_slice text, struct rate *rate, struct cordon_err *err);

#endif
