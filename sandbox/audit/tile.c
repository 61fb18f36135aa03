// SPDX-License-Identifier: Apache-2.0
/*
 * tile.c - paths and bytes of C2SP tlog-tiles.
 *
 * An index is written in groups of three digits, all but the last with an x before: 1234067 is x001/x234/067. A tile
 * that is not full lives in a folder beside the place of the full one, under its width: 067.p/17.
 */
#include "sandbox/audit/tile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"

#define GROUP 1000U /* three digits */
#define GROUPS_MAX 7 /* 10^21 is more than a uint64 holds */

void tile_path(char path[TILE_PATH_MAX], int level, uint64_t index, size_t width)
{
	unsigned int groups[GROUPS_MAX];
	size_t count = 0;
	int used;

	do {
		groups[count++] = (unsigned int)(index % GROUP);
		index /= GROUP;
	} while (index && count < GROUPS_MAX);
	used = level == TILE_ENTRIES ? snprintf(path, TILE_PATH_MAX, "tile/entries/")
				     : snprintf(path, TILE_PATH_MAX, "tile/%d/", level);
	while (count-- > 1)
		used += snprintf(path + used, TILE_PATH_MAX - (size_t)used, "x%03u/", groups[count]);
	used += snprintf(path + used, TILE_PATH_MAX - (size_t)used, "%03u", groups[0]);
	if (width == 0)
		snprintf(path + used, TILE_PATH_MAX - (size_t)used, ".p");
	else if (width < TREE_WIDTH)
		snprintf(path + used, TILE_PATH_MAX - (size_t)used, ".p/%zu", width);
}

size_t tile_width(uint64_t size, int level, uint64_t index)
{
	uint64_t items = size;

	for (int i = 0; i < level; i++)
		items /= TREE_WIDTH;
	if (items / TREE_WIDTH > index)
		return TREE_WIDTH;
	return items / TREE_WIDTH == index ? (size_t)(items % TREE_WIDTH) : 0;
}

int tile_add_entry(struct buf *bundle, struct cordon_slice entry, struct cordon_err *err)
{
	char *to;

	if (entry.len > TILE_ENTRY_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a record of %zu bytes, more than %d", entry.len, TILE_ENTRY_MAX);
	to = buf_reserve(bundle, 2 + entry.len, err);
	if (!to)
		return bundle->limit - bundle->len < 2 + entry.len ? CORDON_ELIMIT : CORDON_ENOMEM;
	to[0] = (char)(entry.len >> 8);
	to[1] = (char)(entry.len & 0xff);
	memcpy(to + 2, entry.data, entry.len);
	bundle->len += 2 + entry.len;
	bundle->data[bundle->len] = '\0';
	return 0;
}

int tile_next_entry(struct cordon_slice *bundle, struct cordon_slice *entry, struct cordon_err *err)
{
	const unsigned char *bytes = (const unsigned char *)bundle->data;
	size_t len;

	if (!bundle->len)
		return 0;
	if (bundle->len < 2)
		return err_set(err, CORDON_ECORRUPT, 0, "cut short in the length of an entry");
	len = (size_t)bytes[0] << 8 | bytes[1];
	if (bundle->len - 2 < len)
		return err_set(err, CORDON_ECORRUPT, 0, "cut short in an entry of %zu bytes", len);
	*entry = (struct cordon_slice){ bundle->data + 2, len };
	*bundle = slice_from(*bundle, 2 + len);
	return 1;
}

/* The least width above `width` among a .p folder's names; TREE_WIDTH where there is none. */
static size_t wider(int folder, const char *path, size_t width)
{
	cleanup_dir DIR *dir = NULL;
	cleanup_close int fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	size_t best = TREE_WIDTH;
	const struct dirent *item;

	if (fd < 0)
		return best;
	dir = fdopendir(fd);
	if (!dir)
		return best;
	fd = -1;
	while ((item = readdir(dir))) {
		uint64_t found;

		if (parse_u64(slice_of(item->d_name), &found, NULL) == 0 && found > width && found < best)
			best = (size_t)found;
	}
	return best;
}

int tile_read(int folder, const struct tile_at *at, struct buf *out, char path[TILE_PATH_MAX], struct cordon_err *err)
{
	char other[TILE_PATH_MAX];
	struct cordon_err ignored;
	int rc;

	tile_path(path, at->level, at->index, at->width);
	buf_clear(out);
	rc = file_read(folder, path, out, err);
	if (rc == 0 || at->width == TREE_WIDTH)
		return rc;
	tile_path(other, at->level, at->index, 0);
	tile_path(other, at->level, at->index, wider(folder, other, at->width));
	buf_clear(out);
	if (file_read(folder, other, out, &ignored) < 0)
		return rc;
	memcpy(path, other, sizeof(other));
	return 0;
}
