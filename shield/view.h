/* SPDX-License-Identifier: Apache-2.0 */
/*
 * view.h - bytes as they are to be read, and for each of them where it stood in the source.
 *
 * Whatever is decoded, folded, reversed or pulled out of markup becomes a view, so every later layer speaks of source
 * offsets without knowing what lay between. A view is at most a piece of a document (VIEW_MAX), never the whole.
 */
#ifndef SHIELD_VIEW_H
#define SHIELD_VIEW_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"

#define VIEW_MAX (64u << 10) /* a piece: long enough for any instruction, short enough to keep ten views in cache */
#define VIEW_OVERLAP 1024 /* of two pieces of one run of text: nothing that is found is longer */

struct view_place {
	uint32_t start, end; /* bytes in the source: SHIELD_TEXT_MAX fits 32 bits */
};

struct view {
	char *bytes;
	struct view_place *at; /* one a byte */
	size_t len, room;
};

void view_release(struct view *view);
static inline void view_clear(struct view *view)
{
	view->len = 0;
}
/* Appends len bytes that all come from one place. */
USE_RESULT int view_add(struct view *view, struct cordon_slice bytes, struct view_place place, struct cordon_err *err);
/* Appends bytes that stand in the source as they are, from offset `start` on. */
USE_RESULT int view_add_source(struct view *view, struct cordon_slice bytes, size_t start, struct cordon_err *err);
/* The source span of view bytes [from, to); to > from. The least start and the greatest end, for reversed views too. */
struct view_place view_span(const struct view *view, size_t from, size_t to);

/* Drops all but the last `len` bytes, from a character's start on. */
void view_keep_tail(struct view *view, size_t len);

static inline struct cordon_slice view_slice(const struct view *view)
{
	return (struct cordon_slice){ view->bytes ? view->bytes : "", view->len };
}

#define cleanup_view CLEANUP(view_release)

#endif
