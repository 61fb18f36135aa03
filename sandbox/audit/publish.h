/* SPDX-License-Identifier: Apache-2.0 */
/*
 * publish.h - from durable to signed, in small steps, so that a client never waits for more than one of them.
 */
#ifndef AUDIT_PUBLISH_H
#define AUDIT_PUBLISH_H

#include "sandbox/audit/log.h"
#include "sandbox/audit/tile.h"

#define PUBLISH_FOLDERS_MAX 32 /* folders with new names; a log that just began has 7 */

enum publish_stage {
	PUBLISH_IDLE,
	PUBLISH_BUNDLES, /* one bundle, and the tiles that it fills */
	PUBLISH_EDGES, /* the tile of one level that is not full */
	PUBLISH_FOLDERS, /* one folder's names */
	PUBLISH_SIGN,
	PUBLISH_CLEAN
};

struct publish {
	struct log *log; /* borrowed */
	enum publish_stage stage;
	uint64_t size; /* what the checkpoint will sign */
	uint64_t next; /* entry that the next bundle begins with */
	size_t offset; /* ... and where it lies in the log's pending */
	unsigned int level; /* of PUBLISH_EDGES */
	char folders[PUBLISH_FOLDERS_MAX][TILE_PATH_MAX];
	size_t folder_count;
};

/* Begins a new write-ahead log; what is durable now is what will be signed. Only when idle. */
USE_RESULT int publish_begin(struct publish *publish, struct cordon_err *err);
/* One step. Returns 1 while there are more, 0 when the checkpoint is published; on an error the log has failed. */
USE_RESULT int publish_step(struct publish *publish, struct cordon_err *err);

#endif
