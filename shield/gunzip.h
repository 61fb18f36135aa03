/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gunzip.h - a .gz file unpacked, inside the confined child.
 */
#ifndef SHIELD_GUNZIP_H
#define SHIELD_GUNZIP_H

#include <stdbool.h>

#include "sandbox/base/buf.h"

/* All members of the file, appended to out (limit: out's own). What is cut off, damaged or a bomb is CORDON_EINVAL. */
USE_RESULT int gunzip_all(struct cordon_slice packed, struct buf *out, struct cordon_err *err);

#endif
