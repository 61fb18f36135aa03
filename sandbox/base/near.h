/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near.h - which known name was meant by an unknown one.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/* Edits (insert, drop, replace, swap of neighbours) between two short names; a large number for long ones. */
size_t near_distance(const char *a, const char *b);
/* True where `known` is near enough to be what somebody who typed `name` meant. */
bool near_is_meant(const char *name, const char *known);

#endif
