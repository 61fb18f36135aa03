// SPDX-License-Identifier: Apache-2.0
/*
 * wal.c - frames of the write-ahead log.
 *
 * A frame is a bundle's entry with a checksum before it, so what is durable goes into a bundle as it is. The checksum
 * covers length and entry. Appends are acknowledged only after the flush that follows them, so a crash can cut short
 * only what nobody was told of, and only at the end: a bad frame with more behind it is damage, and is never skipped.
 */
#include "sandbox/audit/wal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#ifdef __x86_64__
#include <sys/platform/x86.h>
#endif

#include "sandbox/base/err.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"

#define ENTRY_MAX 65535

/* CRC-32C (Castagnoli, RFC 3720), reflected, of the 16 half-bytes: for machines without an instruction for it. */
static const uint32_t nibbles[16] = {
	0x00000000, 0x105ec76f, 0x20bd8ede, 0x30e349b1, 0x417b1dbc, 0x5125dad3, 0x61c69362, 0x7198540d,
	0x82f63b78, 0x92a8fc17, 0xa24bb5a6, 0xb21572c9, 0xc38d26c4, 0xd3d3e1ab, 0xe330a81a, 0xf36e6f75,
};

static uint32_t crc_portable(uint32_t crc, const unsigned char *at, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		crc ^= at[i];
		crc = crc >> 4 ^ nibbles[crc & 15];
		crc = crc >> 4 ^ nibbles[crc & 15];
	}
	return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) static uint32_t crc_fast(uint32_t crc, const unsigned char *at, size_t len)
{
	uint64_t wide = crc;

	for (; len >= 8; at += 8, len -= 8) {
		uint64_t word;

		memcpy(&word, at, 8);
		wide = __builtin_ia32_crc32di(wide, word);
	}
	crc = (uint32_t)wide;
	for (; len; at++, len--)
		crc = __builtin_ia32_crc32qi(crc, *at);
	return crc;
}

static uint32_t crc_of(uint32_t crc, const unsigned char *at, size_t len)
{
	/* Not __builtin_cpu_supports(): it asks the processor at each start, which a virtual machine pays dearly for. */
	return CPU_FEATURE_ACTIVE(SSE4_2) ? crc_fast(crc, at, len) : crc_portable(crc, at, len);
}
#else
#define crc_of crc_portable
#endif

uint32_t wal_crc32c(struct cordon_slice bytes)
{
	return ~crc_of(~0U, (const unsigned char *)bytes.data, bytes.len);
}

static uint32_t get_u32(const unsigned char *at)
{
	return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

void wal_name(uint64_t first, char name[WAL_NAME_MAX])
{
	snprintf(name, WAL_NAME_MAX, "wal-%" PRIu64, first);
}

int wal_add(struct buf *out, struct cordon_slice entry, struct cordon_err *err)
{
	unsigned char *to;
	uint32_t crc;

	if (entry.len > ENTRY_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a record of %zu bytes, more than %d", entry.len, ENTRY_MAX);
	to = (unsigned char *)buf_reserve(out, WAL_FRAME_HEAD + entry.len, err);
	if (!to)
		return out->limit - out->len < WAL_FRAME_HEAD + entry.len ? CORDON_ELIMIT : CORDON_ENOMEM;
	to[4] = (unsigned char)(entry.len >> 8);
	to[5] = (unsigned char)(entry.len & 0xff);
	memcpy(to + WAL_FRAME_HEAD, entry.data, entry.len);
	crc = wal_crc32c((struct cordon_slice){ (const char *)to + 4, 2 + entry.len });
	to[0] = (unsigned char)(crc >> 24);
	to[1] = (unsigned char)(crc >> 16 & 0xff);
	to[2] = (unsigned char)(crc >> 8 & 0xff);
	to[3] = (unsigned char)(crc & 0xff);
	out->len += WAL_FRAME_HEAD + entry.len;
	out->data[out->len] = '\0';
	return 0;
}

/*
 * Whether a whole frame of a JSON object begins anywhere in the bytes. A flipped bit leaves acknowledged frames behind
 * it, also where it makes a length too great; a crash cuts a batch short, and has none.
 */
static bool frame_within(struct cordon_slice bytes)
{
	const unsigned char *at = (const unsigned char *)bytes.data;

	for (size_t i = 0; i + WAL_FRAME_HEAD < bytes.len; i++) {
		size_t len = (size_t)at[i + 4] << 8 | at[i + 5];

		if (at[i + WAL_FRAME_HEAD] != '{' || len < 2 || len > bytes.len - i - WAL_FRAME_HEAD)
			continue;
		if (at[i + WAL_FRAME_HEAD + len - 1] != '}')
			continue;
		if (wal_crc32c((struct cordon_slice){ bytes.data + i + 4, 2 + len }) == get_u32(at + i))
			return true;
	}
	return false;
}

static enum wal_next bad_or_torn(struct cordon_slice frames)
{
	return frame_within(slice_from(frames, 1)) ? WAL_BAD : WAL_TORN;
}

enum wal_next wal_next(struct cordon_slice *frames, struct cordon_slice *entry)
{
	const unsigned char *head = (const unsigned char *)frames->data;
	size_t len;

	if (!frames->len)
		return WAL_END;
	if (frames->len < WAL_FRAME_HEAD)
		return WAL_TORN;
	len = (size_t)head[4] << 8 | head[5];
	if (frames->len - WAL_FRAME_HEAD < len)
		return bad_or_torn(*frames);
	if (wal_crc32c((struct cordon_slice){ frames->data + 4, 2 + len }) != get_u32(head))
		return bad_or_torn(*frames);
	*entry = (struct cordon_slice){ frames->data + WAL_FRAME_HEAD, len };
	*frames = slice_from(*frames, WAL_FRAME_HEAD + len);
	return WAL_ENTRY;
}

/* Puts `value` in its place among `count` ascending ones. */
static void insert(uint64_t *values, size_t count, uint64_t value)
{
	while (count && values[count - 1] > value) {
		values[count] = values[count - 1];
		count--;
	}
	values[count] = value;
}

int wal_list(int folder, uint64_t first[WAL_FILES_MAX], struct cordon_err *err)
{
	cleanup_close int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_dir DIR *dir = NULL;
	const struct dirent *item;
	size_t count = 0;

	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot list the log's folder");
	dir = fdopendir(fd);
	if (!dir)
		return err_set(err, CORDON_ESYS, errno, "cannot list the log's folder");
	fd = -1;
	while ((item = readdir(dir))) {
		struct cordon_slice name = slice_of(item->d_name);
		uint64_t index;

		if (!slice_starts(name, SLICE("wal-")) || parse_u64(slice_from(name, 4), &index, NULL) < 0)
			continue;
		if (count == WAL_FILES_MAX)
			return err_set(err, CORDON_ECORRUPT, 0, "more than %d write-ahead logs", WAL_FILES_MAX);
		insert(first, count++, index);
	}
	return (int)count;
}
