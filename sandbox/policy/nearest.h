/* SPDX-License-Identifier: Apache-2.0 */
/*
 * nearest.h - "did you mean": the known word that is closest to a mistyped one.
 */
#ifndef POLICY_NEAREST_H
#define POLICY_NEAREST_H

#include <jansson.h>

/* The key of object that is at most a third of its length away from word (insert, delete, replace, swap); NULL: none. */
const char *nearest_key(const json_t *object, const char *word);

#endif
