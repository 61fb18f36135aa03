// SPDX-License-Identifier: Apache-2.0
/*
 * base_digest.c - SHA-256 against the vectors of FIPS 180-4.
 */
#include "sandbox/base/digest.h"

#include "tests/unit/base_scratch.h"

TestSuite(digest, .init = scratch_make, .fini = scratch_drop);

static void expect_hex(struct cordon_slice bytes, const char *wanted)
{
	struct digest digest = { 0 };
	char hex[2 * DIGEST_BYTES + 1];

	cr_assert_eq(digest_of(bytes, &digest, NULL), 0);
	digest_hex(&digest, hex);
	cr_expect_str_eq(hex, wanted);
}

Test(digest, agrees_with_the_standard)
{
	cleanup_free char *million = malloc(1000000);

	expect_hex(SLICE(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	expect_hex(SLICE("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	expect_hex(SLICE("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
		   "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
	cr_assert_not_null(million);
	memset(million, 'a', 1000000);
	expect_hex((struct cordon_slice){ million, 1000000 },
		   "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

Test(digest, of_parts_is_that_of_the_whole)
{
	const struct cordon_slice parts[] = { SLICE("a"), { NULL, 0 }, SLICE("b"), SLICE("c") };
	struct digest whole = { 0 };
	struct digest joined = { 0 };

	cr_assert_eq(digest_of(SLICE("abc"), &whole, NULL), 0);
	cr_assert_eq(digest_parts(parts, ARRAY_LEN(parts), &joined, NULL), 0);
	cr_expect_arr_eq(whole.bytes, joined.bytes, DIGEST_BYTES);
	cr_assert_eq(digest_of(SLICE("abd"), &joined, NULL), 0);
	cr_expect_arr_neq(whole.bytes, joined.bytes, DIGEST_BYTES);
}
