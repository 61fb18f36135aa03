// SPDX-License-Identifier: Apache-2.0
/*
 * exchange.c - the messages between a client and cordon-shield.
 *
 * The client's readers trust nothing: a child that a document has taken over can lie about the verdict, and about
 * nothing else that would hurt who reads it.
 */
#include "shield/exchange.h"

#include <stdlib.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define FINDINGS_MAX 8192

static int broken(struct cordon_err *err, const char *what)
{
	return err_set(err, CORDON_EPROTO, 0, "the shield answered with %s", what);
}

int exchange_put_scan(struct buf *out, const struct shield_request *request, struct cordon_err *err)
{
	int rc = wire_put_u32(out, request->want, err);

	if (rc == 0)
		rc = wire_put_u32(out, request->format, err);
	if (rc == 0)
		rc = wire_put_text(out, request->name, err);
	return rc < 0 ? rc : wire_put_bytes(out, request->text, err);
}

int exchange_get_scan(struct cordon_slice message, struct shield_request *request, char **name, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(message);
	uint32_t want = wire_get_u32(&reader);
	uint32_t format = wire_get_u32(&reader);
	char *text = wire_get_text(&reader);

	request->text = wire_get_bytes(&reader);
	if (!wire_done(&reader) || !text || want > SHIELD_SCAN_AND_CHUNK || format > SHIELD_MARKDOWN) {
		free(text);
		return err_set(err, CORDON_EPROTO, 0, "a request that is none");
	}
	request->want = want == SHIELD_SCAN_AND_CHUNK ? SHIELD_SCAN_AND_CHUNK : SHIELD_SCAN_ONLY;
	request->format = (enum shield_format)format;
	request->name = *name = text;
	return 0;
}

/* ---- reports ---- */

static int put_finding(struct buf *out, const struct shield_finding *finding, struct cordon_err *err)
{
	int rc = wire_put_u32(out, finding->kind, err);

	if (rc == 0)
		rc = wire_put_u32(out, finding->layer, err);
	if (rc == 0)
		rc = wire_put_u64(out, finding->start, err);
	if (rc == 0)
		rc = wire_put_u64(out, finding->end, err);
	if (rc == 0)
		rc = wire_put_f64(out, finding->score, err);
	if (rc == 0)
		rc = wire_put_text(out, finding->why, err);
	return rc < 0 ? rc : wire_put_text(out, finding->excerpt, err);
}

int exchange_put_report(struct buf *out, const struct shield_report *report, struct cordon_err *err)
{
	int rc = wire_put_u32(out, report->verdict, err);

	if (rc == 0)
		rc = wire_put_f64(out, report->score, err);
	if (rc == 0)
		rc = wire_put_u64(out, report->bytes, err);
	if (rc == 0)
		rc = wire_put_text(out, report->title, err);
	if (rc == 0)
		rc = wire_put_u32(out, (uint32_t)report->finding_count, err);
	for (size_t i = 0; i < report->finding_count && rc == 0; i++)
		rc = put_finding(out, &report->findings[i], err);
	return rc;
}

static bool is_printable(const char *text)
{
	struct cordon_slice rest = slice_of(text);

	while (rest.len) {
		uint32_t rune = 0;
		size_t width = utf8_decode(rest, &rune);

		if (!width || rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || utf8_is_format(rune))
			return false;
		rest = slice_from(rest, width);
	}
	return true;
}

static bool is_score(double score)
{
	return score >= 0 && score <= 1; /* false for NaN */
}

static int get_finding(struct wire_reader *reader, uint64_t bytes, struct shield_finding *finding,
		       struct cordon_err *err)
{
	uint32_t kind = wire_get_u32(reader);
	uint32_t layer = wire_get_u32(reader);

	finding->kind = kind < SHIELD_KIND_COUNT ? (enum shield_kind)kind : SHIELD_KIND_INSTRUCTION;
	finding->layer = layer <= SHIELD_LAYER_REMOTE ? (enum shield_layer)layer : SHIELD_LAYER_STRUCTURE;
	finding->start = wire_get_u64(reader);
	finding->end = wire_get_u64(reader);
	finding->score = wire_get_f64(reader);
	finding->why = wire_get_text(reader);
	finding->excerpt = wire_get_text(reader);
	if (reader->bad || !finding->why || !finding->excerpt)
		return broken(err, "half a finding");
	if (kind >= SHIELD_KIND_COUNT || layer > SHIELD_LAYER_REMOTE || !is_score(finding->score))
		return broken(err, "a finding of no known kind");
	if (finding->start >= finding->end || finding->end > bytes)
		return broken(err, "a finding outside the text");
	if (!is_printable(finding->why) || !is_printable(finding->excerpt))
		return broken(err, "a finding that is not safe to print");
	return 0;
}

