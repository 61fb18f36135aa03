/* SPDX-License-Identifier: Apache-2.0 */
/*
 * buf.h - growing bytes with a limit given at birth.
 *
 * A buffer is always NUL-terminated once it holds something, so buf_text() is a C string where the content has no NUL.
 * An addition that would pass the limit fails with CORDON_ELIMIT and leaves the content as it was.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

struct buf {
	char *data;
	size_t len;
	size_t room;
	size_t limit;
};

void buf_init(struct buf *buf, size_t limit_bytes);
void buf_release(struct buf *buf);
void buf_clear(struct buf *buf);
USE_RESULT int buf_add(struct buf *buf, struct cordon_slice bytes, struct cordon_err *err);
USE_RESULT int buf_add_text(struct buf *buf, const char *text, struct cordon_err *err);
/* Valid UTF-8 whatever the bytes: each one that is no part of a character becomes U+FFFD. */
USE_RESULT int buf_add_utf8(struct buf *buf, struct cordon_slice bytes, struct cordon_err *err);
USE_RESULT int buf_addf(struct buf *buf, struct cordon_err *err, const char *format, ...) PRINTF_LIKE(3, 4);

/* Makes room for len more bytes and returns where they go; buf->len is raised by the caller. NULL with *err set. */
char *buf_reserve(struct buf *buf, size_t len, struct cordon_err *err);

/* The malloc()ed content, NUL-terminated, never NULL except out of memory; the buffer is empty afterwards. */
char *buf_take(struct buf *buf);

static inline const char *buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

static inline struct cordon_slice buf_slice(const struct buf *buf)
{
	return (struct cordon_slice){ buf_text(buf), buf->len };
}

#define cleanup_buf CLEANUP(buf_release)

#endif
