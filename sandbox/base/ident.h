/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ident.h - random ids and clocks.
 */
#ifndef BASE_IDENT_H
#define BASE_IDENT_H

#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

#define IDENT_TEXT 33 /* 32 hex digits (128 bits of getrandom()) and NUL */

USE_RESULT int ident_make(char text[IDENT_TEXT], struct cordon_err *err);

uint64_t clock_monotonic_ns(void);
uint64_t clock_real_ms(void);
/* RFC 3339 UTC with milliseconds: 2026-12-01T02:03:04.567Z and NUL. */
void clock_rfc3339(uint64_t real_ms, char text[32]);

#endif
