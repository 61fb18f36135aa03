// SPDX-License-Identifier: Apache-2.0
/*
 * audit_tree.c - roots against vectors made by another implementation (golang.org/x/mod/sumdb/tlog): entry i is the
 * text "entry <i>".
 */
#include <criterion/criterion.h>
#include <stdbool.h>

#include "sandbox/audit/tree.h"
#include "sandbox/base/slice.h"

static const struct vector {
	uint64_t size;
	const char *root;
} vectors[] = {
	{ 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ 1, "773885a613489e24ce2cf76199d6a423f042e4bbf12d7eecee912ef276c65701" },
	{ 2, "5a47662fd8a317d96049a3f9f47c55dc67ca66051baa3683dbb19b2fe09a07b0" },
	{ 255, "cf66793e6329dff242eb3cee0a6f36ad3e3a196dcc573a1ec775e102be863f1c" },
	{ 256, "da6596d95369f5fef322ab8e4e0da3b0b50236aa9c8a3b1d246f7411c9e2e32e" },
	{ 257, "5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e" },
	{ 511, "ba24c6b7ac0a5cfe33d63335afc1e768bb20ca931f2712f333e6086f2229e4a1" },
	{ 65536, "07b1a377960a4e12e3348d6e9329ae6316a95b02fb1c22e909231b3aa44861a7" },
	{ 65537, "b99c570aaf13b96e026383e8e252e69c7142b3ad7e6e0264f3dc10dfd884d8c5" },
	{ 70000, "a3920fba7f239a071a9bd10721f1341addefbaededb41c7e24437a9d16bdf00a" },
};

static void add(struct tree *tree, struct cordon_slice entry, const struct tree_watch *watch)
{
	struct digest leaf;

	seal_leaf(entry, &leaf);
	cr_assert_eq(tree_add(tree, &leaf, watch, NULL), 0);
}

static void add_numbered(struct tree *tree, const struct tree_watch *watch)
{
	char text[32];

	snprintf(text, sizeof(text), "entry %llu", (unsigned long long)tree->size);
	add(tree, slice_of(text), watch);
}

static void expect_root(const struct tree *tree, const char *hex)
{
	char found[2 * DIGEST_BYTES + 1];
	struct digest root;

	tree_root(tree, &root);
	digest_hex(&root, found);
	cr_expect_str_eq(found, hex, "size %llu", (unsigned long long)tree->size);
}

Test(tree, roots_are_those_of_another_implementation)
{
	struct tree *tree = calloc(1, sizeof(*tree));

	for (size_t i = 0; i < ARRAY_LEN(vectors); i++) {
		while (tree->size < vectors[i].size)
			add_numbered(tree, NULL);
		expect_root(tree, vectors[i].root);
	}
	free(tree);
}

Test(tree, entries_of_no_byte_and_of_the_most_bytes)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	char *most = malloc(65535);

	memset(most, 'x', 65535);
	add(tree, SLICE(""), NULL);
	add(tree, (struct cordon_slice){ most, 65535 }, NULL);
	add(tree, SLICE("z"), NULL);
	cr_expect_eq(tree->size, 3);
	free(most);
	free(tree);
}

/* RFC 6962 by its own words, slowly. */
static void root_by_recursion(const struct digest *leaves, size_t count, struct digest *root)
{
	struct digest left, right;
	size_t split = 1;

	if (count == 1) {
		*root = leaves[0];
		return;
	}
	while (split * 2 < count)
		split *= 2;
	root_by_recursion(leaves, split, &left);
	root_by_recursion(leaves + split, count - split, &right);
	seal_node(&left, &right, root);
}

Test(tree, every_size_to_600_agrees_with_the_definition)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	struct digest leaves[600];

	for (size_t size = 1; size <= 600; size++) {
		struct digest expected, found;
		char text[32];

		snprintf(text, sizeof(text), "entry %zu", size - 1);
		seal_leaf(slice_of(text), &leaves[size - 1]);
		add_numbered(tree, NULL);
		root_by_recursion(leaves, size, &expected);
		tree_root(tree, &found);
		cr_assert_arr_eq(&expected, &found, sizeof(found), "size %zu", size);
	}
	free(tree);
}

struct seen {
	unsigned int count[3];
	bool fail;
};

static int watch_full(void *context, unsigned int level, uint64_t index, const struct digest *hashes,
		      struct cordon_err *err)
{
	struct seen *seen = context;

	(void)hashes;
	(void)err;
	cr_assert_lt(level, 3);
	cr_assert_eq(index, seen->count[level]);
	seen->count[level]++;
	return seen->fail ? CORDON_ESYS : 0;
}

Test(tree, each_full_tile_is_told_once_and_in_order)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	struct seen seen = { 0 };
	const struct tree_watch watch = { watch_full, &seen };

	while (tree->size < 70000)
		add_numbered(tree, &watch);
	cr_expect_eq(seen.count[0], 273);
	cr_expect_eq(seen.count[1], 1);
	cr_expect_eq(seen.count[2], 0);
	cr_expect_eq(tree->width[0], 112);
	cr_expect_eq(tree->width[1], 17);
	cr_expect_eq(tree->width[2], 1);
	free(tree);
}

Test(tree, a_tile_that_cannot_be_kept_ends_the_addition)
{
	struct tree *tree = calloc(1, sizeof(*tree));
	struct seen seen = { .fail = true };
	const struct tree_watch watch = { watch_full, &seen };
	struct digest leaf = { { 0 } };

	while (tree->size < 255)
		add_numbered(tree, &watch);
	cr_expect_eq(tree_add(tree, &leaf, &watch, NULL), CORDON_ESYS);
	free(tree);
}

Test(tree, a_leaf_is_no_node)
{
	struct digest a = { { 1 } }, b = { { 2 } }, node, leaf;
	char both[2 * DIGEST_BYTES];

	memcpy(both, &a, sizeof(a));
	memcpy(both + sizeof(a), &b, sizeof(b));
	seal_node(&a, &b, &node);
	seal_leaf((struct cordon_slice){ both, sizeof(both) }, &leaf);
	cr_expect_arr_neq(&node, &leaf, sizeof(node));
}
