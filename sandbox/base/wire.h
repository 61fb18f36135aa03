/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wire.h - the encoding between Cordon's own programs: little-endian integers and counted bytes, one after another,
 * no tags. Reader and writer walk the same fields in the same order, so a message's layout is written down once, beside
 * the struct that it carries. A reader that runs past the end turns bad, gives zeros from then on, and is asked once at
 * the end: wire_done().
 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"

struct wire_reader {
	struct cordon_slice bytes;
	size_t at;
	bool bad;
};

/* Writers append to out and return 0 or buf_add()'s error. */
USE_RESULT int wire_put_u32(struct buf *out, uint32_t value, struct cordon_err *err);
USE_RESULT int wire_put_u64(struct buf *out, uint64_t value, struct cordon_err *err);
USE_RESULT int wire_put_f64(struct buf *out, double value, struct cordon_err *err);
/* u32 length, then the bytes. */
USE_RESULT int wire_put_bytes(struct buf *out, struct cordon_slice bytes, struct cordon_err *err);
/* NULL is written as an empty text. */
USE_RESULT int wire_put_text(struct buf *out, const char *text, struct cordon_err *err);

struct wire_reader wire_reader_of(struct cordon_slice bytes);
uint32_t wire_get_u32(struct wire_reader *reader);
uint64_t wire_get_u64(struct wire_reader *reader);
double wire_get_f64(struct wire_reader *reader);
/* Borrowed from the message. */
struct cordon_slice wire_get_bytes(struct wire_reader *reader);
/* malloc()ed copy, NUL-terminated; turns the reader bad and gives NULL for a text with NUL in it or out of memory. */
char *wire_get_text(struct wire_reader *reader);
/* True when every field was there and nothing is left over. */
bool wire_done(const struct wire_reader *reader);

#endif
