/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tile.h - where C2SP tlog-tiles puts a tile or an entry bundle, and what its bytes are.
 */
#ifndef AUDIT_TILE_H
#define AUDIT_TILE_H

#include "sandbox/audit/tree.h"

#define TILE_ENTRIES (-1) /* the level of tile/entries/ */
#define TILE_PATH_MAX 80 /* "tile/entries/" + 6 times "x000/" + "000.p/255" and NUL: 53 */
#define TILE_BUNDLE_MAX (TREE_WIDTH * (2 + 65535)) /* 256 entries of the greatest length */
#define TILE_ENTRY_MAX 65535 /* uint16 */

struct tile_at { /* which tile, and how much of it */
	int level; /* TILE_ENTRIES: a bundle of entries */
	uint64_t index;
	size_t width; /* hashes or entries, 1 to TREE_WIDTH */
};

/* width 1 to 255: the partial tile's path; TREE_WIDTH: the full one's; 0: the folder that holds the partial ones. */
void tile_path(char path[TILE_PATH_MAX], int level, uint64_t index, size_t width);
/* Hashes (level TILE_ENTRIES: entries) in the tile of this index in a log of `size`: 0 to TREE_WIDTH. */
size_t tile_width(uint64_t size, int level, uint64_t index);

/* Appends the entry as a bundle has it: its length as uint16 BE, then its bytes. */
USE_RESULT int tile_add_entry(struct buf *bundle, struct cordon_slice entry, struct cordon_err *err);
/* Takes the first entry off *bundle: 1 and *entry, 0 where *bundle is empty, CORDON_ECORRUPT where it is cut short. */
USE_RESULT int tile_next_entry(struct cordon_slice *bundle, struct cordon_slice *entry, struct cordon_err *err);

/*
 * Reads at least at->width hashes or entries' worth of a tile beneath the log's folder into out (its limit holds): the
 * partial tile where it is there, else a wider one, else the full one, as what is published may be replaced by what
 * includes it. out may hold more than asked for. `path` gets the file's path, of the first one tried on failure.
 */
USE_RESULT int tile_read(int folder, const struct tile_at *at, struct buf *out, char path[TILE_PATH_MAX],
			 struct cordon_err *err);

#endif
