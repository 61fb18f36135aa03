// SPDX-License-Identifier: Apache-2.0
/*
 * verdict.c - evidence, and what it comes to.
 *
 * Pieces of evidence of different classes that stand near each other add up as independent doubts do: 1 - (1-a)(1-b).
 * The same class twice adds nothing, so a long document does not become guilty by repetition. The sum is kept as
 * evidence comes in, by the latest of each class, so it is exact however much is dropped from the list of findings.
 *
 * What is quoted (code, quotation marks) in a text that speaks of attacks is what that text is about: it can make the
 * document suspicious, never more. A text cannot talk itself out of a verdict in this way without putting its
 * instruction into quotation marks, and then the reader is told.
 */
#include "shield/verdict.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define NEAR 700 /* bytes: a paragraph or two */
#define QUOTED_CAP 0.59 /* below every threshold for injection */
#define DISCUSSION_MIN 2 /* words about attacks that make a text one about attacks */
#define SAME_LOOK_BACK 16
#define WEAK_CAP 0.39 /* below every threshold for suspicion */

struct threshold {
	uint64_t up_to; /* bytes of the document */
	double suspicious, injection;
};

/*
 * Longer documents have more places to be wrong at, so they need more to be held. Set so that at most 1 % of the
 * benign training texts of each length are called an injection.
 */
static const struct threshold thresholds[] = {
	{ 2000, 0.40, 0.60 },
	{ 16000, 0.45, 0.66 },
	{ UINT64_MAX, 0.50, 0.75 },
};

struct latest {
	double weight;
	uint32_t start;
	bool set;
};

struct row {
	struct shield_finding finding;
	const void *source;
	bool counts;
	bool quoted;
};

struct dossier {
	uint64_t bytes;
	struct row *rows;
	size_t count, room;
	struct latest plain[EVIDENCE_CLASS_COUNT]; /* what is said */
	struct latest all[EVIDENCE_CLASS_COUNT]; /* and what is quoted */
	double plain_score, all_score;
	size_t discussion;
};

/* ---- excerpts ---- */

static int add_rune(struct buf *out, uint32_t rune, struct cordon_slice bytes)
{
	if (rune == '\n' || rune == '\r' || rune == '\t' || rune == ' ')
		return !out->len || out->data[out->len - 1] == ' ' ? 0 : buf_add_text(out, " ", NULL);
	if (rune < 0x20 || rune == 0x7f || (rune >= 0x80 && rune < 0xa0) || utf8_is_format(rune) ||
	    (rune >= 0xfe00 && rune <= 0xfe0f) || rune == 0x180e || (rune & 0xfffe) == 0xfffe)
		return buf_addf(out, NULL, "\\u{%x}", rune);
	return buf_add(out, bytes, NULL);
}

char *excerpt_make(struct cordon_slice bytes)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, EXCERPT_MAX - 3);
	for (size_t at = 0; at < bytes.len;) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(bytes, at), &rune);
		int rc = width ? add_rune(&out, rune, (struct cordon_slice){ bytes.data + at, width })
			       : buf_addf(&out, NULL, "\\x%02x", (unsigned char)bytes.data[at]);

		if (rc == CORDON_ELIMIT) {
			out.limit = EXCERPT_MAX;
			if (buf_add_text(&out, "\xe2\x80\xa6", NULL) < 0)
				return NULL;
			break;
		}
		if (rc < 0)
			return NULL;
		at += width ? width : 1;
	}
	return buf_take(&out);
}

static char *why_make(const struct evidence *evidence)
{
	cleanup_buf struct buf out = { .limit = 400 };
	int rc = buf_add_text(&out, evidence->says, NULL);

	if (rc == 0 && evidence->where)
		rc = buf_addf(&out, NULL, ", in %s", evidence->where);
	if (rc == 0 && evidence->how)
		rc = buf_addf(&out, NULL, ", written as %s", evidence->how);
	if (rc == 0 && evidence->quoted && !evidence->how)
		rc = buf_add_text(&out, ", as a quotation", NULL);
	return rc < 0 ? NULL : buf_take(&out);
}

/* ---- adding up ---- */

