// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_wal.c - frames of the write-ahead log: whatever the bytes, what is taken as whole is written again as the same
 * bytes, and what stays behind is the rest.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/audit/wal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice frames = { (const char *)data, size };
	cleanup_buf struct buf again = { 0 };
	struct cordon_slice entry;
	enum wal_next last;

	buf_init(&again, size + 1);
	while ((last = wal_next(&frames, &entry)) == WAL_ENTRY) {
		int rc = wal_add(&again, entry, NULL);

		assert(rc == 0);
	}
	assert(again.len + frames.len == size);
	assert(again.len == 0 || memcmp(again.data, data, again.len) == 0);
	assert((last == WAL_END) == (frames.len == 0));
	return 0;
}
