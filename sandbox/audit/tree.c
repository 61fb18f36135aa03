// SPDX-License-Identifier: Apache-2.0
/*
 * tree.c - the Merkle tree of RFC 6962, kept as its right edge.
 *
 * RFC 6962 splits n leaves at the largest power of two below n. Bottom up that is: pair neighbours, and let an odd last
 * one rise as it is. The same holds for tiles, where what is left of a lower level counts as one last hash of the level
 * above, so the root needs only the tiles that are not full: at most 255 hashes of each level.
 */
#include "sandbox/audit/tree.h"

#include <stdbool.h>
#include <string.h>

#define FOLD_MAX (TREE_WIDTH + 1) /* a tile's hashes and the rest of the level below */

/* Consumes the hashes. */
static void fold(struct digest *hashes, size_t count)
{
	while (count > 1) {
		size_t pairs = count / 2;

		for (size_t i = 0; i < pairs; i++)
			seal_node(&hashes[2 * i], &hashes[2 * i + 1], &hashes[i]);
		if (count % 2)
			hashes[pairs] = hashes[count - 1];
		count = pairs + count % 2;
	}
}

void tree_fold(const struct digest *hashes, size_t count, struct digest *root)
{
	struct digest work[TREE_WIDTH];

	memcpy(work, hashes, count * sizeof(*hashes));
	fold(work, count);
	*root = work[0];
}

int tree_add(struct tree *tree, const struct digest *leaf, const struct tree_watch *watch, struct cordon_err *err)
{
	struct digest hash = *leaf;
	uint64_t index = tree->size / TREE_WIDTH;

	tree->size++;
	for (unsigned int level = 0; level < TREE_LEVELS; level++) {
		int rc = 0;

		tree->edge[level][tree->width[level]++] = hash;
		if (tree->width[level] < TREE_WIDTH)
			break;
		if (watch)
			rc = watch->full(watch->context, level, index, tree->edge[level], err);
		if (rc < 0)
			return rc;
		tree_fold(tree->edge[level], TREE_WIDTH, &hash);
		tree->width[level] = 0;
		index /= TREE_WIDTH;
	}
	return 0;
}

void tree_root(const struct tree *tree, struct digest *root)
{
	struct digest work[FOLD_MAX];
	bool rest = false;

	seal_hash((struct cordon_slice){ "", 0 }, root);
	for (unsigned int level = 0; level < TREE_LEVELS; level++) {
		size_t count = tree->width[level];

		if (!count)
			continue;
		memcpy(work, tree->edge[level], count * sizeof(*work));
		if (rest)
			work[count++] = *root;
		fold(work, count);
		*root = work[0];
		rest = true;
	}
}
