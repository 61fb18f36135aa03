/* SPDX-License-Identifier: Apache-2.0 */
/*
 * note.h - C2SP signed-note, tlog-checkpoint and vkey: the text that is signed, and the names of keys.
 */
#ifndef AUDIT_NOTE_H
#define AUDIT_NOTE_H

#include "sandbox/audit/seal.h"

#define NOTE_NAME_MAX 80 /* "cordon/" and 32 hex digits: 39 */
#define NOTE_MAX 16384 /* a checkpoint with room for the cosignatures of a hundred witnesses */
#define NOTE_KEY_TEXT 160 /* a vkey or signer key: name, 8 hex digits, 44 of base64 and what stands between */

struct note_key {
	char name[NOTE_NAME_MAX]; /* the origin too */
	unsigned char id[4];
	struct seal_key public_key;
};

struct note_checkpoint {
	char origin[NOTE_NAME_MAX];
	uint64_t size;
	struct digest root;
};

/* Fills *key, its id included. A name is 1 to NOTE_NAME_MAX - 1 bytes without blank, control character or '+'. */
USE_RESULT int note_key_make(const char *name, const struct seal_key *public_key, struct note_key *key,
			     struct cordon_err *err);
/* name+id+base64, no line feed. */
USE_RESULT int note_key_format(const struct note_key *key, char text[NOTE_KEY_TEXT], struct cordon_err *err);
/* One final line feed is allowed. */
USE_RESULT int note_key_parse(struct cordon_slice text, struct note_key *key, struct cordon_err *err);

/* The private key as golang.org/x/mod/sumdb/note writes it: PRIVATE+KEY+name+id+base64. */
USE_RESULT int note_seed_format(const struct note_key *key, const struct seal_key *seed, char text[NOTE_KEY_TEXT],
				struct cordon_err *err);
/* Checks that the id belongs to the seed's own public key; *key is that key. */
USE_RESULT int note_seed_parse(struct cordon_slice text, struct note_key *key, struct seal_key *seed,
			       struct cordon_err *err);

/* Appends the whole note: three lines, a blank one, one signature by the seed. */
USE_RESULT int note_sign(const struct note_checkpoint *checkpoint, const struct note_key *key,
			 const struct seal_key *seed, struct buf *out, struct cordon_err *err);
/* Checks the form and the signature by `key`; signatures by other keys are passed over, as the specification asks. */
USE_RESULT int note_open(struct cordon_slice note, const struct note_key *key, struct note_checkpoint *checkpoint,
			 struct cordon_err *err);
/* Reads the three lines without asking who signed them. */
USE_RESULT int note_read(struct cordon_slice note, struct note_checkpoint *checkpoint, struct cordon_err *err);

#endif
