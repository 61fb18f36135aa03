// SPDX-License-Identifier: Apache-2.0
/*
 * digest.c - SHA-256 by libcrypto.
 *
 * The plain functions, not EVP: fetching an algorithm costs a millisecond at its first use, which every start of Cordon
 * would pay, and for SHA-256 there is nothing to choose.
 */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "sandbox/base/digest.h"

#include <openssl/sha.h>

#include "sandbox/base/err.h"

int digest_parts(const struct cordon_slice *parts, size_t count, struct digest *out, struct cordon_err *err)
{
	SHA256_CTX context;

	if (SHA256_Init(&context) != 1)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (SHA256_Update(&context, parts[i].data, parts[i].len) != 1)
			return err_nomem(err);
	return SHA256_Final(out->bytes, &context) == 1 ? 0 : err_nomem(err);
}

int digest_of(struct cordon_slice bytes, struct digest *out, struct cordon_err *err)
{
	return digest_parts(&bytes, 1, out, err);
}

void digest_hex(const struct digest *digest, char hex[2 * DIGEST_BYTES + 1])
{
	for (size_t i = 0; i < DIGEST_BYTES; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest->bytes[i]);
}
