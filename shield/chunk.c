// SPDX-License-Identifier: Apache-2.0
/*
 * chunk.c - the readable text of a document cut into passages.
 *
 * A passage ends at an empty line if there is one in reach, else at the end of a sentence, else at a space. It carries
 * the worst verdict of the findings between its first and its last byte of source, so what is hidden inside a
 * paragraph condemns the paragraph.
 */
#include "shield/chunk.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"
#include "shield/html.h"
#include "shield/scan.h"
#include "shield/verdict.h"

struct chunker {
	const struct shield_report *report;
	chunk_sink sink;
	void *context;
	bool collapse; /* markup leaves empty lines behind */
	struct view pending;
	size_t first; /* the first finding that may still touch a chunk */
};

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

static enum shield_verdict worst(struct chunker *chunker, uint64_t start, uint64_t end)
{
	const struct shield_report *report = chunker->report;
	enum shield_verdict verdict = SHIELD_CLEAN;

	while (chunker->first < report->finding_count && report->findings[chunker->first].end <= start)
		chunker->first++;
	for (size_t i = chunker->first; i < report->finding_count && report->findings[i].start < end; i++) {
		const struct shield_finding *finding = &report->findings[i];
		enum shield_verdict one = verdict_of(finding->score, report->bytes);

		if (finding->end > start && finding->kind != SHIELD_KIND_SECRET && finding->kind != SHIELD_KIND_PII &&
		    one < verdict)
			verdict = one;
	}
	/* The list is full: what came after it was counted and not listed. */
	if (report->finding_count >= EVIDENCE_MAX / 2 && report->verdict < verdict &&
	    end > report->findings[report->finding_count - 1].start)
		verdict = report->verdict;
	return verdict;
}

/* Valid UTF-8 without NUL; empty lines taken together where markup left them. */
static char *text_of(const struct chunker *chunker, struct cordon_slice bytes)
{
	cleanup_buf struct buf out = { .limit = (size_t)8 * CHUNK_MAX };
	size_t spaces = 0;
	int rc = 0;

	for (size_t at = 0; at < bytes.len && rc == 0;) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(bytes, at), &rune);
		bool space = is_space(bytes.data[at]);

		spaces = space ? spaces + 1 : 0;
		if (!width || !rune)
			rc = buf_add_text(&out, "\xef\xbf\xbd", NULL);
		else if (!(chunker->collapse && space && spaces > 2))
			rc = buf_add(&out, (struct cordon_slice){ bytes.data + at, width }, NULL);
		at += width ? width : 1;
	}
	return rc < 0 ? NULL : buf_take(&out);
}

static int give_out(struct chunker *chunker, size_t from, size_t to, struct cordon_err *err)
{
	cleanup_free char *text = NULL;
	struct shield_chunk chunk = { 0 };
	struct view_place span;

	while (from < to && is_space(chunker->pending.bytes[from]))
		from++;
	while (to > from && is_space(chunker->pending.bytes[to - 1]))
		to--;
	if (from == to)
		return 0;
	text = text_of(chunker, (struct cordon_slice){ chunker->pending.bytes + from, to - from });
	if (!text)
		return CORDON_ENOMEM;
	span = view_span(&chunker->pending, from, to);
	chunk = (struct shield_chunk){ span.start, span.end, text, worst(chunker, span.start, span.end) };
	return chunker->sink(chunker->context, &chunk, err);
}

/* Where the passage that begins at `from` ends; there are CHUNK_MAX bytes. */
static size_t cut_at(const struct view *view, size_t from)
{
	const char *bytes = view->bytes;
	size_t sentence = 0;
	size_t space = 0;
	size_t end = from + CHUNK_MAX;

	for (size_t at = end - 1; at >= from + CHUNK_MIN; at--) {
		if (bytes[at] == '\n' && bytes[at - 1] == '\n')
			return at + 1;
		if (!sentence && is_space(bytes[at]) && strchr(".!?:", bytes[at - 1]) && bytes[at - 1])
			sentence = at + 1;
		if (!space && is_space(bytes[at]))
			space = at + 1;
	}
	if (sentence || space)
		return sentence ? sentence : space;
	while (end > from + CHUNK_MIN && ((unsigned char)bytes[end] & 0xc0) == 0x80)
		end--;
	return end;
}

static int take_piece(void *context, const struct piece *piece, struct cordon_err *err)
{
	struct chunker *chunker = context;
	struct view *pending = &chunker->pending;
	size_t from = 0;
	int rc = 0;

	for (size_t i = 0; i < piece->view->len && rc == 0; i++)
		rc = view_add(pending, (struct cordon_slice){ piece->view->bytes + i, 1 }, piece->view->at[i], err);
	while (rc == 0 && pending->len - from > CHUNK_MAX) {
		size_t end = cut_at(pending, from);

		rc = give_out(chunker, from, end, err);
		from = end;
	}
	view_keep_tail(pending, pending->len - from);
	return rc;
}

static int take_text(struct chunker *chunker, struct cordon_slice source, struct cordon_err *err)
{
	cleanup_view struct view view = { 0 };
	struct piece piece = { .view = &view, .placement = PIECE_SHOWN };
	int rc = 0;

	for (size_t at = 0; at < source.len && rc == 0; at += VIEW_MAX / 2) {
		size_t len = source.len - at < VIEW_MAX / 2 ? source.len - at : VIEW_MAX / 2;

		view_clear(&view);
		rc = view_add_source(&view, (struct cordon_slice){ source.data + at, len }, at, err);
		if (rc == 0)
			rc = take_piece(chunker, &piece, err);
	}
	return rc;
}

int chunk_document(const struct shield_request *request, const struct shield_report *report, chunk_sink sink,
		   void *context, struct cordon_err *err)
{
	struct chunker chunker = { .report = report, .sink = sink, .context = context };
	int rc;

	if (scan_format_of(request) == SHIELD_HTML) {
		struct html_reader html = { .source = request->text,
					    .to = request->text.len,
					    .want = HTML_READABLE,
					    .sink = take_piece,
					    .context = &chunker };

		chunker.collapse = true;
		rc = html_read(&html, NULL, err);
	} else {
		rc = take_text(&chunker, request->text, err);
	}
	if (rc == 0)
		rc = give_out(&chunker, 0, chunker.pending.len, err);
	view_release(&chunker.pending);
	return rc;
}
