// SPDX-License-Identifier: Apache-2.0
/*
 * publish.c - bundles, tiles and the checkpoint.
 *
 * Order is all: a new write-ahead log takes the records that come meanwhile; bundles and tiles are flushed, then the
 * folders that name them, then the checkpoint replaces the old one by a rename. A crash before the rename leaves files
 * beyond the old checkpoint, which nothing reads and the next publication writes again. Never written again is what the
 * old checkpoint covers. The write-ahead log before the last one stays, so that a copy of the folder taken meanwhile,
 * or a reader with the old checkpoint, still finds every record.
 */
#include "sandbox/audit/publish.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/audit/recover.h"
#include "sandbox/audit/wal.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"

static int sync_folder(struct publish *publish, struct cordon_err *err)
{
	const char *path = publish->folders[publish->folder_count - 1];
	cleanup_close int fd = openat(publish->log->folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0 || fsync(fd) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make folder '%s' durable", path);
	publish->folder_count--;
	return 0;
}

/* Remembers the folder that holds `path`, whose names have changed. */
static int touch_parent(struct publish *publish, const char *path, struct cordon_err *err)
{
	const char *slash = strrchr(path, '/');
	char parent[TILE_PATH_MAX] = ".";

	if (slash)
		snprintf(parent, sizeof(parent), "%.*s", (int)(slash - path), path);
	for (size_t i = 0; i < publish->folder_count; i++)
		if (strcmp(publish->folders[i], parent) == 0)
			return 0;
	while (publish->folder_count == PUBLISH_FOLDERS_MAX)
		if (sync_folder(publish, err) < 0)
			return err->code;
	memcpy(publish->folders[publish->folder_count++], parent, sizeof(parent));
	return 0;
}

static int make_parents(struct publish *publish, const char *path, struct cordon_err *err)
{
	char part[TILE_PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		if (mkdirat(publish->log->folder, part, 0700) == 0) {
			if (touch_parent(publish, part, err) < 0)
				return err->code;
		} else if (errno != EEXIST) {
			return err_set(err, CORDON_ESYS, errno, "cannot make folder '%s'", part);
		}
	}
	return 0;
}

static int write_tile(struct publish *publish, const char *path, struct cordon_slice bytes, struct cordon_err *err)
{
	const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW;
	cleanup_close int fd = openat(publish->log->folder, path, flags, 0600);
	int rc;

	if (fd < 0 && errno == ENOENT) {
		rc = make_parents(publish, path, err);
		if (rc < 0)
			return rc;
		fd = openat(publish->log->folder, path, flags, 0600);
	}
	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make '%s'", path);
	rc = file_write_fd(fd, bytes, err);
	if (rc < 0)
		return err_wrap(err, rc, "'%s'", path);
	if (fdatasync(fd) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make '%s' durable", path);
	return touch_parent(publish, path, err);
}

static struct cordon_slice hashes_of(const struct digest *hashes, size_t count)
{
	return (struct cordon_slice){ (const char *)hashes, count * sizeof(*hashes) };
}

static int write_full(void *context, unsigned int level, uint64_t index, const struct digest *hashes,
		      struct cordon_err *err)
{
	char path[TILE_PATH_MAX];

	tile_path(path, (int)level, index, TREE_WIDTH);
	return write_tile(context, path, hashes_of(hashes, TREE_WIDTH), err);
}

int publish_begin(struct publish *publish, struct cordon_err *err)
{
	struct log *log = publish->log;
	char name[WAL_NAME_MAX];
	int fd;

	if (log_settle(log, err) < 0)
		return err->code;
	if (log->wal_first != log->size) {
		wal_name(log->size, name);
		fd = openat(log->folder, name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
		if (fd < 0)
			return log_fail(log, err_set(err, CORDON_ESYS, errno, "cannot make '%s'", name), err);
		close(log->wal);
		log->wal = fd;
		log->wal_first = log->size;
		log->wal_bytes = 0;
		log->folder_dirty = true;
	}
	if (log->folder_dirty && fsync(log->folder) < 0)
		return log_fail(log, err_set(err, CORDON_ESYS, errno, "cannot make the log's folder durable"), err);
	log->folder_dirty = false;
	publish->size = log->size;
	publish->next = log->pending_first;
	publish->offset = 0;
	publish->level = 0;
	publish->folder_count = 0;
	publish->stage = PUBLISH_BUNDLES;
	return 0;
}

static int step_bundle(struct publish *publish, struct cordon_err *err)
{
	struct log *log = publish->log;
	const struct tree_watch watch = { write_full, publish };
	struct cordon_slice rest = slice_from(buf_slice(&log->pending), publish->offset);
	struct cordon_slice bundle = rest;
	uint64_t index = publish->next / TREE_WIDTH;
	size_t width = tile_width(publish->size, TILE_ENTRIES, index);
	char path[TILE_PATH_MAX];
	int rc;

	for (size_t i = 0; i < width; i++) {
		struct cordon_slice entry = { "", 0 };
		struct digest leaf;

		rc = tile_next_entry(&rest, &entry, err);
		if (rc == 0)
			rc = err_set(err, CORDON_ECORRUPT, 0, "entries are missing in memory");
		if (rc < 0)
			return rc;
		if (publish->next + i < log->tree.size)
			continue;
		seal_leaf(entry, &leaf);
		rc = tree_add(&log->tree, &leaf, &watch, err);
		if (rc < 0)
			return rc;
	}
	bundle.len -= rest.len;
	if (width == 0) {
		publish->stage = PUBLISH_EDGES;
		return 1;
	}
	tile_path(path, TILE_ENTRIES, index, width);
	rc = write_tile(publish, path, bundle, err);
	publish->next += width;
	publish->offset += width == TREE_WIDTH ? bundle.len : 0;
	if (width < TREE_WIDTH)
		publish->stage = PUBLISH_EDGES;
	return rc < 0 ? rc : 1;
}

static int step_edge(struct publish *publish, struct cordon_err *err)
{
	struct log *log = publish->log;
	unsigned int level = publish->level++;
	uint64_t index = publish->size / TREE_WIDTH;
	char path[TILE_PATH_MAX];
	size_t width;
	int rc;

	if (level == TREE_LEVELS) {
		publish->stage = PUBLISH_FOLDERS;
		return 1;
	}
	for (unsigned int i = 0; i < level; i++)
		index /= TREE_WIDTH;
	width = log->tree.width[level];
	/* What the old checkpoint covers is there already. */
	if (width == 0 || tile_width(log->signed_size, (int)level, index) == width)
		return 1;
	tile_path(path, (int)level, index, width);
	rc = write_tile(publish, path, hashes_of(log->tree.edge[level], width), err);
	return rc < 0 ? rc : 1;
}

/*
 * Removes the partial tiles of one index but those of the old checkpoint and the new one; once that is published, all of
 * them where the tile is full now.
 */
static void clean_partial(const struct publish *publish, int level, uint64_t index)
{
	size_t now = tile_width(publish->size, level, index);
	size_t before = tile_width(publish->log->signed_size, level, index);
	bool superseded = publish->stage == PUBLISH_CLEAN && now == TREE_WIDTH;
	cleanup_dir DIR *dir = NULL;
	const struct dirent *item;
	char path[TILE_PATH_MAX];
	int fd;

	tile_path(path, level, index, 0);
	fd = openat(publish->log->folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((item = readdir(dir))) {
		uint64_t width;

		if (parse_u64(slice_of(item->d_name), &width, NULL) < 0)
			continue;
		if (superseded || (width != now && width != before))
			unlinkat(fd, item->d_name, 0);
	}
	if (superseded)
		unlinkat(publish->log->folder, path, AT_REMOVEDIR);
}

static void clean_partials(const struct publish *publish)
{
	uint64_t was = publish->log->signed_size;
	uint64_t is = publish->size;

	for (int level = TILE_ENTRIES; level < TREE_LEVELS && is; level++) {
		for (uint64_t index = was / TREE_WIDTH; index <= is / TREE_WIDTH; index++)
			clean_partial(publish, level, index);
		if (level == TILE_ENTRIES)
			continue;
		was /= TREE_WIDTH;
		is /= TREE_WIDTH;
	}
}

static int step_folder(struct publish *publish, struct cordon_err *err)
{
	if (publish->folder_count)
		return sync_folder(publish, err) < 0 ? err->code : 1;
	/* What an interrupted publication left must not come under this checkpoint: it may be half written. */
	clean_partials(publish);
	publish->stage = PUBLISH_SIGN;
	return 1;
}

static int step_sign(struct publish *publish, struct cordon_err *err)
{
	struct log *log = publish->log;
	struct note_checkpoint checkpoint = { .size = publish->size };
	cleanup_buf struct buf note = { 0 };
	struct seal_key seed;
	int rc;

	memcpy(checkpoint.origin, log->key.name, sizeof(checkpoint.origin));
	tree_root(&log->tree, &checkpoint.root);
	rc = recover_seed(log, &seed, err);
	if (rc < 0)
		return rc;
	buf_init(&note, NOTE_MAX);
	rc = note_sign(&checkpoint, &log->key, &seed, &note, err);
	seal_forget(&seed);
	if (rc == 0)
		rc = file_replace(log->folder, "checkpoint", 0644, buf_slice(&note), err);
	if (rc < 0)
		return err_wrap(err, rc, "'checkpoint'");
	publish->stage = PUBLISH_CLEAN;
	return 1;
}

static void clean_wals(const struct log *log)
{
	uint64_t first[WAL_FILES_MAX];
	int count = wal_list(log->folder, first, NULL);

	for (int i = 0; i < count; i++) {
		char name[WAL_NAME_MAX];

		wal_name(first[i], name);
		if (first[i] < log->signed_size)
			unlinkat(log->folder, name, 0);
	}
}

/* What a crash left of a checkpoint that was being written (base/file.c names them so). */
static void clean_temporary(const struct log *log)
{
	cleanup_dir DIR *dir = NULL;
	const struct dirent *item;
	int fd = openat(log->folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return;
	}
	while ((item = readdir(dir))) {
		struct cordon_slice name = slice_of(item->d_name);

		if (name.len > 4 && item->d_name[0] == '.' && slice_is(slice_from(name, name.len - 4), ".tmp"))
			unlinkat(fd, item->d_name, 0);
	}
}

/* What stays behind here costs space and no truth: a failure is met again by the next publication. */
static int step_clean(struct publish *publish)
{
	struct log *log = publish->log;

	clean_partials(publish);
	clean_wals(log);
	clean_temporary(log);
	memmove(log->pending.data, log->pending.data + publish->offset, log->pending.len - publish->offset);
	log->pending.len -= publish->offset;
	log->pending_first = publish->size - publish->size % TREE_WIDTH;
	log->signed_size = publish->size;
	publish->stage = PUBLISH_IDLE;
	return 0;
}

int publish_step(struct publish *publish, struct cordon_err *err)
{
	int rc = 0;

	switch (publish->stage) {
	case PUBLISH_IDLE:
		return 0;
	case PUBLISH_BUNDLES:
		rc = step_bundle(publish, err);
		break;
	case PUBLISH_EDGES:
		rc = step_edge(publish, err);
		break;
	case PUBLISH_FOLDERS:
		rc = step_folder(publish, err);
		break;
	case PUBLISH_SIGN:
		rc = step_sign(publish, err);
		break;
	case PUBLISH_CLEAN:
		rc = step_clean(publish);
		break;
	}
	return rc < 0 ? log_fail(publish->log, rc, err) : rc;
}
