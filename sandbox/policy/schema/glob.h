/* SPDX-License-Identifier: Apache-2.0 */
/*
 * glob.h - paths below a root against a pattern with `*`, `?`, `[...]` and the folders-crossing double star.
 */
#ifndef SCHEMA_GLOB_H
#define SCHEMA_GLOB_H

#include <stdbool.h>

#define GLOB_MAX 1024 /* bytes of a pattern */

/* NULL where the pattern is sound, else what is wrong with it. */
const char *glob_fault(const char *pattern);
/* Two stars and a slash cross any number of folders, none too; `*` and `?` do not cross one; `[a-z]`, `[!a-z]` are one byte of
 * a name. The whole path must match. The pattern is one that glob_fault() found sound. */
bool glob_matches(const char *pattern, const char *path);

#endif
