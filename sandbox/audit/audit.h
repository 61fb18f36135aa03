/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit.h - the log as its clients see it: append a record and have it durable; read it; check it.
 *
 * `cordon-log` alone holds the log's descriptors for writing and the signing key. A client appends through a channel and
 * gets the record's index back when the record is on disk (fdatasync), never before. The format on disk is C2SP
 * tlog-tiles with an Ed25519 checkpoint and a write-ahead log (docs/AUDIT.md).
 */
#ifndef AUDIT_AUDIT_H
#define AUDIT_AUDIT_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"

#define AUDIT_RECORD_MAX 65535 /* C2SP tlog-tiles: an entry's length is a uint16 */

struct audit; /* a connection to the log writer */

/*
 * Connects to the writer that serves `folder` (the audit/ folder of the data folder, made if absent), starting one where
 * none runs. Fails closed: a read-only folder, a full disk, a damaged log is an error with the remedy. A writer that was
 * started wakes up while the caller goes on, so what it finds wrong is told by the first audit_append(). After an error
 * the next call finds or starts another writer; nothing is ever repeated behind the caller's back.
 */
USE_RESULT int audit_open(const char *folder, struct audit **out, struct cordon_err *err);
void audit_close(struct audit *audit);
/* record: one JSON object, UTF-8, at most AUDIT_RECORD_MAX bytes. On success it is durable and *index is its place. */
USE_RESULT int audit_append(struct audit *audit, struct cordon_slice record, uint64_t *index, struct cordon_err *err);
/* Asks the writer to sign a checkpoint over everything that is durable, and waits for it. */
USE_RESULT int audit_checkpoint(struct audit *audit, struct cordon_err *err);

/* Reading needs no writer: entries under the checkpoint from the bundles, the rest from the write-ahead log. */
struct audit_reader;

USE_RESULT int audit_reader_open(const char *folder, struct audit_reader **out, struct cordon_err *err);
void audit_reader_close(struct audit_reader *reader);
/* Entries in all, and how many of them the checkpoint signs. */
uint64_t audit_reader_size(const struct audit_reader *reader, uint64_t *signed_size);
/* *record is borrowed until the next call on this reader. */
USE_RESULT int audit_reader_get(struct audit_reader *reader, uint64_t index, struct cordon_slice *record,
				struct cordon_err *err);

/* An intent that no outcome followed. */
#define AUDIT_CALL_MAX 64 /* bytes of a call's identifier, with its NUL */

struct audit_unfinished {
	char call[AUDIT_CALL_MAX];
	uint64_t index; /* of the intent */
};

/*
 * Lists the intents without an outcome among the last `records_max` records, newest first, at most `room` of them.
 * Returns how many, or an error. A call that is running just now is among them.
 */
USE_RESULT int audit_unfinished_calls(struct audit_reader *reader, uint64_t records_max, struct audit_unfinished *out,
				      size_t room, struct cordon_err *err);

struct audit_proof {
	bool intact;
	uint64_t size; /* entries in the log */
	uint64_t signed_size; /* ... under the checkpoint's signature */
	uint64_t checked; /* entries whose bytes were hashed */
	uint64_t unknown_outcome; /* intents without an outcome are counted by the caller, not here: 0 */
	char root[65]; /* hex */
	char key[128]; /* the vkey it was checked with */
	char fault[512]; /* where intact is false: what does not hold, and where */
};

/*
 * Recomputes everything from the entries up and compares with tiles and checkpoint. `vkey` NULL: the one in the folder.
 * Returns 0 with proof->intact telling; an error only where nothing could be read. Needs no writer, changes nothing.
 */
USE_RESULT int audit_verify(const char *folder, const char *vkey, struct audit_proof *proof, struct cordon_err *err);

#endif
