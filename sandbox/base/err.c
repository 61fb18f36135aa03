// SPDX-License-Identifier: Apache-2.0
/*
 * err.c - one sentence about what went wrong.
 *
 * Nothing here allocates, so an error can be told when memory is gone. Sentences that do not fit are cut; bytes that a
 * terminal could act on are escaped here, once, so that no caller can forget it.
 */
#include "sandbox/base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/utf8.h"

#ifndef __GLIBC__ /* musl, which the launcher is linked with: strerror() is a table there too */
#define strerrordesc_np strerror
#endif
#define TEXT_MAX (sizeof(((struct cordon_err *)NULL)->text))

/* Copies the sentence, control characters and invalid UTF-8 as \xNN, cut at the end of a character. */
static void copy_printable(char *to, const char *from, size_t len)
{
	size_t used = 0;
	size_t at = 0;

	while (at < len) {
		uint32_t rune = 0;
		size_t width = utf8_decode((struct cordon_slice){ from + at, len - at }, &rune);

		if (width && rune >= 0x20 && rune != 0x7f && !(rune >= 0x80 && rune < 0xa0) && !utf8_is_format(rune)) {
			if (used + width >= TEXT_MAX)
				break;
			memcpy(to + used, from + at, width);
			used += width;
			at += width;
			continue;
		}
		if (used + 4 >= TEXT_MAX)
			break;
		snprintf(to + used, 5, "\\x%02x", (unsigned char)from[at]);
		used += 4;
		at++;
	}
	to[used] = '\0';
}

static size_t fit(int written, size_t room)
{
	if (written < 0)
		return 0;
	return (size_t)written < room ? (size_t)written : room - 1;
}

int err_set(struct cordon_err *err, int code, int os_errno, const char *format, ...)
{
	char text[2 * TEXT_MAX];
	size_t used;
	va_list list;

	if (!err)
		return code;
	va_start(list, format);
	used = fit(vsnprintf(text, sizeof(text), format, list), sizeof(text));
	va_end(list);
	if (os_errno)
		used += fit(snprintf(text + used, sizeof(text) - used, ": %s", strerrordesc_np(os_errno)),
			    sizeof(text) - used);
	err->code = code;
	err->os_errno = os_errno;
	copy_printable(err->text, text, used);
	return code;
}

int err_wrap(struct cordon_err *err, int code, const char *format, ...)
{
	char text[2 * TEXT_MAX + 2];
	size_t used;
	va_list list;

	if (!err)
		return code;
	va_start(list, format);
	used = fit(vsnprintf(text, TEXT_MAX, format, list), TEXT_MAX);
	va_end(list);
	used += fit(snprintf(text + used, sizeof(text) - used, ": %s", err->text), sizeof(text) - used);
	err->code = code;
	copy_printable(err->text, text, used);
	return code;
}

int err_nomem(struct cordon_err *err)
{
	return err_set(err, CORDON_ENOMEM, 0, "out of memory");
}
