/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slice.h - small questions about struct cordon_slice.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stdbool.h>
#include <string.h>

#include "include/cordon.h"

#define SLICE(literal) ((struct cordon_slice){ (literal), sizeof(literal) - 1 })

static inline struct cordon_slice slice_of(const char *text)
{
	return (struct cordon_slice){ text, strlen(text) };
}

static inline bool slice_equal(struct cordon_slice a, struct cordon_slice b)
{
	return a.len == b.len && (!a.len || !memcmp(a.data, b.data, a.len));
}

static inline bool slice_is(struct cordon_slice a, const char *text)
{
	return slice_equal(a, slice_of(text));
}

static inline bool slice_starts(struct cordon_slice a, struct cordon_slice prefix)
{
	return a.len >= prefix.len && (!prefix.len || !memcmp(a.data, prefix.data, prefix.len));
}

/* The bytes from `from` to the end; empty where from is past it. */
static inline struct cordon_slice slice_from(struct cordon_slice a, size_t from)
{
	return from >= a.len ? (struct cordon_slice){ a.data + a.len, 0 }
			     : (struct cordon_slice){ a.data + from, a.len - from };
}

#endif
