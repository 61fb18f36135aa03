// SPDX-License-Identifier: Apache-2.0
/*
 * recover.c - the start of a writer.
 *
 * The checkpoint's signature is checked, and its root is computed anew from the tiles of the right edge: the hashes of
 * each level that are in no full tile yet. Each is held against what lies below it, the lowest against the entries
 * themselves. Then the write-ahead logs are read on from where the checkpoint ends. What lies further back is the
 * verifier's work: it takes time that grows with the log, and a start must not.
 */
#include "sandbox/audit/recover.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "sandbox/audit/tile.h"
#include "sandbox/audit/wal.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"

#define KEY_FILE "key"
#define VKEY_FILE "vkey"
#define CHECKPOINT_FILE "checkpoint"
#define WAL_FILE_MAX (1U << 30) /* publishing replaces a write-ahead log long before */

static bool is_there(int folder, const char *name)
{
	return faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

static int write_vkey(const struct log *log, struct cordon_err *err)
{
	char text[NOTE_KEY_TEXT + 1];
	int rc = note_key_format(&log->key, text, err);

	if (rc < 0)
		return rc;
	memcpy(text + strlen(text), "\n", 2);
	return file_replace(log->folder, VKEY_FILE, 0644, slice_of(text), err);
}

static int make_name(char name[NOTE_NAME_MAX], struct cordon_err *err)
{
	char id[IDENT_TEXT];
	int rc = ident_make(id, err);

	if (rc == 0)
		snprintf(name, NOTE_NAME_MAX, "cordon/%s", id);
	return rc;
}

/* A new log's own key: the seed first, so that a crash in between leaves what the rest can be made from. */
static int make_key(struct log *log, struct cordon_err *err)
{
	char text[NOTE_KEY_TEXT + 1];
	char name[NOTE_NAME_MAX];
	struct seal_key public_key;
	struct seal_key seed;
	int rc = make_name(name, err);

	if (rc == 0 && getrandom(seed.bytes, SEAL_KEY, 0) != SEAL_KEY)
		rc = err_set(err, CORDON_ESYS, errno, "no random bytes for a signing key");
	if (rc == 0)
		rc = seal_public(&seed, &public_key, err);
	if (rc == 0)
		rc = note_key_make(name, &public_key, &log->key, err);
	if (rc == 0)
		rc = note_seed_format(&log->key, &seed, text, err);
	if (rc == 0) {
		memcpy(text + strlen(text), "\n", 2);
		rc = file_replace(log->folder, KEY_FILE, 0600, slice_of(text), err);
	}
	explicit_bzero(text, sizeof(text));
	seal_forget(&seed);
	return rc < 0 ? rc : write_vkey(log, err);
}

static int load_seed(int folder, struct note_key *key, struct seal_key *seed, struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	int rc;

	buf_init(&text, NOTE_KEY_TEXT);
	rc = file_read(folder, KEY_FILE, &text, err);
	if (rc == 0)
		rc = note_seed_parse(buf_slice(&text), key, seed, err);
	if (text.data)
		explicit_bzero(text.data, text.len);
	return rc < 0 ? err_wrap(err, rc, "signing key '" KEY_FILE "'") : 0;
}

int recover_seed(const struct log *log, struct seal_key *seed, struct cordon_err *err)
{
	struct note_key key = { 0 };
	int rc = load_seed(log->folder, &key, seed, err);

	if (rc == 0 && (strcmp(key.name, log->key.name) != 0 ||
			memcmp(key.public_key.bytes, log->key.public_key.bytes, SEAL_KEY) != 0)) {
		seal_forget(seed);
		return err_set(err, CORDON_ECORRUPT, 0, "signing key '" KEY_FILE "' is not the one of '" VKEY_FILE "'");
	}
	return rc;
}

static int load_key(struct log *log, struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	struct seal_key seed;
	int rc;

	buf_init(&text, NOTE_KEY_TEXT);
	if (is_there(log->folder, VKEY_FILE)) {
		rc = file_read(log->folder, VKEY_FILE, &text, err);
		if (rc == 0)
			rc = note_key_parse(buf_slice(&text), &log->key, err);
		if (rc < 0)
			return err_wrap(err, rc, "public key '" VKEY_FILE "'");
		if (!is_there(log->folder, KEY_FILE))
			return err_set(err, CORDON_ECORRUPT, 0, "the signing key '" KEY_FILE "' is gone");
		return 0;
	}
	if (is_there(log->folder, CHECKPOINT_FILE))
		return err_set(err, CORDON_ECORRUPT, 0, "the public key '" VKEY_FILE "' is gone");
	if (!is_there(log->folder, KEY_FILE))
		return make_key(log, err);
	rc = load_seed(log->folder, &log->key, &seed, err);
	if (rc < 0)
		return rc;
	seal_forget(&seed);
	return write_vkey(log, err);
}

/* The hashes of the level's tile that is not full. */
static int load_edge(struct log *log, unsigned int level, uint64_t index, size_t width, struct cordon_err *err)
{
	const struct tile_at at = { (int)level, index, width };
	cleanup_buf struct buf tile = { 0 };
	char path[TILE_PATH_MAX];
	int rc;

	buf_init(&tile, TREE_WIDTH * DIGEST_BYTES);
	rc = tile_read(log->folder, &at, &tile, path, err);
	if (rc < 0)
		return rc;
	if (tile.len < width * DIGEST_BYTES || tile.len % DIGEST_BYTES)
		return err_set(err, CORDON_ECORRUPT, 0, "'%s': %zu bytes where %zu belong", path, tile.len,
			       width * DIGEST_BYTES);
	memcpy(log->tree.edge[level], tile.data, width * DIGEST_BYTES);
	log->tree.width[level] = width;
	return 0;
}

/* The last hash of an edge against the full tile below that it stands for. */
static int check_below(struct log *log, unsigned int level, uint64_t below, struct cordon_err *err)
{
	const struct tile_at at = { (int)level - 1, below, TREE_WIDTH };
	cleanup_buf struct buf tile = { 0 };
	char path[TILE_PATH_MAX];
	struct digest hash;
	int rc;

	buf_init(&tile, TREE_WIDTH * DIGEST_BYTES);
	rc = tile_read(log->folder, &at, &tile, path, err);
	if (rc < 0)
		return rc;
	if (tile.len != TREE_WIDTH * DIGEST_BYTES)
		return err_set(err, CORDON_ECORRUPT, 0, "'%s': %zu bytes where %d belong", path, tile.len,
			       TREE_WIDTH * DIGEST_BYTES);
	tree_fold((const struct digest *)(const void *)tile.data, TREE_WIDTH, &hash);
	if (memcmp(&hash, &log->tree.edge[level][log->tree.width[level] - 1], sizeof(hash)) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "'%s' does not hash to what level %u says", path, level);
	return 0;
}

static int load_tree(struct log *log, const struct note_checkpoint *checkpoint, struct cordon_err *err)
{
	uint64_t items = checkpoint->size;
	struct digest root;

	log->tree.size = checkpoint->size;
	for (unsigned int level = 0; level < TREE_LEVELS && items; level++, items /= TREE_WIDTH) {
		size_t width = (size_t)(items % TREE_WIDTH);
		int rc = width ? load_edge(log, level, items / TREE_WIDTH, width, err) : 0;

		if (rc == 0 && width && level)
			rc = check_below(log, level, items - 1, err);
		if (rc < 0)
			return rc;
	}
	tree_root(&log->tree, &root);
	if (memcmp(&root, &checkpoint->root, sizeof(root)) != 0)
		return err_set(err, CORDON_ECORRUPT, 0,
			       "the tiles of the right edge do not hash to the checkpoint's root");
	return 0;
}

/* The entries of the bundle that is not full: into pending, each held against its leaf hash. */
static int load_bundle(struct log *log, struct cordon_err *err)
{
	size_t width = log->tree.width[0];
	const struct tile_at at = { TILE_ENTRIES, log->tree.size / TREE_WIDTH, width };
	cleanup_buf struct buf bundle = { 0 };
	char path[TILE_PATH_MAX];
	struct cordon_slice rest;
	int rc;

	log->pending_first = log->tree.size - width;
	if (!width)
		return 0;
	buf_init(&bundle, TILE_BUNDLE_MAX);
	rc = tile_read(log->folder, &at, &bundle, path, err);
	if (rc < 0)
		return rc;
	rest = buf_slice(&bundle);
	for (size_t i = 0; i < width; i++) {
		struct cordon_slice entry;
		struct digest leaf;

		rc = tile_next_entry(&rest, &entry, err);
		if (rc < 0)
			return err_wrap(err, rc, "entry %" PRIu64 " in '%s'", log->pending_first + i, path);
		if (rc == 0)
			return err_set(err, CORDON_ECORRUPT, 0, "'%s': %zu entries where %zu belong", path, i, width);
		seal_leaf(entry, &leaf);
		if (memcmp(&leaf, &log->tree.edge[0][i], sizeof(leaf)) != 0)
			return err_set(err, CORDON_ECORRUPT, 0, "entry %" PRIu64 " in '%s' is not what was signed",
				       log->pending_first + i, path);
	}
	return buf_add(&log->pending, (struct cordon_slice){ bundle.data, bundle.len - rest.len }, err);
}

static int load_checkpoint(struct log *log, struct cordon_err *err)
{
	cleanup_buf struct buf note = { 0 };
	struct note_checkpoint checkpoint = { 0 };
	int rc;

	if (!is_there(log->folder, CHECKPOINT_FILE))
		return 0;
	buf_init(&note, NOTE_MAX);
	rc = file_read(log->folder, CHECKPOINT_FILE, &note, err);
	if (rc < 0)
		return rc;
	rc = note_open(buf_slice(&note), &log->key, &checkpoint, err);
	if (rc < 0)
		return err_wrap(err, rc, "'" CHECKPOINT_FILE "'");
	rc = load_tree(log, &checkpoint, err);
	if (rc < 0)
		return rc;
	log->size = checkpoint.size;
	log->signed_size = checkpoint.size;
	return load_bundle(log, err);
}

/* Takes the entries of one write-ahead log, which begins at log->size. Only the newest may have a torn end. */
static int replay(struct log *log, const char *name, bool newest, struct cordon_err *err)
{
	cleanup_buf struct buf frames = { 0 };
	struct cordon_slice rest;
	struct cordon_slice entry;
	enum wal_next next;
	int rc;

	buf_init(&frames, WAL_FILE_MAX);
	rc = file_read(log->folder, name, &frames, err);
	if (rc < 0)
		return rc;
	rest = buf_slice(&frames);
	while ((next = wal_next(&rest, &entry)) == WAL_ENTRY) {
		rc = tile_add_entry(&log->pending, entry, err);
		if (rc < 0)
			return rc;
		log->size++;
	}
	log->wal_bytes = frames.len - rest.len;
	if (next == WAL_BAD || (next == WAL_TORN && !newest))
		return err_set(err, CORDON_ECORRUPT, 0, "'%s': a damaged frame at byte %" PRIu64 ", entry %" PRIu64,
			       name, log->wal_bytes, log->size);
	log->torn_bytes = rest.len;
	return 0;
}

static int open_wal(struct log *log, uint64_t first, int flags, struct cordon_err *err)
{
	char name[WAL_NAME_MAX];

	wal_name(first, name);
	log->wal = openat(log->folder, name, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	if (log->wal < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot open '%s' for writing", name);
	log->wal_first = first;
	return 0;
}

/*
 * Publishing makes wal-<size> before it signs that size, so the file of the checkpoint's size is always there; another
 * one follows where a crash came between the two. What begins earlier is covered and only waits to be removed.
 */
static int replay_all(struct log *log, struct cordon_err *err)
{
	uint64_t first[WAL_FILES_MAX];
	int count = wal_list(log->folder, first, err);
	int at = 0;

	if (count < 0)
		return count;
	if (count == 0 && log->signed_size == 0 && !is_there(log->folder, "tile")) {
		log->folder_dirty = true;
		return open_wal(log, 0, O_CREAT | O_EXCL, err);
	}
	while (at < count && first[at] < log->signed_size)
		at++;
	for (int i = at; i < count || i == at; i++) {
		char name[WAL_NAME_MAX];
		int rc;

		wal_name(log->size, name);
		if (i == count || first[i] != log->size)
			return err_set(err, CORDON_ECORRUPT, 0,
				       "'%s' is missing, so entries from %" PRIu64 " on are lost", name, log->size);
		rc = replay(log, name, i == count - 1, err);
		if (rc < 0)
			return rc;
	}
	return open_wal(log, first[count - 1], 0, err);
}

int recover_log(int folder, struct log **out, struct cordon_err *err)
{
	struct log *log = calloc(1, sizeof(*log));
	int rc;

	if (!log) {
		close(folder);
		return err_nomem(err);
	}
	log->folder = folder;
	log->wal = -1;
	log->boot_owed = true;
	buf_init(&log->pending, LOG_PENDING_MAX);
	buf_init(&log->batch, LOG_BATCH_MAX);
	rc = load_key(log, err);
	if (rc == 0)
		rc = load_checkpoint(log, err);
	if (rc == 0)
		rc = replay_all(log, err);
	if (rc < 0) {
		rc = log_fail(log, rc, err);
		log_close(log);
		return rc;
	}
	log->found = log->size;
	*out = log;
	return 0;
}
