// SPDX-License-Identifier: Apache-2.0
/*
 * name.c - names of tools.
 *
 * A dot is written "__" where a model's API takes no dot, and every door takes both back. So the two spellings are one
 * name here, and a config in which two tools would then have the same one is refused.
 */
#include "sandbox/policy/name.h"

#include <string.h>

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
