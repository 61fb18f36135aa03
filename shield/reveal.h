/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reveal.h - what is in the characters themselves: text that nobody sees, direction tricks, broken UTF-8, and the marks
 * that separate the turns of a chat.
 */
#ifndef SHIELD_REVEAL_H
#define SHIELD_REVEAL_H

#include "shield/decode.h"

/* Text found in invisible characters goes to the target's sink, one level deeper. */
USE_RESULT int reveal_piece(const struct decode_target *target, const struct piece *piece, struct cordon_err *err);
USE_RESULT int reveal_marks(const struct decode_target *target, const struct piece *piece, struct cordon_err *err);

#endif
