// SPDX-License-Identifier: Apache-2.0
/*
 * markdown.c - Markdown and plain text taken apart into pieces.
 *
 * Lines are sorted by what they are (shown, fence or quotation, reference definition), and comments are cut out of what
 * is shown; each stretch of one sort is given out in pieces that overlap. What an image says instead of itself, and
 * what a link says when it is pointed at, is given out once more as hidden: it stands in the shown text too, as a model
 * reads it there.
 */
#include "shield/markdown.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "shield/html.h"

#define PIECE_BYTES (VIEW_MAX / 2)
#define CUT_BACK 2048 /* how far before a piece's limit a white space is looked for */
#define ASIDE_MIN 12 /* bytes of a title that could say anything */
#define ASIDE_MAX 2000
#define TITLE_LINES 400

enum stretch { TEXT, FENCE, REFERENCE, COMMENT, STRETCH_COUNT };

struct stretch_row {
	enum piece_placement placement;
	const char *where;
};

static const struct stretch_row stretches[STRETCH_COUNT] = {
	[TEXT] = { PIECE_SHOWN, NULL },
	[FENCE] = { PIECE_QUOTED, NULL },
	[REFERENCE] = { PIECE_HIDDEN, "a Markdown reference definition" },
	[COMMENT] = { PIECE_HIDDEN, "a comment" },
};

struct markdown {
	const struct markdown_reader *reader;
	struct view view;
	char fence; /* '`' or '~' inside a fence, else NUL */
};

/* Where a piece that begins at `from` ends: at a line, else at a space, else anywhere. */
static size_t cut_at(struct cordon_slice source, size_t from, size_t to)
{
	size_t end = from + PIECE_BYTES;
	const char *at;

	if (to - from <= PIECE_BYTES)
		return to;
	at = memrchr(source.data + end - CUT_BACK, '\n', CUT_BACK);
	if (!at)
		at = memrchr(source.data + end - CUT_BACK, ' ', CUT_BACK);
	if (at)
		return (size_t)(at - source.data) + 1;
	while (end > from + 1 && ((unsigned char)source.data[end] & 0xc0) == 0x80 && end > from + PIECE_BYTES - 4)
		end--;
	return end;
}

static int give_out(struct markdown *markdown, const struct stretch_row *row, size_t from, size_t to,
		    struct cordon_err *err)
{
	struct cordon_slice source = markdown->reader->source;
	struct piece piece = { .view = &markdown->view, .placement = row->placement, .where = row->where };
	int rc = 0;

	while (from < to && rc == 0) {
		size_t end = cut_at(source, from, to);

		view_clear(&markdown->view);
		rc = view_add_source(&markdown->view, (struct cordon_slice){ source.data + from, end - from }, from,
				     err);
		if (rc == 0)
			rc = markdown->reader->sink(markdown->reader->context, &piece, err);
		from = end == to ? to : end - VIEW_OVERLAP;
	}
	return rc;
}

/* ---- asides: descriptions of images, titles of links ---- */

static int give_aside(struct markdown *markdown, const char *where, size_t from, size_t to, struct cordon_err *err)
{
	const struct stretch_row row = { PIECE_HIDDEN, where };

	return to < from + ASIDE_MIN ? 0 : give_out(markdown, &row, from, to, err);
}

static int take_asides(struct markdown *markdown, size_t from, size_t to, struct cordon_err *err)
{
	const char *data = markdown->reader->source.data;
	int rc = 0;

	for (size_t at = from; at + 1 < to && rc == 0; at++) {
		size_t room = to - at < ASIDE_MAX ? to - at : ASIDE_MAX;
		const char *end;
		const char *quote;

		if (data[at] == '!' && data[at + 1] == '[') {
			end = memchr(data + at, ']', room);
			if (end)
				rc = give_aside(markdown, "an image's description", at + 2, (size_t)(end - data), err);
		} else if (data[at] == ']' && data[at + 1] == '(') {
			end = memchr(data + at, ')', room);
			quote = end ? memchr(data + at, '"', (size_t)(end - data) - at) : NULL;
			if (quote)
				rc = give_aside(markdown, "a link's title", (size_t)(quote - data) + 1,
						(size_t)(end - data), err);
		}
	}
	return rc;
}

struct hidden_only {
	const struct markdown_reader *reader;
};

/* Of markup inside Markdown only what it hides is news. */
static int take_hidden(void *context, const struct piece *piece, struct cordon_err *err)
{
	const struct hidden_only *only = context;

	return piece->placement == PIECE_HIDDEN ? only->reader->sink(only->reader->context, piece, err) : 0;
}

