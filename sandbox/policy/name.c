// SPDX-License-Identifier: Apache-2.0
/*
 * name.c - names of tools, and which known name was meant.
 *
 * A dot is written "__" where a model's API takes no dot, and every door takes both back. So the two spellings are one
 * name here, and a config in which two tools would then have the same one is refused.
 */
#include "sandbox/policy/name.h"

#include <stdint.h>
#include <string.h>

#define DISTANCE_MAX_BYTES 63

bool name_is_sound(const char *name)
{
	size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	return len > 0 && len <= NAME_MAX_BYTES && !name[len];
}

/* One character of a name, "__" read as a dot. */
static char next_character(const char **at)
{
	if ((*at)[0] == '_' && (*at)[1] == '_') {
		*at += 2;
		return '.';
	}
	return **at ? *(*at)++ : '\0';
}

bool name_is_same(const char *a, const char *b)
{
	char left;

	do {
		left = next_character(&a);
		if (left != next_character(&b))
			return false;
	} while (left);
	return true;
}

bool name_matches(const char *pattern, const char *name)
{
	const char *star = NULL;
	const char *resume = NULL;

	while (*name) {
		if (*pattern == '*') {
			star = ++pattern;
			resume = name;
			continue;
		}
		if (*pattern == *name) {
			pattern++;
			name++;
			continue;
		}
		if (!star)
			return false;
		pattern = star;
		name = ++resume;
	}
	while (*pattern == '*')
		pattern++;
	return !*pattern;
}

static uint8_t least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

size_t name_distance(const char *a, const char *b)
{
	uint8_t rows[3][DISTANCE_MAX_BYTES + 1] = { { 0 } };
	size_t left = strlen(a);
	size_t right = strlen(b);

	if (left > DISTANCE_MAX_BYTES || right > DISTANCE_MAX_BYTES)
		return SIZE_MAX;
	for (size_t j = 0; j <= right; j++)
		rows[0][j] = (uint8_t)j;
	for (size_t i = 1; i <= left; i++) {
		uint8_t *row = rows[i % 3];
		const uint8_t *above = rows[(i + 2) % 3];
		const uint8_t *higher = rows[(i + 1) % 3];

		row[0] = (uint8_t)i;
		for (size_t j = 1; j <= right; j++) {
			row[j] = least((uint8_t)(above[j] + 1), (uint8_t)(row[j - 1] + 1));
			row[j] = least(row[j], (uint8_t)(above[j - 1] + (a[i - 1] != b[j - 1])));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = least(row[j], (uint8_t)(higher[j - 2] + 1));
		}
	}
	return rows[left % 3][right];
}

bool name_is_near(const char *name, const char *known)
{
	size_t distance = name_distance(name, known);

	return distance <= 1 + strlen(known) / 4 && distance < strlen(known);
}
