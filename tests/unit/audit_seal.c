// SPDX-License-Identifier: Apache-2.0
/*
 * audit_seal.c - SHA-256 and Ed25519 against the vectors of RFC 6962, RFC 8032 and FIPS 180-4.
 */
#include <criterion/criterion.h>

#include "sandbox/audit/seal.h"
#include "sandbox/base/encode.h"
#include "sandbox/base/slice.h"

static struct buf hex(const char *text)
{
	struct buf bytes = { 0 };

	buf_init(&bytes, 200);
	cr_assert_eq(decode_hex(&bytes, slice_of(text), NULL), 0);
	return bytes;
}

static void expect_digest(const struct digest *digest, const char *text)
{
	char found[2 * DIGEST_BYTES + 1];

	digest_hex(digest, found);
	cr_expect_str_eq(found, text);
}

Test(seal, hashes_are_those_of_the_standards)
{
	struct digest digest;

	seal_hash(SLICE("abc"), &digest);
	expect_digest(&digest, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	seal_leaf(SLICE(""), &digest);
	expect_digest(&digest, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d");
}

/* RFC 8032, 7.1, test 2. */
Test(seal, signatures_are_those_of_the_standard)
{
	cleanup_buf struct buf seed = hex("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb");
	cleanup_buf struct buf public_key = hex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	cleanup_buf struct buf expected = hex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
					      "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
	struct seal_signature signature;
	struct seal_key key, found;

	cr_assert_eq(seal_start(NULL), 0);
	memcpy(key.bytes, seed.data, SEAL_KEY);
	cr_assert_eq(seal_public(&key, &found, NULL), 0);
	cr_expect_arr_eq(found.bytes, public_key.data, SEAL_KEY);
	cr_assert_eq(seal_sign(&key, SLICE("r"), &signature, NULL), 0);
	cr_expect_arr_eq(signature.bytes, expected.data, SEAL_SIGNATURE);
	cr_expect_eq(seal_check(&found, SLICE("r"), &signature, NULL), 0);
	cr_expect_eq(seal_check(&found, SLICE("s"), &signature, NULL), CORDON_ECORRUPT);
	cr_expect_eq(seal_check(&found, SLICE(""), &signature, NULL), CORDON_ECORRUPT);
	cr_expect_eq(seal_check(&key, SLICE("r"), &signature, NULL), CORDON_ECORRUPT, "another key");
	signature.bytes[63] ^= 0x20;
	cr_expect_eq(seal_check(&found, SLICE("r"), &signature, NULL), CORDON_ECORRUPT);
}

Test(seal, a_seed_can_be_forgotten)
{
	struct seal_key seed = { { 1, 2, 3 } };
	const struct seal_key zero = { { 0 } };

	seal_forget(&seed);
	cr_expect_arr_eq(seed.bytes, zero.bytes, SEAL_KEY);
}
