// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_glob.c - a pattern, a NUL and a path: matching ends, a path without wildcards matches itself, and two stars match
 * every path that is not empty.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/policy/schema/glob.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_free char *both = malloc(size + 2);
	const char *path;

	if (!both || size > 8192)
		return 0;
	memcpy(both, data, size);
	memset(both + size, 0, 2);
	path = both + strlen(both) + (strlen(both) < size);
	if (glob_fault(both))
		return 0;
	(void)glob_matches(both, path);
	assert(strpbrk(both, "*?[") || glob_matches(both, both));
	if (*path && *path != '/')
		assert(glob_matches("**", path));
	return 0;
}
