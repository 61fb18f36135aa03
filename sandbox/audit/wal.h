/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wal.h - the write-ahead log: frames of [crc32c u32 BE][len u16 BE][entry] in files named after their first index.
 */
#ifndef AUDIT_WAL_H
#define AUDIT_WAL_H

#include "sandbox/base/buf.h"

#define WAL_NAME_MAX 32 /* "wal-" and 20 digits */
#define WAL_FRAME_HEAD 6
#define WAL_FILES_MAX 64 /* two stay after each checkpoint; a crash adds at most one before the next */

uint32_t wal_crc32c(struct cordon_slice bytes);

void wal_name(uint64_t first, char name[WAL_NAME_MAX]);
/* The frame of one entry appended to out. */
USE_RESULT int wal_add(struct buf *out, struct cordon_slice entry, struct cordon_err *err);

enum wal_next {
	WAL_BAD, /* damaged, and whole frames follow */
	WAL_TORN, /* cut short or damaged, with no whole frame behind it: what a crash leaves */
	WAL_END,
	WAL_ENTRY
};

/* Takes the first frame off *frames; *entry is borrowed. Only WAL_ENTRY moves *frames on. */
enum wal_next wal_next(struct cordon_slice *frames, struct cordon_slice *entry);

/* First indices of the wal-* files in the folder, ascending. Returns how many, or an error. */
USE_RESULT int wal_list(int folder, uint64_t first[WAL_FILES_MAX], struct cordon_err *err);

#endif
