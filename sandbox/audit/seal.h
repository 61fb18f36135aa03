/* SPDX-License-Identifier: Apache-2.0 */
/*
 * seal.h - SHA-256 as the tree uses it, and Ed25519 over a note: this room's only door to libcrypto.
 */
#ifndef AUDIT_SEAL_H
#define AUDIT_SEAL_H

#include "sandbox/base/buf.h"
#include "sandbox/base/digest.h"

#define SEAL_KEY 32 /* an Ed25519 seed, and a public key */
#define SEAL_SIGNATURE 64

struct seal_key {
	unsigned char bytes[SEAL_KEY];
};

struct seal_signature {
	unsigned char bytes[SEAL_SIGNATURE];
};

/* SHA-256 of nothing, of one slice, of 0x00 and an entry, of 0x01 and two nodes (RFC 6962, section 2.1). */
void seal_hash(struct cordon_slice bytes, struct digest *out);
void seal_leaf(struct cordon_slice entry, struct digest *out);
void seal_node(const struct digest *left, const struct digest *right, struct digest *out);

/* Readies libcrypto without its configuration file, which a confined program could not read. Call it once, first. */
USE_RESULT int seal_start(struct cordon_err *err);
USE_RESULT int seal_public(const struct seal_key *seed, struct seal_key *public_key, struct cordon_err *err);
USE_RESULT int seal_sign(const struct seal_key *seed, struct cordon_slice text, struct seal_signature *out,
			 struct cordon_err *err);
/* 0 where the signature holds, CORDON_ECORRUPT where it does not. */
USE_RESULT int seal_check(const struct seal_key *public_key, struct cordon_slice text,
			  const struct seal_signature *signature, struct cordon_err *err);
/* Overwrites a seed so that the compiler cannot leave it out. */
void seal_forget(struct seal_key *seed);

#endif
