/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compare.h - a tile or bundle on disk against what was computed.
 */
#ifndef AUDIT_COMPARE_H
#define AUDIT_COMPARE_H

#include "sandbox/audit/tile.h"

struct compare {
	struct tile_at at; /* its width: what the checkpoint covers */
	struct cordon_slice items; /* what was computed: hashes, or entries as bundles have them; borrowed */
	size_t (*prefix)(struct cordon_slice items, size_t width); /* bytes of the first `width` of them */
};

size_t compare_hashes(struct cordon_slice items, size_t width);
size_t compare_entries(struct cordon_slice items, size_t width);

/* `folder` is the log's. CORDON_ECORRUPT names the file that differs. */
USE_RESULT int compare_tile(int folder, const struct compare *expected, struct cordon_err *err);

#endif
