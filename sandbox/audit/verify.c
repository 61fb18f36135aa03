// SPDX-License-Identifier: Apache-2.0
/*
 * verify.c - everything computed anew from the entries up.
 *
 * One walk over the bundles hashes each entry into a tree of its own; each tile that the tree fills is held against the
 * file that has it, byte for byte, and so are the partial ones, also those of the checkpoint before the last. The root
 * is then held against the checkpoint, whose signature is checked first. The write-ahead logs are walked over from the
 * oldest that is there: what they share with the bundles must be the same entries, what comes after must follow without
 * a gap. Files beyond the checkpoint, which an interrupted publication may leave, prove nothing and are not read.
 */
#include "sandbox/audit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>

#include "sandbox/audit/compare.h"
#include "sandbox/audit/note.h"
#include "sandbox/audit/tile.h"
#include "sandbox/audit/wal.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/slice.h"

#define WAL_FILE_MAX (1U << 30)
#define LIVE_TRIES 5 /* a writer may be in the middle of a write, or between two names */
#define LIVE_PAUSE_NS 20000000

struct check {
	int folder;
	struct note_key key;
	struct note_checkpoint checkpoint;
	bool has_checkpoint;
	struct tree *tree;
	uint64_t wal_start; /* first index of the oldest write-ahead log that matters */
	struct buf leaves; /* hashes of the entries from wal_start to the checkpoint's size */
	uint64_t checked;
	uint64_t size;
};

static int check_full(void *context, unsigned int level, uint64_t index, const struct digest *hashes,
		      struct cordon_err *err)
{
	const struct compare expected = {
		.at = { (int)level, index, TREE_WIDTH },
		.items = { (const char *)hashes, TREE_WIDTH * DIGEST_BYTES },
		.prefix = compare_hashes,
	};

	return compare_tile(((const struct check *)context)->folder, &expected, err);
}

static int add_leaf(struct check *check, const struct digest *leaf, struct cordon_err *err)
{
	const struct tree_watch watch = { check_full, check };
	int rc = 0;

	check->checked++;
	if (check->tree->size >= check->wal_start)
		rc = buf_add(&check->leaves, (struct cordon_slice){ (const char *)leaf, sizeof(*leaf) }, err);
	return rc < 0 ? rc : tree_add(check->tree, leaf, &watch, err);
}

/* Takes one entry off the bundle and holds it against its leaf, which the tile `leaves_at` has. */
static int check_entry(struct check *check, struct cordon_slice *bundle, const char *expected, const char *leaves_at,
		       struct cordon_err *err)
{
	struct cordon_slice entry;
	struct digest leaf;
	int rc = tile_next_entry(bundle, &entry, err);

	if (rc == 0)
		return err_set(err, CORDON_ECORRUPT, 0, "is not there: the bundle ends before it");
	if (rc < 0)
		return rc;
	seal_leaf(entry, &leaf);
	if (memcmp(&leaf, expected, DIGEST_BYTES) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "does not hash to its leaf in %s", leaves_at);
	return add_leaf(check, &leaf, err);
}

static int check_bundle(struct check *check, uint64_t index, size_t width, struct cordon_err *err)
{
	cleanup_buf struct buf bundle = { 0 };
	cleanup_buf struct buf leaves = { 0 };
	char path[TILE_PATH_MAX];
	char leaves_at[TILE_PATH_MAX];
	struct compare expected = { .at = { TILE_ENTRIES, index, width }, .prefix = compare_entries };
	struct cordon_slice rest;
	int rc;

	buf_init(&bundle, TILE_BUNDLE_MAX);
	buf_init(&leaves, TREE_WIDTH * DIGEST_BYTES);
	rc = tile_read(check->folder, &expected.at, &bundle, path, err);
	if (rc == 0)
		rc = tile_read(check->folder, &(struct tile_at){ 0, index, width }, &leaves, leaves_at, err);
	if (rc < 0)
		return rc;
	if (leaves.len < width * DIGEST_BYTES)
		return err_set(err, CORDON_ECORRUPT, 0, "'%s': %zu bytes where %zu belong", leaves_at, leaves.len,
			       width * DIGEST_BYTES);
	rest = buf_slice(&bundle);
	for (size_t i = 0; i < width; i++) {
		rc = check_entry(check, &rest, leaves.data + i * DIGEST_BYTES, leaves_at, err);
		if (rc < 0)
			return err_wrap(err, rc, "entry %" PRIu64 " in %s", index * TREE_WIDTH + i, path);
	}
	expected.items = (struct cordon_slice){ bundle.data, bundle.len - rest.len };
	return compare_tile(check->folder, &expected, err);
}

