/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lines.h - one message a line from a descriptor, with a limit: MCP's stdio framing.
 */
#ifndef GATEWAY_LINES_H
#define GATEWAY_LINES_H

#include <stdbool.h>

#include "sandbox/base/buf.h"

#define LINE_MAX_BYTES (16u << 20) /* DESIGN, MCP: a line is at most 16 MiB */

struct lines {
	int fd; /* borrowed */
	struct buf pending;
	size_t scanned; /* no newline before this offset of pending */
	size_t consumed; /* bytes of pending that were given out */
	bool skipping; /* inside a line that was too long */
};

enum lines_event {
	LINES_NONE, /* nothing whole is here yet */
	LINES_LINE, /* *line is one, without its newline; borrowed until the next call */
	LINES_TOO_LONG, /* a line passed the limit: told once, the rest of it is skipped */
};

void lines_init(struct lines *lines, int fd);
void lines_release(struct lines *lines);
/* Reads once. Returns 1 when bytes came, 0 at the end of input, or an error. Call when poll() says that fd is readable. */
USE_RESULT int lines_fill(struct lines *lines, struct cordon_err *err);
/* After the end of input: what stands after the last newline, if anything; borrowed. */
struct cordon_slice lines_rest(const struct lines *lines);
/* The next event in what was read so far. */
enum lines_event lines_next(struct lines *lines, struct cordon_slice *line);

#endif
