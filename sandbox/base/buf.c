// SPDX-License-Identifier: Apache-2.0
/*
 * buf.c - growing bytes with a limit given at birth (the idea of curl's dynbuf with the contract of git's strbuf).
 *
 * Invariants: len < room wherever data is not NULL, data[len] is NUL, len <= limit.
 */
#include "sandbox/base/buf.h"

#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/utf8.h"

#define ROOM_MIN 64 /* one small line: most buffers hold one */

void buf_init(struct buf *buf, size_t limit_bytes)
{
	*buf = (struct buf){ .limit = limit_bytes };
}

void buf_release(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ .limit = buf->limit };
}

void buf_clear(struct buf *buf)
{
	buf->len = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

char *buf_reserve(struct buf *buf, size_t len, struct cordon_err *err)
{
	size_t room = buf->room ? buf->room : ROOM_MIN;
	char *data;

	if (len > buf->limit || buf->len > buf->limit - len) {
		err_set(err, CORDON_ELIMIT, 0, "more than %zu bytes", buf->limit);
		return NULL;
	}
	if (buf->data && buf->len + len < buf->room)
		return buf->data + buf->len;
	while (room <= buf->len + len)
		room *= 2;
	data = realloc(buf->data, room);
	if (!data) {
		err_nomem(err);
		return NULL;
	}
	buf->data = data;
	buf->room = room;
	data[buf->len] = '\0';
	return data + buf->len;
}

int buf_add(struct buf *buf, struct cordon_slice bytes, struct cordon_err *err)
{
	char *to;

	if (!bytes.len)
		return 0;
	to = buf_reserve(buf, bytes.len, err);
	if (!to)
		return buf->len + bytes.len > buf->limit ? CORDON_ELIMIT : CORDON_ENOMEM;
	memcpy(to, bytes.data, bytes.len);
	buf->len += bytes.len;
	buf->data[buf->len] = '\0';
	return 0;
}

int buf_add_text(struct buf *buf, const char *text, struct cordon_err *err)
{
	return buf_add(buf, (struct cordon_slice){ text, strlen(text) }, err);
}

int buf_addf(struct buf *buf, struct cordon_err *err, const char *format, ...)
{
	va_list list;
	char *to;
	int len;

	va_start(list, format);
	len = vsnprintf(NULL, 0, format, list);
	va_end(list);
	if (len < 0)
		return err_set(err, CORDON_EINVAL, 0, "text that cannot be formatted");
	to = buf_reserve(buf, (size_t)len, err);
	if (!to)
		return buf->len + (size_t)len > buf->limit ? CORDON_ELIMIT : CORDON_ENOMEM;
	va_start(list, format);
	vsnprintf(to, (size_t)len + 1, format, list);
	va_end(list);
	buf->len += (size_t)len;
	return 0;
}

int buf_add_utf8(struct buf *buf, struct cordon_slice bytes, struct cordon_err *err)
{
	while (bytes.len) {
		size_t good = utf8_valid_until(bytes);
		int rc = buf_add(buf, (struct cordon_slice){ bytes.data, good }, err);

		if (rc < 0)
			return rc;
		if (good == bytes.len)
			return 0;
		rc = buf_add(buf, (struct cordon_slice){ "\xef\xbf\xbd", 3 }, err);
		if (rc < 0)
			return rc;
		bytes.data += good + 1;
		bytes.len -= good + 1;
	}
	return 0;
}

char *buf_take(struct buf *buf)
{
	char *data = buf->data ? buf->data : calloc(1, 1);

	*buf = (struct buf){ .limit = buf->limit };
	return data;
}
