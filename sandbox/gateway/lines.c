// SPDX-License-Identifier: Apache-2.0
/*
 * lines.c - one message a line from a descriptor, with a limit.
 *
 * Bytes are read in pieces and searched for a newline once each: `scanned` remembers how far, so a line that arrives in
 * many pieces costs linear time. What was given out is dropped before the next read, not on each line.
 */
#include "sandbox/gateway/lines.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

#define READ_BYTES (64u << 10) /* a pipe's capacity: one read takes all that a client could write at once */

void lines_init(struct lines *lines, int fd)
{
	*lines = (struct lines){ .fd = fd };
	buf_init(&lines->pending, LINE_MAX_BYTES + 2 * READ_BYTES);
}

void lines_release(struct lines *lines)
{
	buf_release(&lines->pending);
}

static void drop_consumed(struct lines *lines)
{
	size_t left = lines->pending.len - lines->consumed;

	if (!lines->consumed)
		return;
	memmove(lines->pending.data, lines->pending.data + lines->consumed, left);
	lines->pending.len = left;
	lines->scanned -= lines->consumed;
	lines->consumed = 0;
}

int lines_fill(struct lines *lines, struct cordon_err *err)
{
	ssize_t got;
	char *to;

	drop_consumed(lines);
	to = buf_reserve(&lines->pending, READ_BYTES, err);
	if (!to)
		return CORDON_ENOMEM;
	do {
		got = read(lines->fd, to, READ_BYTES);
	} while (got < 0 && errno == EINTR);
	if (got < 0 && errno == EAGAIN)
		return 1;
	if (got < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot read standard input");
	lines->pending.len += (size_t)got;
	return got > 0;
}

/* The end of a line that was too long: everything up to its newline, or all there is. */
static void skip_rest(struct lines *lines)
{
	char *from = lines->pending.data + lines->consumed;
	char *end = memchr(from, '\n', lines->pending.len - lines->consumed);

	lines->skipping = !end;
	lines->consumed = end ? (size_t)(end + 1 - lines->pending.data) : lines->pending.len;
	lines->scanned = lines->consumed;
}

enum lines_event lines_next(struct lines *lines, struct cordon_slice *line)
{
	const char *data = lines->pending.data;
	const char *end;

	if (lines->pending.len && lines->skipping)
		skip_rest(lines);
	if (lines->scanned >= lines->pending.len)
		end = NULL;
	else
		end = memchr(data + lines->scanned, '\n', lines->pending.len - lines->scanned);
	if (end && (size_t)(end - data) - lines->consumed <= LINE_MAX_BYTES) {
		*line = (struct cordon_slice){ data + lines->consumed, (size_t)(end - data) - lines->consumed };
		lines->consumed = (size_t)(end + 1 - data);
		lines->scanned = lines->consumed;
		return LINES_LINE;
	}
	lines->scanned = end ? lines->scanned : lines->pending.len;
	if (!end && lines->pending.len - lines->consumed <= LINE_MAX_BYTES)
		return LINES_NONE;
	lines->skipping = true;
	skip_rest(lines);
	return LINES_TOO_LONG;
}

struct cordon_slice lines_rest(const struct lines *lines)
{
	if (lines->skipping)
		return (struct cordon_slice){ "", 0 };
	return slice_from(buf_slice(&lines->pending), lines->consumed);
}
