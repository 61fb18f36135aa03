// SPDX-License-Identifier: Apache-2.0
/*
 * compare.c - a tile or bundle on disk against what was computed.
 *
 * A tile may be there as the full file, as partial ones of the two newest checkpoints, or, where a writer has just
 * published, as something wider than the checkpoint that was read. Each file that the checkpoint covers is compared,
 * byte for byte; that at least one is there is asked too.
 */
#include "sandbox/audit/compare.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"

static int fault(struct cordon_err *err, const char *path, const char *what)
{
	return err_set(err, CORDON_ECORRUPT, 0, "'%s': %s", path, what);
}

/* A file must be exactly the first bytes of what was computed, `len` of them. */
static int compare_file(int folder, const char *path, struct cordon_slice expected, struct cordon_err *err)
{
	cleanup_buf struct buf found = { 0 };
	int rc;

	buf_init(&found, TILE_BUNDLE_MAX);
	rc = file_read(folder, path, &found, err);
	if (rc < 0)
		return rc;
	if (!slice_equal(buf_slice(&found), expected))
		return fault(err, path, "is not what the entries give");
	return 0;
}

size_t compare_hashes(struct cordon_slice items, size_t width)
{
	(void)items;
	return width * DIGEST_BYTES;
}

size_t compare_entries(struct cordon_slice items, size_t width)
{
	struct cordon_slice rest = items;
	struct cordon_slice entry;

	while (width-- && tile_next_entry(&rest, &entry, NULL) == 1)
		;
	return items.len - rest.len;
}

/* Every partial file of a tile that is there and that the checkpoint covers. Adds how many have the full width. */
static int compare_partials(int folder, const struct compare *expected, size_t *exact, struct cordon_err *err)
{
	char path[TILE_PATH_MAX];
	cleanup_dir DIR *dir = NULL;
	const struct dirent *item;
	int fd;

	tile_path(path, expected->at.level, expected->at.index, 0);
	fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	if (fd < 0)
		return errno == ENOENT ? 0 : err_set(err, CORDON_ESYS, errno, "cannot open '%s'", path);
	dir = fdopendir(fd);
	if (!dir) {
		close(fd);
		return err_nomem(err);
	}
	while ((item = readdir(dir))) {
		struct cordon_slice part = expected->items;
		uint64_t width;

		if (parse_u64(slice_of(item->d_name), &width, NULL) < 0 || !width || width > expected->at.width)
			continue;
		tile_path(path, expected->at.level, expected->at.index, (size_t)width);
		part.len = expected->prefix(expected->items, (size_t)width);
		if (compare_file(folder, path, part, err) < 0)
			return err->os_errno == ENOENT ? 0 : err->code;
		*exact += width == expected->at.width;
	}
	return 0;
}

int compare_tile(int folder, const struct compare *expected, struct cordon_err *err)
{
	char path[TILE_PATH_MAX];
	cleanup_buf struct buf found = { 0 };
	size_t exact = 0;
	size_t len = expected->prefix(expected->items, expected->at.width);
	int rc = compare_partials(folder, expected, &exact, err);

	if (rc < 0 || (exact && expected->at.width < TREE_WIDTH))
		return rc;
	/* The full file, or what has replaced the partial one since the checkpoint was read. */
	buf_init(&found, TILE_BUNDLE_MAX);
	rc = tile_read(folder, &expected->at, &found, path, err);
	if (rc < 0)
		return rc;
	if (found.len < len || memcmp(found.data, expected->items.data, len) != 0 ||
	    (expected->at.width == TREE_WIDTH && found.len != len))
		return fault(err, path, "is not what the entries give");
	return 0;
}