static int take_markup(struct markdown *markdown, size_t from, size_t to, struct cordon_err *err)
{
	struct cordon_slice text = { markdown->reader->source.data + from, to - from };
	struct hidden_only only = { markdown->reader };
	struct html_reader html = { .source = markdown->reader->source,
				    .from = from,
				    .to = to,
				    .dossier = markdown->reader->dossier,
				    .sink = take_hidden,
				    .context = &only };

	if (!memmem(text.data, text.len, "style=", 6) && !memmem(text.data, text.len, "hidden", 6) &&
	    !memmem(text.data, text.len, "<img", 4) && !memmem(text.data, text.len, "<noscript", 9))
		return 0;
	return html_read(&html, NULL, err);
}

static int end_text(struct markdown *markdown, size_t from, size_t to, struct cordon_err *err)
{
	int rc = give_out(markdown, &stretches[TEXT], from, to, err);

	if (rc == 0)
		rc = take_asides(markdown, from, to, err);
	return rc < 0 ? rc : take_markup(markdown, from, to, err);
}

/* Shown text, with its comments cut out. */
static int take_text(struct markdown *markdown, size_t from, size_t to, struct cordon_err *err)
{
	const char *data = markdown->reader->source.data;
	int rc = 0;

	while (from < to && rc == 0) {
		const char *open = memmem(data + from, to - from, "<!--", 4);
		size_t begin = open ? (size_t)(open - data) : to;
		const char *close = open ? memmem(open + 4, to - begin - 4, "-->", 3) : NULL;
		size_t end = close ? (size_t)(close - data) + 3 : to;

		rc = end_text(markdown, from, begin, err);
		if (rc == 0 && open)
			rc = give_out(markdown, &stretches[COMMENT], begin, end, err);
		from = open ? end : to;
	}
	return rc;
}

/* ---- lines ---- */

static size_t indent_of(struct cordon_slice line)
{
	size_t at = 0;

	while (at < line.len && at < 4 && line.data[at] == ' ')
		at++;
	return at;
}

static bool is_reference(struct cordon_slice line)
{
	const char *close = line.len && line.data[0] == '[' ? memchr(line.data, ']', line.len) : NULL;
	size_t at = close ? (size_t)(close - line.data) : 0;

	return at > 1 && at + 1 < line.len && line.data[at + 1] == ':';
}

static enum stretch sort_line(struct markdown *markdown, struct cordon_slice line)
{
	char first;

	line = slice_from(line, indent_of(line));
	first = line.len ? line.data[0] : '\0';
	if (line.len >= 3 && (first == '`' || first == '~') && line.data[1] == first && line.data[2] == first) {
		if (!markdown->fence)
			markdown->fence = first;
		else if (markdown->fence == first)
			markdown->fence = '\0';
		return FENCE;
	}
	if (markdown->fence || first == '>')
		return FENCE;
	return is_reference(line) ? REFERENCE : TEXT;
}

static int end_stretch(struct markdown *markdown, enum stretch stretch, size_t from, size_t to, struct cordon_err *err)
{
	if (stretch == TEXT)
		return take_text(markdown, from, to, err);
	return give_out(markdown, &stretches[stretch], from, to, err);
}

int markdown_read(const struct markdown_reader *reader, struct cordon_err *err)
{
	struct markdown markdown = { .reader = reader };
	enum stretch stretch = TEXT;
	size_t from = 0;
	size_t at = 0;
	int rc = 0;

	while (at < reader->source.len && rc == 0) {
		const char *end = memchr(reader->source.data + at, '\n', reader->source.len - at);
		size_t next = end ? (size_t)(end - reader->source.data) + 1 : reader->source.len;
		enum stretch now = sort_line(&markdown, (struct cordon_slice){ reader->source.data + at, next - at });

		if (now != stretch) {
			rc = end_stretch(&markdown, stretch, from, at, err);
			stretch = now;
			from = at;
		}
		at = next;
	}
	if (rc == 0)
		rc = end_stretch(&markdown, stretch, from, at, err);
	view_release(&markdown.view);
	return rc;
}

char *markdown_title(struct cordon_slice source)
{
	size_t at = 0;

	for (size_t i = 0; at < source.len && i < TITLE_LINES; i++) {
		const char *end = memchr(source.data + at, '\n', source.len - at);
		size_t next = end ? (size_t)(end - source.data) : source.len;

		if (next - at > 2 && source.data[at] == '#' && source.data[at + 1] == ' ')
			return excerpt_make((struct cordon_slice){ source.data + at + 2, next - at - 2 });
		at = next + 1;
	}
	return excerpt_make((struct cordon_slice){ "", 0 });
}

bool markdown_is_likely(struct cordon_slice source)
{
	struct cordon_slice head = { source.data, source.len < 4096 ? source.len : 4096 };

	return slice_starts(head, SLICE("# ")) || memmem(head.data, head.len, "\n# ", 3) ||
	       memmem(head.data, head.len, "\n## ", 4) || memmem(head.data, head.len, "\n```", 4) ||
	       memmem(head.data, head.len, "](http", 6);
}
