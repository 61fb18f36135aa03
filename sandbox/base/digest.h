/* SPDX-License-Identifier: Apache-2.0 */
/*
 * digest.h - SHA-256 (FIPS 180-4), by libcrypto.
 */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include "sandbox/base/buf.h"

#define DIGEST_BYTES 32

struct digest {
	unsigned char bytes[DIGEST_BYTES];
};

/* SHA-256 over the parts one after another. Returns 0 or CORDON_ENOMEM. */
USE_RESULT int digest_parts(const struct cordon_slice *parts, size_t count, struct digest *out, struct cordon_err *err);
USE_RESULT int digest_of(struct cordon_slice bytes, struct digest *out, struct cordon_err *err);
/* 64 lower-case hex digits and NUL. */
void digest_hex(const struct digest *digest, char hex[2 * DIGEST_BYTES + 1]);

#endif
