/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tree.h - the Merkle tree of RFC 6962 as its right edge: of each level of tiles, the hashes of the one that is not full.
 */
#ifndef AUDIT_TREE_H
#define AUDIT_TREE_H

#include "sandbox/audit/seal.h"

#define TREE_WIDTH 256 /* hashes in a full tile (C2SP tlog-tiles: height 8) */
#define TREE_LEVELS 8 /* 256^8 leaves is every index that a uint64 holds */

/* All zero is the empty tree. 64 KiB: allocate it. */
struct tree {
	uint64_t size; /* leaves */
	size_t width[TREE_LEVELS]; /* hashes in edge[level], below TREE_WIDTH between calls */
	struct digest edge[TREE_LEVELS][TREE_WIDTH];
};

/* Told of each tile that has just become full, lowest level first; not 0 ends the addition with that code. */
struct tree_watch {
	int (*full)(void *context, unsigned int level, uint64_t index, const struct digest *hashes,
		    struct cordon_err *err);
	void *context;
};

/* Adds one leaf hash; watch may be NULL. After an error the tree is not to be used any more. */
USE_RESULT int tree_add(struct tree *tree, const struct digest *leaf, const struct tree_watch *watch,
			struct cordon_err *err);
/* The root over all leaves: SHA-256 of nothing for none. */
void tree_root(const struct tree *tree, struct digest *root);
/* The root over `count` (1 to TREE_WIDTH) hashes of one tile. */
void tree_fold(const struct digest *hashes, size_t count, struct digest *root);

#endif