static double weigh(const struct latest *latest, uint32_t start)
{
	double doubt = 1;

	for (size_t i = 0; i < EVIDENCE_CLASS_COUNT; i++) {
		uint32_t apart = latest[i].start > start ? latest[i].start - start : start - latest[i].start;

		if (latest[i].set && apart <= NEAR)
			doubt *= 1 - latest[i].weight;
	}
	return 1 - doubt;
}

/* The heavier of two of a class that stand near each other stays. */
static void remember(struct latest *latest, double weight, uint32_t start)
{
	uint32_t apart = latest->start > start ? latest->start - start : start - latest->start;

	if (latest->set && apart <= NEAR && latest->weight > weight)
		weight = latest->weight;
	*latest = (struct latest){ weight, start, true };
}

static double count_in(struct dossier *dossier, const struct evidence *evidence)
{
	double score;

	remember(&dossier->all[evidence->class], evidence->weight, evidence->span.start);
	score = weigh(dossier->all, evidence->span.start);
	if (score > dossier->all_score)
		dossier->all_score = score;
	if (evidence->quoted)
		return score;
	remember(&dossier->plain[evidence->class], evidence->weight, evidence->span.start);
	score = weigh(dossier->plain, evidence->span.start);
	if (score > dossier->plain_score)
		dossier->plain_score = score;
	return score;
}

/* What the surer evidence says of the place stays. */
static int replace(struct row *row, const struct evidence *evidence, double score, struct cordon_err *err)
{
	char *why;

	if (row->finding.kind == evidence->kind || score < row->finding.score)
		return 0;
	why = why_make(evidence);
	if (!why)
		return err_nomem(err);
	free(row->finding.why);
	row->finding.why = why;
	row->finding.kind = evidence->kind;
	row->finding.layer = evidence->layer;
	return 0;
}

/* One thing said about one place, by overlapping pieces or two decodings, is one finding: 1 where that is so. */
static int merge(struct dossier *dossier, const struct evidence *evidence, double score, struct cordon_err *err)
{
	size_t first = dossier->count > SAME_LOOK_BACK ? dossier->count - SAME_LOOK_BACK : 0;

	for (size_t i = dossier->count; i-- > first;) {
		struct row *row = &dossier->rows[i];
		int rc;

		if (row->source != evidence->source || evidence->span.start >= row->finding.end ||
		    row->finding.start >= evidence->span.end)
			continue;
		rc = replace(row, evidence, score, err);
		if (rc < 0)
			return rc;
		row->quoted = row->quoted && evidence->quoted;
		if (score > row->finding.score)
			row->finding.score = score;
		return 1;
	}
	return 0;
}

static int append(struct dossier *dossier, const struct evidence *evidence, double score, struct cordon_err *err)
{
	struct row row = { .finding = { .kind = evidence->kind,
					.layer = evidence->layer,
					.start = evidence->span.start,
					.end = evidence->span.end,
					.score = score },
			   .source = evidence->source,
			   .counts = evidence->class != EVIDENCE_WEAK,
			   .quoted = evidence->quoted };

	if (dossier->count == dossier->room) {
		size_t room = dossier->room ? dossier->room * 2 : 32;
		struct row *rows = realloc(dossier->rows, room * sizeof(*rows));

		if (!rows)
			return err_nomem(err);
		dossier->rows = rows;
		dossier->room = room;
	}
	row.finding.why = why_make(evidence);
	row.finding.excerpt = excerpt_make(evidence->shown);
	if (!row.finding.why || !row.finding.excerpt) {
		free(row.finding.why);
		free(row.finding.excerpt);
		return err_nomem(err);
	}
	dossier->rows[dossier->count++] = row;
	return 0;
}

int dossier_add(struct dossier *dossier, const struct evidence *evidence, struct cordon_err *err)
{
	bool counts = evidence->class != EVIDENCE_WEAK;
	double score = counts ? count_in(dossier, evidence) : evidence->weight;
	int rc;

	if (!counts && score > WEAK_CAP && evidence->kind != SHIELD_KIND_SECRET && evidence->kind != SHIELD_KIND_PII)
		score = WEAK_CAP;
	rc = merge(dossier, evidence, score, err);
	if (rc)
		return rc < 0 ? rc : 0;
	if (dossier->count < (counts ? EVIDENCE_MAX : EVIDENCE_MAX / 2) ||
	    (evidence->kind == SHIELD_KIND_SECRET && dossier->count < EVIDENCE_MAX))
		return append(dossier, evidence, score, err);
	if (evidence->kind == SHIELD_KIND_SECRET)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d findings, and secrets among them", EVIDENCE_MAX);
	return 0;
}

