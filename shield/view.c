// SPDX-License-Identifier: Apache-2.0
/*
 * view.c - bytes as they are to be read, and for each of them where it stood in the source.
 */
#include "shield/view.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/base/err.h"

#define ROOM_MIN 256

static int reserve(struct view *view, size_t len, struct cordon_err *err)
{
	size_t room = view->room ? view->room : ROOM_MIN;
	struct view_place *at;
	char *bytes;

	if (len > UINT32_MAX / 2 - view->len)
		return err_set(err, CORDON_ELIMIT, 0, "a view of more than %zu bytes", view->len + len);
	if (view->len + len <= view->room)
		return 0;
	while (room < view->len + len)
		room *= 2;
	bytes = realloc(view->bytes, room);
	if (!bytes)
		return err_nomem(err);
	view->bytes = bytes;
	at = realloc(view->at, room * sizeof(*at));
	if (!at)
		return err_nomem(err);
	view->at = at;
	view->room = room;
	return 0;
}

void view_release(struct view *view)
{
	free(view->bytes);
	free(view->at);
	*view = (struct view){ 0 };
}

int view_add(struct view *view, struct cordon_slice bytes, struct view_place place, struct cordon_err *err)
{
	int rc = reserve(view, bytes.len, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < bytes.len; i++) {
		view->bytes[view->len] = bytes.data[i];
		view->at[view->len++] = place;
	}
	return 0;
}

int view_add_source(struct view *view, struct cordon_slice bytes, size_t start, struct cordon_err *err)
{
	int rc = reserve(view, bytes.len, err);

	if (rc < 0)
		return rc;
	if (!bytes.len)
		return 0;
	memcpy(view->bytes + view->len, bytes.data, bytes.len);
	for (size_t i = 0; i < bytes.len; i++)
		view->at[view->len++] = (struct view_place){ (uint32_t)(start + i), (uint32_t)(start + i + 1) };
	return 0;
}

struct view_place view_span(const struct view *view, size_t from, size_t to)
{
	struct view_place first = view->at[from];
	struct view_place last = view->at[to - 1];

	return (struct view_place){ first.start < last.start ? first.start : last.start,
				    first.end > last.end ? first.end : last.end };
}

void view_keep_tail(struct view *view, size_t len)
{
	size_t from = view->len > len ? view->len - len : 0;

	while (from < view->len && ((unsigned char)view->bytes[from] & 0xc0) == 0x80)
		from++;
	if (!from)
		return;
	view->len -= from;
	memmove(view->bytes, view->bytes + from, view->len);
	memmove(view->at, view->at + from, view->len * sizeof(*view->at));
}
