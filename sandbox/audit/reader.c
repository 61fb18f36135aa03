// SPDX-License-Identifier: Apache-2.0
/*
 * reader.c - reading a log beside its writer, without it.
 *
 * What the checkpoint covers comes from the bundles, 256 entries at a time; the rest from the write-ahead logs, which
 * are read once, at the opening. The writer may publish between the two readings: then the old checkpoint still leads
 * through the write-ahead log before the newest, which it keeps for that; after two publications the opening begins
 * anew.
 */
#include "sandbox/audit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/audit/note.h"
#include "sandbox/audit/tile.h"
#include "sandbox/audit/wal.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/slice.h"

#define TAIL_MAX (1U << 30) /* bytes after the checkpoint; the writer publishes each second */
#define TRIES 5
#define ENTRY_HEAD 2 /* its length */

struct audit_reader {
	int folder;
	uint64_t size;
	uint64_t signed_size;
	struct buf
		tail; /* the write-ahead logs after the checkpoint, whole: an entry stands in its frame as in a bundle */
	struct buf at; /* size_t offsets of the entries in tail */
	struct buf bundle; /* the last one read */
	uint64_t bundle_index;
	size_t bundle_count; /* entries in it, 0: none was read */
	size_t offsets[TREE_WIDTH + 1];
};

static int read_checkpoint(struct audit_reader *reader, struct cordon_err *err)
{
	cleanup_buf struct buf note = { 0 };
	struct note_checkpoint checkpoint = { 0 };
	int rc;

	buf_init(&note, NOTE_MAX);
	reader->signed_size = 0;
	if (faccessat(reader->folder, "checkpoint", F_OK, 0) < 0 && errno == ENOENT)
		return 0;
	rc = file_read(reader->folder, "checkpoint", &note, err);
	if (rc < 0)
		return rc;
	rc = note_read(buf_slice(&note), &checkpoint, err);
	if (rc < 0)
		return err_wrap(err, rc, "'checkpoint'");
	reader->signed_size = checkpoint.size;
	return 0;
}

/* Adds the entries of the write-ahead log that begins at reader->size. */
static int read_wal(struct audit_reader *reader, uint64_t first, struct cordon_err *err)
{
	const size_t begin = reader->tail.len;
	struct cordon_slice rest;
	struct cordon_slice entry;
	enum wal_next next;
	char name[WAL_NAME_MAX];
	int rc;

	wal_name(first, name);
	rc = file_read(reader->folder, name, &reader->tail, err);
	if (rc < 0)
		return rc;
	rest = slice_from(buf_slice(&reader->tail), begin);
	while ((next = wal_next(&rest, &entry)) == WAL_ENTRY) {
		size_t offset = (size_t)(entry.data - reader->tail.data) - ENTRY_HEAD;

		rc = buf_add(&reader->at, (struct cordon_slice){ (const char *)&offset, sizeof(offset) }, err);
		if (rc < 0)
			return rc;
		reader->size++;
	}
	if (next == WAL_BAD)
		return err_set(err, CORDON_ECORRUPT, 0, "'%s': a damaged frame at byte %zu, entry %" PRIu64, name,
			       reader->tail.len - begin - rest.len, reader->size);
	return 0;
}

static int read_tail(struct audit_reader *reader, struct cordon_err *err)
{
	uint64_t first[WAL_FILES_MAX];
	int count = wal_list(reader->folder, first, err);

	if (count < 0)
		return count;
	reader->size = reader->signed_size;
	buf_clear(&reader->tail);
	buf_clear(&reader->at);
	for (int i = 0; i < count; i++) {
		int rc;

		if (first[i] < reader->signed_size)
			continue;
		if (first[i] != reader->size)
			break;
		rc = read_wal(reader, first[i], err);
		if (rc < 0)
			return rc;
	}
	if (count && first[count - 1] > reader->size)
		return err_set(err, CORDON_ECORRUPT, 0,
			       "entries %" PRIu64 " to %" PRIu64 " are in no write-ahead log and under no checkpoint",
			       reader->size, first[count - 1] - 1);
	return 0;
}

int audit_reader_open(const char *folder, struct audit_reader **out, struct cordon_err *err)
{
	struct audit_reader *reader = calloc(1, sizeof(*reader));
	int rc = 0;

	if (!reader)
		return err_nomem(err);
	buf_init(&reader->tail, TAIL_MAX);
	buf_init(&reader->at, TAIL_MAX);
	buf_init(&reader->bundle, TILE_BUNDLE_MAX);
	reader->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (reader->folder < 0)
		rc = err_set(err, CORDON_ESYS, errno, "cannot open the audit log '%s'", folder);
	for (int i = 0; rc == 0 && i < TRIES; i++) {
		rc = read_checkpoint(reader, err);
		if (rc == 0)
			rc = read_tail(reader, err);
		if (rc == 0)
			break;
		rc = i == TRIES - 1 ? err_wrap(err, rc, "audit log '%s'", folder) : 0;
	}
	if (rc < 0) {
		audit_reader_close(reader);
		return rc;
	}
	*out = reader;
	return 0;
}

void audit_reader_close(struct audit_reader *reader)
{
	if (!reader)
		return;
	if (reader->folder >= 0)
		close(reader->folder);
	buf_release(&reader->tail);
	buf_release(&reader->at);
	buf_release(&reader->bundle);
	free(reader);
}

uint64_t audit_reader_size(const struct audit_reader *reader, uint64_t *signed_size)
{
	if (signed_size)
		*signed_size = reader->signed_size;
	return reader->size;
}

static int load_bundle(struct audit_reader *reader, uint64_t index, struct cordon_err *err)
{
	size_t width = tile_width(reader->signed_size, TILE_ENTRIES, index);
	const struct tile_at at = { TILE_ENTRIES, index, width };
	char path[TILE_PATH_MAX];
	struct cordon_slice rest;
	struct cordon_slice entry;
	int rc;

	reader->bundle_count = 0;
	rc = tile_read(reader->folder, &at, &reader->bundle, path, err);
	if (rc < 0)
		return rc;
	rest = buf_slice(&reader->bundle);
	for (size_t i = 0; i < width; i++) {
		reader->offsets[i] = reader->bundle.len - rest.len;
		rc = tile_next_entry(&rest, &entry, err);
		if (rc < 0)
			return err_wrap(err, rc, "entry %" PRIu64 " in '%s'", index * TREE_WIDTH + i, path);
		if (rc == 0)
			return err_set(err, CORDON_ECORRUPT, 0, "'%s': %zu entries where %zu belong", path, i, width);
	}
	reader->bundle_index = index;
	reader->bundle_count = width;
	return 0;
}

int audit_reader_get(struct audit_reader *reader, uint64_t index, struct cordon_slice *record, struct cordon_err *err)
{
	struct cordon_slice rest;
	size_t offset;
	int rc = 0;

	if (index >= reader->size)
		return err_set(err, CORDON_EINVAL, 0, "no record %" PRIu64 ": the log has %" PRIu64, index,
			       reader->size);
	if (index >= reader->signed_size) {
		memcpy(&offset, reader->at.data + (index - reader->signed_size) * sizeof(offset), sizeof(offset));
		rest = slice_from(buf_slice(&reader->tail), offset);
	} else {
		if (!reader->bundle_count || reader->bundle_index != index / TREE_WIDTH)
			rc = load_bundle(reader, index / TREE_WIDTH, err);
		if (rc < 0)
			return rc;
		rest = slice_from(buf_slice(&reader->bundle), reader->offsets[index % TREE_WIDTH]);
	}
	rc = tile_next_entry(&rest, record, err);
	return rc < 0 ? rc : 0;
}
