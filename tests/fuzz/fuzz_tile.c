// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_tile.c - entry bundles: what is taken apart is put together as the same bytes. Paths: any index and width is a
 * path of this form, and no longer than it may be.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/audit/tile.h"
#include "sandbox/base/slice.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice bundle = { (const char *)data, size };
	cleanup_buf struct buf again = { 0 };
	struct cordon_slice entry;
	char path[TILE_PATH_MAX];
	uint64_t index = 0;
	int rc;

	buf_init(&again, size + 1);
	while ((rc = tile_next_entry(&bundle, &entry, NULL)) == 1) {
		rc = tile_add_entry(&again, entry, NULL);
		assert(rc == 0);
	}
	assert(again.len + bundle.len == size);
	assert(again.len == 0 || memcmp(again.data, data, again.len) == 0);
	assert((rc == 0) == (bundle.len == 0));
	memcpy(&index, data, size < sizeof(index) ? size : sizeof(index));
	tile_path(path, (int)(index % 9) - 1, index, index % 257);
	assert(slice_starts(slice_of(path), SLICE("tile/")) && strlen(path) < TILE_PATH_MAX - 1);
	assert(tile_width(index, 0, index / TREE_WIDTH) == index % TREE_WIDTH);
	return 0;
}
