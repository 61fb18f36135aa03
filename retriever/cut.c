// SPDX-License-Identifier: Apache-2.0
/*
 * cut.c - stretches of text made into passages.
 *
 * A stretch that stands in the source byte for byte is cut and joined in the source itself, so that source[start, end)
 * is the passage. Two are joined only over white space: what else lies between them is what the shield took out. The
 * stretches of marked-up text are joined by a line end, and their span is what they came from.
 */
#include "retriever/cut.h"

#include <stdbool.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

#define CUT_BYTES_MIN (CUT_BYTES_MAX / 2) /* no cut before it, if there is any white space after */

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static bool is_blank(struct cordon_slice text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!is_space(text.data[i]))
			return false;
	return true;
}

static struct cordon_slice span(struct cordon_slice source, uint64_t start, uint64_t end)
{
	if (start > end || end > source.len)
		return (struct cordon_slice){ 0 };
	return (struct cordon_slice){ source.data + start, (size_t)(end - start) };
}

static bool is_verbatim(const struct store_passage *passage, struct cordon_slice source)
{
	return passage->text.len && slice_equal(span(source, passage->start, passage->end), passage->text);
}

static int add(struct cut *cut, struct store_passage passage, struct cordon_err *err)
{
	char *text;

	if (cut->count == cut->room) {
		size_t room = cut->room ? 2 * cut->room : 8;
		struct store_passage *grown = reallocarray(cut->passages, room, sizeof(*grown));

		if (!grown)
			return err_nomem(err);
		cut->passages = grown;
		cut->room = room;
	}
	text = malloc(passage.text.len + 1);
	if (!text)
		return err_nomem(err);
	memcpy(text, passage.text.data, passage.text.len);
	text[passage.text.len] = '\0';
	passage.text.data = text;
	cut->passages[cut->count++] = passage;
	return 0;
}

/* Where to cut a text that is too long: after an empty line, a line, a word; else between two characters. */
static size_t cut_at(struct cordon_slice text)
{
	static const char *const breaks[] = { "\n\n", "\n", ". ", " " };
	size_t at = CUT_BYTES_MAX;

	for (size_t b = 0; b < ARRAY_LEN(breaks); b++) {
		size_t len = strlen(breaks[b]);

		for (size_t i = CUT_BYTES_MAX; i > CUT_BYTES_MIN; i--)
			if (!memcmp(text.data + i - len, breaks[b], len))
				return i;
	}
	while (at > CUT_BYTES_MAX - 4 && ((unsigned char)text.data[at] & 0xc0) == 0x80)
		at--;
	return at;
}

/* Tries to make the last passage longer by this one. 1: done, 0: it stands alone. */
static int join(struct cut *cut, const struct store_passage *next, struct cordon_slice source, struct cordon_err *err)
{
	struct store_passage *last = cut->count ? &cut->passages[cut->count - 1] : NULL;
	struct cordon_slice gap = SLICE("\n");
	char *text;

	if (!last || last->end > next->start)
		return 0;
	if (is_verbatim(last, source) != is_verbatim(next, source))
		return 0;
	if (is_verbatim(next, source)) {
		gap = span(source, last->end, next->start);
		if (!is_blank(gap))
			return 0;
	}
	if (last->text.len + gap.len + next->text.len > CUT_BYTES_MAX)
		return 0;
	text = malloc(last->text.len + gap.len + next->text.len + 1);
	if (!text)
		return err_nomem(err);
	memcpy(text, last->text.data, last->text.len);
	memcpy(text + last->text.len, gap.data, gap.len);
	memcpy(text + last->text.len + gap.len, next->text.data, next->text.len);
	free((char *)(uintptr_t)last->text.data);
	last->text = (struct cordon_slice){ text, last->text.len + gap.len + next->text.len };
	text[last->text.len] = '\0';
	last->end = next->end;
	return 1;
}

static int add_stretch(struct cut *cut, struct store_passage stretch, struct cordon_slice source,
		       struct cordon_err *err)
{
	const bool verbatim = is_verbatim(&stretch, source);
	int rc = 0;

	while (rc == 0 && stretch.text.len > CUT_BYTES_MAX) {
		struct store_passage part = stretch;

		part.text.len = cut_at(stretch.text);
		part.end = verbatim ? stretch.start + part.text.len : stretch.end;
		if (!is_blank(part.text))
			rc = add(cut, part, err);
		stretch.text = slice_from(stretch.text, part.text.len);
		stretch.start = verbatim ? part.end : stretch.start;
	}
	if (rc < 0 || is_blank(stretch.text))
		return rc;
	rc = join(cut, &stretch, source, err);
	return rc < 0 ? rc : rc ? 0 : add(cut, stretch, err);
}

int cut_passages(const struct shield_report *report, struct cordon_slice source, struct cut *cut,
		 struct cordon_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < report->chunk_count; i++) {
		const struct shield_chunk *chunk = &report->chunks[i];

		rc = add_stretch(cut, (struct store_passage){ chunk->start, chunk->end, slice_of(chunk->text) }, source,
				 err);
	}
	return rc;
}

void cut_release(struct cut *cut)
{
	for (size_t i = 0; i < cut->count; i++)
		free((char *)(uintptr_t)cut->passages[i].text.data);
	free(cut->passages);
	*cut = (struct cut){ 0 };
}
