/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h - the writer's hold on one log: what is durable, what is signed, and what lies between.
 */
#ifndef AUDIT_LOG_H
#define AUDIT_LOG_H

#include <stdbool.h>

#include "sandbox/audit/note.h"
#include "sandbox/audit/tree.h"

#define LOG_PENDING_MAX (96U << 20) /* entries not yet in full bundles; publishing starts long before */
#define LOG_PENDING_HIGH (32U << 20) /* ... here */
#define LOG_BATCH_MAX (8U << 20) /* frames of one flush */

struct log {
	int folder;
	int wal; /* the newest write-ahead log */
	uint64_t wal_first; /* its first index */
	uint64_t wal_bytes; /* its length as far as it is durable */
	uint64_t torn_bytes; /* what a crash left behind that */
	bool folder_dirty; /* a write-ahead log was made and its name is not yet durable */
	bool boot_owed; /* the boot record goes with the first append */
	uint64_t found; /* entries at the start */
	uint64_t size; /* entries that are durable, the pending ones included */
	uint64_t signed_size; /* entries under the checkpoint */
	uint64_t pending_first; /* index of the first entry in pending: a multiple of TREE_WIDTH */
	struct buf pending; /* entries from there on, as bundles have them */
	struct buf batch; /* frames that the next commit makes durable */
	uint64_t batch_count;
	bool failed; /* a write went wrong: nothing is taken any more */
	struct cordon_err fault; /* ... and why */
	struct note_key key;
	struct tree tree; /* over the entries under the checkpoint */
};

/* Puts a record into the batch; *index is its place once log_commit() has succeeded. */
USE_RESULT int log_stage(struct log *log, struct cordon_slice record, uint64_t *index, struct cordon_err *err);
/*
 * Makes the batch durable: one write, one flush. On failure nothing of the batch is left in the file, and the log is
 * failed: it takes no more.
 */
USE_RESULT int log_commit(struct log *log, struct cordon_err *err);
/* Writes the boot record by itself where a torn end is to be dropped before a new write-ahead log begins. */
USE_RESULT int log_settle(struct log *log, struct cordon_err *err);
/* Adds to the sentence in *err what can be done about it; returns code. */
int log_explain(int code, struct cordon_err *err);
/* Marks the log as failed with *err, which gets the remedy; returns code. */
int log_fail(struct log *log, int code, struct cordon_err *err);
void log_close(struct log *log);

#endif
