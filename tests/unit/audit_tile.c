// SPDX-License-Identifier: Apache-2.0
/*
 * audit_tile.c - paths, widths and bundles of C2SP tlog-tiles.
 */
#include "tests/unit/audit_scratch.h"

#include "sandbox/audit/tile.h"

TestSuite(tile, .init = scratch_make, .fini = scratch_drop);

static const struct place {
	int level;
	uint64_t index;
	size_t width;
	const char *path;
} places[] = {
	{ 0, 0, 256, "tile/0/000" },
	{ 0, 0, 1, "tile/0/000.p/1" },
	{ 0, 0, 0, "tile/0/000.p" },
	{ 1, 999, 256, "tile/1/999" },
	{ 1, 1000, 256, "tile/1/x001/000" },
	{ 0, 1234067, 256, "tile/0/x001/x234/067" },
	{ 2, 1234067, 17, "tile/2/x001/x234/067.p/17" },
	{ TILE_ENTRIES, 0, 57, "tile/entries/000.p/57" },
	{ TILE_ENTRIES, UINT64_MAX, 255, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255" },
};

Test(tile, paths_are_those_of_the_specification)
{
	for (size_t i = 0; i < ARRAY_LEN(places); i++) {
		char path[TILE_PATH_MAX];

		tile_path(path, places[i].level, places[i].index, places[i].width);
		cr_expect_str_eq(path, places[i].path);
	}
}

static const struct width {
	uint64_t size;
	int level;
	uint64_t index;
	size_t width;
} widths[] = {
	{ 70000, 0, 272, 256 },
	{ 70000, 0, 273, 112 },
	{ 70000, 0, 274, 0 },
	{ 70000, 1, 0, 256 },
	{ 70000, 1, 1, 17 },
	{ 70000, 2, 0, 1 },
	{ 70000, 3, 0, 0 },
	{ 256, 0, 0, 256 },
	{ 256, 1, 0, 1 },
	{ 256, 0, 1, 0 },
	{ 255, 1, 0, 0 },
	{ 0, 0, 0, 0 },
	{ 70000, TILE_ENTRIES, 273, 112 },
};

Test(tile, widths_are_those_of_the_specification)
{
	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		cr_expect_eq(tile_width(widths[i].size, widths[i].level, widths[i].index), widths[i].width, "row %zu",
			     i);
}

Test(tile, a_bundle_is_the_entries_with_their_lengths)
{
	cleanup_buf struct buf bundle = { 0 };
	struct cordon_slice rest, entry;

	buf_init(&bundle, 100);
	cr_assert_eq(tile_add_entry(&bundle, SLICE("entry 0"), NULL), 0);
	cr_assert_eq(tile_add_entry(&bundle, SLICE("entry 1"), NULL), 0);
	cr_assert_eq(bundle.len, 18);
	cr_assert_arr_eq(bundle.data, "\0\7entry 0\0\7entry 1", 18);
	rest = buf_slice(&bundle);
	cr_assert_eq(tile_next_entry(&rest, &entry, NULL), 1);
	cr_assert(slice_is(entry, "entry 0"));
	cr_assert_eq(tile_next_entry(&rest, &entry, NULL), 1);
	cr_assert(slice_is(entry, "entry 1"));
	cr_assert_eq(tile_next_entry(&rest, &entry, NULL), 0);
}

Test(tile, the_longest_entry_fits_and_one_byte_more_does_not)
{
	cleanup_buf struct buf bundle = { 0 };
	char *bytes = calloc(1, 65536);

	buf_init(&bundle, 1 << 20);
	cr_expect_eq(tile_add_entry(&bundle, (struct cordon_slice){ bytes, 65535 }, NULL), 0);
	cr_expect_eq(bundle.len, 65537);
	cr_expect_arr_eq(bundle.data, "\xff\xff", 2);
	cr_expect_eq(tile_add_entry(&bundle, (struct cordon_slice){ bytes, 65536 }, NULL), CORDON_ELIMIT);
	cr_expect_eq(bundle.len, 65537);
	free(bytes);
}

Test(tile, a_bundle_that_is_cut_short_is_damage_at_every_length)
{
	const char whole[] = "\0\7entry 0\0\7entry 1";

	for (size_t len = 1; len < 18; len++) {
		struct cordon_slice rest = { whole, len };
		struct cordon_slice entry;
		int rc;

		while ((rc = tile_next_entry(&rest, &entry, NULL)) == 1)
			;
		cr_expect_eq(rc, len == 9 ? 0 : CORDON_ECORRUPT, "%zu bytes", len);
	}
}

Test(tile, a_wider_tile_serves_where_the_narrow_one_is_gone)
{
	int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_buf struct buf tile = { 0 };
	char path[TILE_PATH_MAX];
	struct cordon_err err = { 0 };

	buf_init(&tile, TREE_WIDTH * DIGEST_BYTES);
	cr_assert_eq(scratch_shell("cd %s && mkdir -p tile/0/000.p && echo 9 >tile/0/000.p/9 && echo 7 >tile/0/000.p/7",
				   scratch),
		     0);
	cr_assert_eq(tile_read(folder, &(struct tile_at){ 0, 0, 5 }, &tile, path, &err), 0);
	cr_expect_str_eq(path, "tile/0/000.p/7");
	cr_assert_eq(tile_read(folder, &(struct tile_at){ 0, 0, 9 }, &tile, path, &err), 0);
	cr_expect_str_eq(path, "tile/0/000.p/9");
	cr_assert_lt(tile_read(folder, &(struct tile_at){ 0, 0, 10 }, &tile, path, &err), 0);
	cr_expect_not_null(strstr(err.text, "tile/0/000.p/10"), "%s", err.text);
	cr_assert_eq(scratch_shell("echo full >%s/tile/0/000", scratch), 0);
	cr_assert_eq(tile_read(folder, &(struct tile_at){ 0, 0, 10 }, &tile, path, &err), 0);
	cr_expect_str_eq(path, "tile/0/000");
	close(folder);
}

Test(tile, a_fifo_in_its_place_does_not_hang_the_reader)
{
	int folder = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_buf struct buf tile = { 0 };
	char path[TILE_PATH_MAX];

	buf_init(&tile, 100);
	cr_assert_eq(scratch_shell("cd %s && mkdir -p tile/0 && mkfifo tile/0/000", scratch), 0);
	cr_expect_lt(tile_read(folder, &(struct tile_at){ 0, 0, 256 }, &tile, path, NULL), 0);
	close(folder);
}
