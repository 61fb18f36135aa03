// SPDX-License-Identifier: Apache-2.0
/*
 * nearest.c - the known word that is closest to a mistyped one (optimal string alignment distance).
 */
#include "sandbox/policy/nearest.h"

#include <stdint.h>
#include <string.h>

#include "sandbox/base/cleanup.h"

#define WORD_MAX 40

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t distance(const char *a, const char *b)
{
	size_t rows[WORD_MAX + 1][WORD_MAX + 1];
	size_t height = strlen(a);
	size_t width = strlen(b);

	if (height > WORD_MAX || width > WORD_MAX)
		return WORD_MAX;
	for (size_t i = 0; i <= height; i++)
		for (size_t j = 0; j <= width; j++) {
			if (!i || !j) {
				rows[i][j] = i + j;
				continue;
			}
			rows[i][j] = least(least(rows[i - 1][j], rows[i][j - 1]) + 1,
					   rows[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				rows[i][j] = least(rows[i][j], rows[i - 2][j - 2] + 1);
		}
	return rows[height][width];
}

const char *nearest_key(const json_t *object, const char *word)
{
	const char *best = NULL;
	size_t best_distance = WORD_MAX;
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)object, key, value)
	{
		size_t away = distance(word, key);

		if (away < best_distance && away <= strlen(key) / 3 + 1 && away < strlen(key)) {
			best = key;
			best_distance = away;
		}
	}
	return best;
}