static int check_edges(struct check *check, struct cordon_err *err)
{
	uint64_t items = check->checkpoint.size;

	for (unsigned int level = 0; level < TREE_LEVELS; level++, items /= TREE_WIDTH) {
		struct compare expected = {
			.at = { (int)level, items / TREE_WIDTH, check->tree->width[level] },
			.prefix = compare_hashes,
		};
		int rc;

		if (!expected.at.width)
			continue;
		expected.items = (struct cordon_slice){ (const char *)check->tree->edge[level],
							expected.at.width * DIGEST_BYTES };
		rc = compare_tile(check->folder, &expected, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

static int check_unsigned(const struct check *check, struct cordon_err *err)
{
	if (faccessat(check->folder, "tile", F_OK, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	return err_set(err, CORDON_ECORRUPT, 0,
		       "'checkpoint' is missing beside the tiles: a crash cut the first publication short, which the "
		       "next start completes, or it was taken away");
}

static int check_signed(struct check *check, struct cordon_err *err)
{
	struct digest root;
	int rc = 0;

	if (!check->has_checkpoint)
		return check_unsigned(check, err);

	for (uint64_t at = 0; at < check->checkpoint.size && rc == 0; at += TREE_WIDTH)
		rc = check_bundle(check, at / TREE_WIDTH,
				  tile_width(check->checkpoint.size, TILE_ENTRIES, at / TREE_WIDTH), err);
	if (rc == 0)
		rc = check_edges(check, err);
	if (rc < 0)
		return rc;
	tree_root(check->tree, &root);
	if (memcmp(&root, &check->checkpoint.root, sizeof(root)) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "'checkpoint': its root is not the one that the entries give");
	return 0;
}

/* One entry of a write-ahead log: under the checkpoint it must be the one that was signed. */
static int check_frame(struct check *check, uint64_t index, struct cordon_slice entry, struct cordon_err *err)
{
	struct digest leaf;

	if (index >= check->checkpoint.size) {
		check->checked++;
		return 0;
	}
	seal_leaf(entry, &leaf);
	if (memcmp(&leaf, check->leaves.data + (index - check->wal_start) * DIGEST_BYTES, DIGEST_BYTES) != 0)
		return err_set(err, CORDON_ECORRUPT, 0, "is not the entry that was signed");
	return 0;
}

/* Walks over one file from *index on. */
static int check_wal(struct check *check, uint64_t *index, struct cordon_err *err)
{
	cleanup_buf struct buf frames = { 0 };
	struct cordon_slice rest;
	struct cordon_slice entry;
	enum wal_next next;
	char name[WAL_NAME_MAX];
	int rc;

	wal_name(*index, name);
	buf_init(&frames, WAL_FILE_MAX);
	rc = file_read(check->folder, name, &frames, err);
	if (rc < 0)
		return rc;
	rest = buf_slice(&frames);
	while ((next = wal_next(&rest, &entry)) == WAL_ENTRY) {
		rc = check_frame(check, *index, entry, err);
		if (rc < 0)
			return err_wrap(err, rc, "entry %" PRIu64 " in %s", *index, name);
		++*index;
	}
	if (next == WAL_BAD)
		return err_set(err, CORDON_ECORRUPT, 0, "entry %" PRIu64 " in %s: a damaged frame at byte %zu", *index,
			       name, frames.len - rest.len);
	if (next == WAL_TORN)
		return err_set(err, CORDON_ECORRUPT, 0,
			       "entry %" PRIu64 " in %s: the last %zu bytes are no whole frame: a write that a crash "
			       "cut short, which the next start drops and records, or damage",
			       *index, name, rest.len);
	return 0;
}

static int check_wals(struct check *check, struct cordon_err *err)
{
	uint64_t first[WAL_FILES_MAX];
	int count = wal_list(check->folder, first, err);
	uint64_t index = check->wal_start;
	bool at_checkpoint = false;

	if (count < 0)
		return count;
	check->size = check->checkpoint.size;
	for (int i = 0; i < count; i++) {
		int rc;

		if (first[i] < check->wal_start)
			continue;
		if (first[i] != index)
			return err_set(err, CORDON_ECORRUPT, 0,
				       "'wal-%" PRIu64 "' does not follow on entry %" PRIu64
				       ": the write-ahead log between them is cut short or gone",
				       first[i], index);
		at_checkpoint = at_checkpoint || index == check->checkpoint.size;
		rc = check_wal(check, &index, err);
		if (rc < 0)
			return rc;
	}
	if (!at_checkpoint)
		return err_set(err, CORDON_ECORRUPT, 0,
			       "'wal-%" PRIu64 "' is missing: records after the checkpoint may have been taken away",
			       check->checkpoint.size);
	check->size = index;
	return 0;
}

/* The oldest write-ahead log from which a chain can be walked: the one before the checkpoint's own, where it is there. */
static int choose_wal_start(struct check *check, struct cordon_err *err)
{
	uint64_t first[WAL_FILES_MAX];
	int count = wal_list(check->folder, first, err);

	check->wal_start = check->checkpoint.size;
	if (count > 0 && first[0] < check->checkpoint.size)
		check->wal_start = first[0];
	return count < 0 ? count : 0;
}

static int read_key(struct check *check, const char *vkey, struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	int rc;

	if (vkey) {
		rc = note_key_parse(slice_of(vkey), &check->key, err);
		return rc < 0 ? err_wrap(err, rc, "the key that was given") : 0;
	}
	buf_init(&text, NOTE_KEY_TEXT);
	rc = file_read(check->folder, "vkey", &text, err);
	if (rc < 0)
		return rc;
	rc = note_key_parse(buf_slice(&text), &check->key, err);
	return rc < 0 ? err_wrap(err, rc, "'vkey'") : 0;
}

static int read_checkpoint(struct check *check, struct cordon_err *err)
{
	cleanup_buf struct buf note = { 0 };
	int rc;

	buf_init(&note, NOTE_MAX);
	check->has_checkpoint = faccessat(check->folder, "checkpoint", F_OK, AT_SYMLINK_NOFOLLOW) == 0;
	if (!check->has_checkpoint)
		return 0;
	rc = file_read(check->folder, "checkpoint", &note, err);
	if (rc < 0)
		return rc;
	rc = note_open(buf_slice(&note), &check->key, &check->checkpoint, err);
	return rc < 0 ? err_wrap(err, rc, "'checkpoint'") : 0;
}

static bool holds_log(int folder)
{
	static const char *const names[] = { "checkpoint", "vkey", "key", "tile" };
	uint64_t first[WAL_FILES_MAX];

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (faccessat(folder, names[i], F_OK, AT_SYMLINK_NOFOLLOW) == 0)
			return true;
	return wal_list(folder, first, NULL) != 0;
}

static int check_all(struct check *check, const char *vkey, struct cordon_err *err)
{
	int rc = read_key(check, vkey, err);

	if (rc == 0)
		rc = read_checkpoint(check, err);
	if (rc == 0)
		rc = choose_wal_start(check, err);
	if (rc == 0)
		rc = check_signed(check, err);
	return rc == 0 ? check_wals(check, err) : rc;
}

static void tell(const struct check *check, int rc, const struct cordon_err *why, struct audit_proof *proof)
{
	struct digest root;
	struct cordon_err ignored;

	*proof = (struct audit_proof){ .intact = rc == 0 };
	proof->size = check->size;
	proof->signed_size = check->checkpoint.size;
	proof->checked = check->checked;
	tree_root(check->tree, &root);
	digest_hex(&root, proof->root);
	if (check->key.name[0]) {
		char text[NOTE_KEY_TEXT] = "";

		if (note_key_format(&check->key, text, &ignored) == 0)
			snprintf(proof->key, sizeof(proof->key), "%.*s", (int)sizeof(proof->key) - 1, text);
	}
	if (rc < 0)
		snprintf(proof->fault, sizeof(proof->fault), "%.*s", (int)sizeof(proof->fault) - 1, why->text);
}

/* Whether a writer holds the log, and may be in the middle of a write. */
static bool is_live(const char *folder)
{
	cleanup_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) < 0 && errno == EWOULDBLOCK;
}

static int check_once(const char *folder, const char *vkey, struct audit_proof *proof, struct cordon_err *err)
{
	cleanup_close int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_free struct tree *tree = calloc(1, sizeof(*tree));
	struct check check = { .folder = fd, .tree = tree };
	struct cordon_err why = { 0 };
	int rc;

	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot open the audit log '%s'", folder);
	if (!tree)
		return err_nomem(err);
	if (!holds_log(fd))
		return err_set(err, CORDON_EINVAL, 0, "'%s' holds no audit log", folder);
	buf_init(&check.leaves, SIZE_MAX);
	rc = check_all(&check, vkey, &why);
	buf_release(&check.leaves);
	if (rc == CORDON_ENOMEM || rc == CORDON_EMISSING || why.os_errno == EACCES) {
		*err = why;
		return err_wrap(err, rc, "audit log '%s'", folder);
	}
	tell(&check, rc, &why, proof);
	return 0;
}

int audit_verify(const char *folder, const char *vkey, struct audit_proof *proof, struct cordon_err *err)
{
	const struct timespec pause = { .tv_nsec = LIVE_PAUSE_NS };
	int rc = check_once(folder, vkey, proof, err);

	for (int i = 1; i < LIVE_TRIES && rc == 0 && !proof->intact && is_live(folder); i++) {
		nanosleep(&pause, NULL);
		rc = check_once(folder, vkey, proof, err);
	}
	return rc;
}
