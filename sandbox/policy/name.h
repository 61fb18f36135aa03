/* SPDX-License-Identifier: Apache-2.0 */
/*
 * name.h - names of tools.
 */
#ifndef POLICY_NAME_H
#define POLICY_NAME_H

#include <stdbool.h>
#include <stddef.h>

#define NAME_MAX_BYTES 48 /* DESIGN, names */

/* [A-Za-z0-9_-]{1,48}. */
bool name_is_sound(const char *name);
/* Equal, where "." and "__" are the same: the model APIs of some take no dot. */
bool name_is_same(const char *a, const char *b);
/* `*` stands for any text; everything else for itself. */
bool name_matches(const char *pattern, const char *name);

#endif
