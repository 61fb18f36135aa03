/* SPDX-License-Identifier: Apache-2.0 */
/*
 * encode.h - hex and base64 (RFC 4648, sections 4 and 8), and base64url without padding (section 5).
 */
#ifndef BASE_ENCODE_H
#define BASE_ENCODE_H

#include "sandbox/base/buf.h"

USE_RESULT int encode_hex(struct buf *out, struct cordon_slice bytes, struct cordon_err *err);
USE_RESULT int encode_base64(struct buf *out, struct cordon_slice bytes, struct cordon_err *err);
USE_RESULT int encode_base64url(struct buf *out, struct cordon_slice bytes, struct cordon_err *err);
/* Strict: canonical padding, no other byte. */
USE_RESULT int decode_base64(struct buf *out, struct cordon_slice text, struct cordon_err *err);
USE_RESULT int decode_hex(struct buf *out, struct cordon_slice text, struct cordon_err *err);

#endif