void dossier_note_discussion(struct dossier *dossier)
{
	dossier->discussion++;
}

/* ---- the end ---- */

static bool is_before(const struct row *a, const struct row *b)
{
	if (a->finding.start != b->finding.start)
		return a->finding.start < b->finding.start;
	return a->finding.end < b->finding.end;
}

static void sift(struct row *rows, size_t at, size_t count)
{
	for (size_t child = 2 * at + 1; child < count; at = child, child = 2 * at + 1) {
		struct row swap = rows[at];

		if (child + 1 < count && is_before(&rows[child], &rows[child + 1]))
			child++;
		if (!is_before(&rows[at], &rows[child]))
			return;
		rows[at] = rows[child];
		rows[child] = swap;
	}
}

/* Heapsort, as the C library's qsort() asks the kernel how much memory there is, which the filter forbids. */
static void sort_rows(struct row *rows, size_t count)
{
	for (size_t at = count / 2; at-- > 0;)
		sift(rows, at, count);
	while (count > 1) {
		struct row last = rows[--count];

		rows[count] = rows[0];
		rows[0] = last;
		sift(rows, 0, count);
	}
}

/* What stands just before a heavy finding was part of its sum. */
static void spread_back(struct dossier *dossier)
{
	double score = 0;
	uint64_t start = 0;

	for (size_t i = dossier->count; i-- > 0;) {
		struct shield_finding *finding = &dossier->rows[i].finding;

		if (!dossier->rows[i].counts)
			continue;
		if (start - finding->start > NEAR || finding->score >= score) {
			score = finding->score;
			start = finding->start;
		}
		finding->score = score;
	}
}

enum shield_verdict verdict_of(double score, uint64_t bytes)
{
	size_t i = 0;

	while (bytes > thresholds[i].up_to)
		i++;
	if (score >= thresholds[i].injection)
		return SHIELD_INJECTION;
	return score >= thresholds[i].suspicious ? SHIELD_SUSPICIOUS : SHIELD_CLEAN;
}

int dossier_conclude(struct dossier *dossier, struct shield_report *report, struct cordon_err *err)
{
	bool about = dossier->discussion >= DISCUSSION_MIN;
	double quoted = about && dossier->all_score > QUOTED_CAP ? QUOTED_CAP : dossier->all_score;

	report->findings = calloc(dossier->count ? dossier->count : 1, sizeof(*report->findings));
	if (!report->findings)
		return err_nomem(err);
	sort_rows(dossier->rows, dossier->count);
	spread_back(dossier);
	for (size_t i = 0; i < dossier->count; i++) {
		struct row *row = &dossier->rows[i];

		if (about && row->quoted && row->counts && row->finding.score > QUOTED_CAP)
			row->finding.score = QUOTED_CAP;
		report->findings[i] = row->finding;
		row->finding.why = row->finding.excerpt = NULL;
	}
	report->finding_count = dossier->count;
	report->bytes = dossier->bytes;
	report->score = dossier->plain_score > quoted ? dossier->plain_score : quoted;
	report->verdict = verdict_of(report->score, dossier->bytes);
	return 0;
}

int dossier_open(uint64_t bytes, struct dossier **out, struct cordon_err *err)
{
	struct dossier *dossier = calloc(1, sizeof(*dossier));

	if (!dossier)
		return err_nomem(err);
	dossier->bytes = bytes;
	*out = dossier;
	return 0;
}

void dossier_close(struct dossier *dossier)
{
	if (!dossier)
		return;
	for (size_t i = 0; i < dossier->count; i++) {
		free(dossier->rows[i].finding.why);
		free(dossier->rows[i].finding.excerpt);
	}
	free(dossier->rows);
	free(dossier);
}
