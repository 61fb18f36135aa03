// SPDX-License-Identifier: Apache-2.0
/*
 * digest.c - SHA-256 by libcrypto's EVP interface.
 */
#include "sandbox/base/digest.h"

#include <openssl/evp.h>

#include "sandbox/base/err.h"

static void free_context(EVP_MD_CTX **context)
{
	EVP_MD_CTX_free(*context);
}

int digest_parts(const struct cordon_slice *parts, size_t count, struct digest *out, struct cordon_err *err)
{
	CLEANUP(free_context) EVP_MD_CTX *context = EVP_MD_CTX_new();
	struct digest digest;

	if (!context || EVP_DigestInit_ex(context, EVP_sha256(), NULL) != 1)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++)
		if (EVP_DigestUpdate(context, parts[i].data, parts[i].len) != 1)
			return err_nomem(err);
	if (EVP_DigestFinal_ex(context, digest.bytes, NULL) != 1)
		return err_nomem(err);
	*out = digest;
	return 0;
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
