// SPDX-License-Identifier: Apache-2.0
/*
 * near.c - which known name was meant by an unknown one.
 *
 * Most unknown names are slips of the hand, so a swap of neighbours counts as one edit, and a longer name may have more of
 * them. Three rows of the table of distances are kept, which a swap looks back on.
 */
#include "sandbox/base/near.h"

#include <stdint.h>
#include <string.h>

#define DISTANCE_MAX_BYTES 63

static uint8_t least(uint8_t a, uint8_t b)
{
	return a < b ? a : b;
}

size_t near_distance(const char *a, const char *b)
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

bool near_is_meant(const char *name, const char *known)
{
	size_t distance = near_distance(name, known);

	return distance <= 1 + strlen(known) / 4 && distance < strlen(known);
}