int exchange_get_report(struct cordon_slice message, uint64_t bytes, struct shield_report *report,
			struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(message);
	uint32_t verdict = wire_get_u32(&reader);
	uint32_t count;
	int rc = 0;

	report->score = wire_get_f64(&reader);
	report->bytes = wire_get_u64(&reader);
	report->title = wire_get_text(&reader);
	count = wire_get_u32(&reader);
	if (reader.bad || !report->title || verdict > SHIELD_CLEAN || !is_score(report->score) ||
	    report->bytes != bytes || count > FINDINGS_MAX || !is_printable(report->title))
		return broken(err, "a report that is none");
	report->findings = calloc(count ? count : 1, sizeof(*report->findings));
	if (!report->findings)
		return err_nomem(err);
	for (uint32_t i = 0; i < count && rc == 0; i++) {
		report->finding_count++;
		rc = get_finding(&reader, bytes, &report->findings[i], err);
	}
	if (rc == 0 && !wire_done(&reader))
		rc = broken(err, "more than a report");
	if (rc == 0)
		report->verdict = (enum shield_verdict)verdict;
	return rc;
}

/* ---- chunks ---- */

int exchange_put_chunk(struct buf *out, const struct shield_chunk *chunk, struct cordon_err *err)
{
	int rc = wire_put_u32(out, chunk->verdict, err);

	if (rc == 0)
		rc = wire_put_u64(out, chunk->start, err);
	if (rc == 0)
		rc = wire_put_u64(out, chunk->end, err);
	return rc < 0 ? rc : wire_put_text(out, chunk->text, err);
}

static int add_chunk(struct shield_report *report, struct shield_chunk *chunk, struct cordon_err *err)
{
	/* Room doubles: it is a power of two whenever it is full. */
	if (!(report->chunk_count & (report->chunk_count - 1))) {
		size_t room = report->chunk_count ? report->chunk_count * 2 : 1;
		struct shield_chunk *chunks = realloc(report->chunks, room * sizeof(*chunks));

		if (!chunks)
			return err_nomem(err);
		report->chunks = chunks;
	}
	report->chunks[report->chunk_count++] = *chunk;
	return 0;
}

int exchange_get_chunks(struct cordon_slice message, uint64_t bytes, struct shield_report *report,
			struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(message);

	while (!wire_done(&reader)) {
		struct shield_chunk chunk = { 0 };
		uint32_t verdict = wire_get_u32(&reader);
		int rc;

		chunk.start = wire_get_u64(&reader);
		chunk.end = wire_get_u64(&reader);
		chunk.text = wire_get_text(&reader);
		chunk.verdict = verdict <= SHIELD_CLEAN ? (enum shield_verdict)verdict : SHIELD_INJECTION;
		if (reader.bad || verdict > SHIELD_CLEAN || chunk.start >= chunk.end || chunk.end > bytes) {
			free(chunk.text);
			return broken(err, "a chunk that is none");
		}
		rc = add_chunk(report, &chunk, err);
		if (rc < 0) {
			free(chunk.text);
			return rc;
		}
	}
	return 0;
}

/* ---- refusals ---- */

int exchange_put_refusal(struct buf *out, const struct cordon_err *why, struct cordon_err *err)
{
	int rc = wire_put_u32(out, (uint32_t)-why->code, err);

	return rc < 0 ? rc : wire_put_text(out, why->text, err);
}

int exchange_get_refusal(struct cordon_slice message, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(message);
	uint32_t code = wire_get_u32(&reader);
	char *text = wire_get_text(&reader);
	int rc;

	if (!wire_done(&reader) || !text || !code || code > (uint32_t)-CORDON_EBUSY || !is_printable(text))
		rc = broken(err, "a refusal that is none");
	else
		rc = err_set(err, -(int)code, 0, "%s", text);
	free(text);
	return rc;
}
