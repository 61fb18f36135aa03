/* SPDX-License-Identifier: Apache-2.0 */
/*
 * utf8.h - strict UTF-8 (RFC 3629: no overlong forms, no surrogates, at most U+10FFFF).
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>

#include "include/cordon.h"

/* Decodes the first character. Returns its width in bytes (1 to 4), 0 where the bytes are not UTF-8 or text is empty. */
size_t utf8_decode(struct cordon_slice text, uint32_t *rune);

/* Offset of the first byte that is not UTF-8; text.len where all of it is. */
size_t utf8_valid_until(struct cordon_slice text);

/* Writes rune (at most U+10FFFF, no surrogate) to out; returns the width. */
size_t utf8_encode(uint32_t rune, char out[4]);

/* Invisible or direction-changing characters (zero width, bidi, tags): never printed raw in a message. */
bool utf8_is_format(uint32_t rune);

#endif
