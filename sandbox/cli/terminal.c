// SPDX-License-Identifier: Apache-2.0
/*
 * terminal.c - printing, escaped where a person's terminal would obey.
 */
#include "sandbox/cli/terminal.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define LINE_TEXT_MAX (1u << 20)
#define JSON_TEXT_MAX (512u << 20) /* a document of SHIELD_TEXT_MAX, escaped */

static const struct {
	enum shield_verdict verdict;
	const char *colour;
} colours[] = {
	{ SHIELD_INJECTION, "\033[31m" },
	{ SHIELD_SUSPICIOUS, "\033[33m" },
	{ SHIELD_CLEAN, "\033[32m" },
};

static bool must_escape(uint32_t rune)
{
	return (rune < 0x20 && rune != '\n' && rune != '\t') || (rune >= 0x7f && rune < 0xa0) || utf8_is_format(rune);
}

static void put_escaped(FILE *to, struct cordon_slice text)
{
	while (text.len) {
		uint32_t rune = 0;
		size_t width = utf8_decode(text, &rune);

		if (!width)
			fprintf(to, "\\x%02x", (unsigned char)text.data[0]);
		else if (must_escape(rune) && rune < 0x80)
			fprintf(to, "\\x%02x", rune);
		else if (must_escape(rune))
			fprintf(to, "\\u{%x}", rune);
		else
			fwrite(text.data, 1, width, to);
		text = slice_from(text, width ? width : 1);
	}
}

void terminal_text(FILE *to, struct cordon_slice text)
{
	if (isatty(fileno(to)))
		put_escaped(to, text);
	else
		fwrite(text.data, 1, text.len, to);
}

void terminal_line(FILE *to, const char *format, ...)
{
	cleanup_free char *text = NULL;
	va_list args;
	int len;

	va_start(args, format);
	len = vasprintf(&text, format, args);
	va_end(args);
	if (len < 0) {
		text = NULL;
		return;
	}
	terminal_text(to, (struct cordon_slice){ text, (size_t)len });
	fputc('\n', to);
}

int terminal_json(json_t *object)
{
	cleanup_json json_t *owned = object;
	cleanup_buf struct buf text = { .limit = JSON_TEXT_MAX };
	struct cordon_err err;

	if (jsontext_dump(owned, &text, &err) < 0)
		return terminal_fault(&err);
	fwrite(buf_text(&text), 1, text.len, stdout);
	fputc('\n', stdout);
	return 0;
}

int terminal_fault(const struct cordon_err *err)
{
	fflush(stdout);
	terminal_line(stderr, "cordon: %s", err->text);
	return err->code == CORDON_EINVAL || err->code == CORDON_ECONFIG || err->code == CORDON_EMISSING ? 2 : 1;
}

void terminal_warn(const char *sentence)
{
	terminal_line(stderr, "cordon: %s", sentence);
}

void terminal_denied(const struct jail_denied *row)
{
	terminal_line(stderr, "cordon: %s '%s': %s%s%s", row->kind, row->what, row->detail, row->hint[0] ? "; " : "",
		      row->hint);
}

void terminal_verdict(enum shield_verdict verdict, int width)
{
	const char *no_color = getenv("NO_COLOR");
	bool colour = isatty(STDOUT_FILENO) && !(no_color && no_color[0]);

	for (size_t i = 0; colour && i < ARRAY_LEN(colours); i++)
		if (colours[i].verdict == verdict)
			fputs(colours[i].colour, stdout);
	printf("%-*s", width, shield_verdict_name(verdict));
	if (colour)
		fputs("\033[0m", stdout);
}

int terminal_end(int status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "cordon: cannot write to standard output: %s\n", strerror(errno));
	return status ? status : 1;
}
