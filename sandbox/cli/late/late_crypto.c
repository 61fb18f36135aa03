// SPDX-License-Identifier: Apache-2.0
/*
 * late_crypto.c - Ed25519 by libcrypto, for checking a signature.
 *
 * SHA-256 is not here: each start needs it, so it is taken out of libcrypto.a (five small objects) when `cordon` is linked.
 */
#include "sandbox/cli/late/late.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#define TEXT_OF(number) #number
#define SONAME_OF(version) "libcrypto.so." TEXT_OF(version)
#define SONAME SONAME_OF(OPENSSL_SHLIB_VERSION)

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(int, EVP_DigestSign,											       \
	  (EVP_MD_CTX *ctx, unsigned char *signature, size_t *room, const unsigned char *text, size_t len),	       \
	  ctx, signature, room, text, len)									       \
	X(int, EVP_DigestSignInit,										       \
	  (EVP_MD_CTX *ctx, EVP_PKEY_CTX **inner, const EVP_MD *type, ENGINE *engine, EVP_PKEY *key),		       \
	  ctx, inner, type, engine, key)									       \
	X(int, EVP_DigestVerify,										       \
	  (EVP_MD_CTX *ctx, const unsigned char *signature, size_t size, const unsigned char *text, size_t len),       \
	  ctx, signature, size, text, len)									       \
	X(int, EVP_DigestVerifyInit,										       \
	  (EVP_MD_CTX *ctx, EVP_PKEY_CTX **inner, const EVP_MD *type, ENGINE *engine, EVP_PKEY *key),		       \
	  ctx, inner, type, engine, key)									       \
	X(void, EVP_MD_CTX_free, (EVP_MD_CTX *ctx), ctx)							       \
	X(EVP_MD_CTX *, EVP_MD_CTX_new, (void), )								       \
	X(void, EVP_PKEY_free, (EVP_PKEY *key), key)								       \
	X(int, EVP_PKEY_get_raw_public_key, (const EVP_PKEY *key, unsigned char *bytes, size_t *len), key, bytes, len) \
	X(EVP_PKEY *, EVP_PKEY_new_raw_private_key,								       \
	  (int type, ENGINE *engine, const unsigned char *bytes, size_t len), type, engine, bytes, len)		       \
	X(EVP_PKEY *, EVP_PKEY_new_raw_public_key,								       \
	  (int type, ENGINE *engine, const unsigned char *bytes, size_t len), type, engine, bytes, len)		       \
	X(int, OPENSSL_init_crypto, (uint64_t options, const OPENSSL_INIT_SETTINGS *settings), options, settings)
/* clang-format on */

LATE_LIBRARY(SONAME, FUNCTIONS, LATE_NO_HELPERS)
