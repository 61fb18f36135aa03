/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switched_off.c - which protections a test-only build is without: OFF, names between spaces, given when this is compiled.
 * Linked into such builds alone, by switch-off.sh.
 */
#include <string.h>

#include "sandbox/base/switch_off.h"

bool switched_off(const char *name)
{
	const char *at = OFF;
	size_t len = strlen(name);

	while (*at) {
		size_t word = strcspn(at, " ");

		if (word == len && !memcmp(at, name, len))
			return true;
		at += word + (at[word] == ' ');
	}
	return false;
}
