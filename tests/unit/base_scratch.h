// SPDX-License-Identifier: Apache-2.0
/*
 * base_scratch.h - what the suites of base/ share: a folder of their own, and an end that finds what was left behind.
 *
 * Criterion's children leave without LeakSanitizer's report, so scratch_drop() asks for it, and counts descriptors.
 */
#ifndef BASE_SCRATCH_H
#define BASE_SCRATCH_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <ftw.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/slice.h"

int __lsan_do_recoverable_leak_check(void) __attribute__((weak)); /* there in a build with AddressSanitizer */

static char scratch[PATH_MAX];
static size_t scratch_descriptors;

static UNUSED size_t descriptors(void)
{
	cleanup_dir DIR *dir = opendir("/proc/self/fd");
	size_t count = 0;

	cr_assert_not_null(dir);
	while (readdir(dir))
		count++;
	return count;
}

/* The path of name in the suite's folder; of the last 4 calls. */
static UNUSED const char *at(const char *name)
{
	static char paths[4][PATH_MAX + 256];
	static size_t turn;
	char *path = paths[turn++ % ARRAY_LEN(paths)];

	snprintf(path, sizeof(paths[0]), "%s/%s", scratch, name);
	return path;
}

static UNUSED void put(const char *name, struct cordon_slice bytes)
{
	cleanup_file FILE *file = fopen(at(name), "we");

	cr_assert_not_null(file);
	cr_assert_eq(fwrite(bytes.data, 1, bytes.len, file), bytes.len);
}

static UNUSED int scratch_remove(const char *path, const struct stat *status, int kind, struct FTW *place)
{
	(void)status;
	(void)kind;
	(void)place;
	return remove(path);
}

static UNUSED void scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/cordon-base-XXXXXX", base ? base : "/var/tmp");
	cr_assert_not_null(mkdtemp(scratch));
	scratch_descriptors = descriptors();
}

static UNUSED void scratch_drop(void)
{
	cr_expect_eq(descriptors(), scratch_descriptors, "a descriptor was left open");
	if (__lsan_do_recoverable_leak_check)
		cr_expect_eq(__lsan_do_recoverable_leak_check(), 0, "memory was lost");
	nftw(scratch, scratch_remove, 16, FTW_DEPTH | FTW_PHYS);
}

#endif
