// SPDX-License-Identifier: Apache-2.0
/*
 * scan.c - a document in, a report out.
 *
 * A reader (html.c, markdown.c) takes the document apart, and every piece goes through the same steps: what is in the
 * characters, what the patterns find in the folded text, what is encoded in it, links, secrets. Decoded text is a piece
 * like any other, one level deeper. Between two pieces the clock is looked at: a text that takes longer than its size
 * allows is an error, for this text alone.
 */
#include "shield/scan.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "shield/decode.h"
#include "shield/fold.h"
#include "shield/html.h"
#include "shield/links.h"
#include "shield/markdown.h"
#include "shield/matcher.h"
#include "shield/reveal.h"
#include "shield/secrets.h"
#include "shield/verdict.h"

#define CPU_BASE_MS 2000
#define CPU_MS_PER_MIB 400 /* ten times what plain text takes */
#define BUDGET_BASE (256u << 10)
#define BUDGET_FACTOR 4 /* decoded bytes for each byte of the source */
#define SPACED_MIN 8 /* words of one letter in a row: "i n i t i a l" is not yet strange in a table */
#define LEET_MIN 2
#define MIXED_WEIGHT 0.25
#define HIDDEN_GAIN 1.7 /* doubts that hidden or encoded text counts for */
#define QUOTE_REACH 160 /* bytes within which a quotation mark belongs to what it quotes */

struct scanner {
	struct matcher *words;
	struct matcher *squeezed; /* made when first needed */
	struct view folded;
};

struct scan {
	struct scanner *scanner;
	struct cordon_slice source;
	struct dossier *dossier;
	uint64_t budget;
	int64_t cpu_limit_ms;
	const struct piece *piece; /* the one whose patterns are being looked for */
	const struct view *folded;
	const char *how; /* a folding that is an encoding in itself */
};

static int64_t cpu_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* ---- patterns ---- */

static bool opens_quote(struct cordon_slice source, size_t start)
{
	size_t floor = start > QUOTE_REACH ? start - QUOTE_REACH : 0;

	for (size_t at = start; at > floor && !(source.data[at - 1] == '\n' && source.data[at] == '\n'); at--)
		if (source.data[at - 1] == '"' || source.data[at - 1] == '`' || source.data[at - 1] == '\xe2')
			return true;
	return false;
}

static bool closes_quote(struct cordon_slice source, size_t end)
{
	size_t roof = source.len - end > QUOTE_REACH ? end + QUOTE_REACH : source.len;

	for (size_t at = end; at < roof && !(source.data[at] == '\n' && source.data[at - 1] == '\n'); at++)
		if (source.data[at] == '"' || source.data[at] == '`' || source.data[at] == '\xe2')
			return true;
	return false;
}

static enum shield_kind kind_of(const struct piece *piece, const struct rule *rule, const char *how)
{
	if (piece->how)
		return piece->how_kind;
	if (how)
		return SHIELD_KIND_ENCODED;
	if (piece->placement == PIECE_HIDDEN)
		return SHIELD_KIND_HIDDEN_TEXT;
	return rule->class == RULE_POISON ? SHIELD_KIND_TOOL_POISON : SHIELD_KIND_INSTRUCTION;
}

/* Close to 1 - (1-w)^1.7: what is hidden was hidden for a reason. Needs no libm. */
static double raise_weight(double weight)
{
	double doubt = 1 - weight;

	return 1 - doubt * (doubt + weight * (2 - HIDDEN_GAIN));
}

/* A hit of a view in which only some bytes were decoded is one of that view only where it holds such bytes. */
static bool is_decoded_here(const char *how, struct cordon_slice source)
{
	static const struct {
		const char *how;
		const char *signs;
	} rows[] = { { "escapes", "%\\U" },
		     { "entities", "&" },
		     { "code points", "+" },
		     { "printable", "=" },
		     { "digits", "0123456789@$!|" } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		if (!strstr(how, rows[i].how))
			continue;
		for (size_t at = 0; at < source.len; at++)
			if (source.data[at] && strchr(rows[i].signs, source.data[at]))
				return true;
		return false;
	}
	return true;
}

/* Without the space after the last word, and with the rest of it where the pattern named its beginning. */
static struct matcher_hit whole_words(const struct view *folded, const struct matcher_hit *hit)
{
	struct matcher_hit whole = *hit;

	while (whole.to > whole.from + 1 && folded->bytes[whole.to - 1] == ' ')
		whole.to--;
	if (whole.to == hit->to)
		while (whole.to < folded->len && folded->bytes[whole.to] >= 'a' && folded->bytes[whole.to] <= 'z')
			whole.to++;
	return whole;
}

static int take_hit(void *context, const struct matcher_hit *found, struct cordon_err *err)
{
	struct scan *scan = context;
	const struct matcher_hit whole = whole_words(scan->folded, found);
	const struct matcher_hit *hit = &whole;
	const struct piece *piece = scan->piece;
	struct view_place span = view_span(scan->folded, hit->from, hit->to);
	bool turned = piece->how || scan->how;
	struct evidence evidence = { .kind = kind_of(piece, hit->rule, scan->how),
				     .layer = SHIELD_LAYER_PATTERN,
				     .class = hit->rule->class,
				     .source = hit->rule,
				     .weight = hit->rule->weight,
				     .span = span,
				     .says = rule_class_says(hit->rule->class),
				     .where = piece->where,
				     .how = piece->how ? piece->how : scan->how };

	if (hit->rule->class == RULE_DISCUSSION) {
		dossier_note_discussion(scan->dossier);
		return 0;
	}
	if (piece->placement == PIECE_HIDDEN || turned)
		evidence.weight = raise_weight(evidence.weight);
	evidence.quoted = piece->placement == PIECE_QUOTED ||
			  (piece->placement == PIECE_SHOWN && opens_quote(scan->source, span.start) &&
			   closes_quote(scan->source, span.end));
	evidence.shown = (struct cordon_slice){ scan->source.data + span.start, span.end - span.start };
	if (turned && !is_decoded_here(evidence.how, evidence.shown))
		return 0;
	if (turned)
		evidence.shown = (struct cordon_slice){ scan->folded->bytes + hit->from, hit->to - hit->from };
	return dossier_add(scan->dossier, &evidence, err);
}

static int match(struct scan *scan, enum fold_mode mode, const char *how, struct fold_seen *seen,
		 struct cordon_err *err)
{
	static const struct rule_table *const tables[] = { &rules_english, &rules_other };
	struct scanner *scanner = scan->scanner;
	int rc = fold_view(scan->piece->view, mode, &scanner->folded, seen, err);

	if (rc == 0 && mode == FOLD_SQUEEZED && !scanner->squeezed)
		rc = matcher_open(tables, 1, MATCHER_SQUEEZED, &scanner->squeezed, err);
	if (rc < 0)
		return rc;
	scan->folded = &scanner->folded;
	scan->how = how;
	rc = matcher_run(mode == FOLD_SQUEEZED ? scanner->squeezed : scanner->words, &scanner->folded, take_hit, scan,
			 err);
	scan->how = NULL;
	return rc;
}

static int note_mixed(struct scan *scan, const struct fold_seen *seen, struct cordon_err *err)
{
	static const char says[] = "mixes letters of two alphabets that look alike in one word";
	struct view_place span = seen->first_mixed;
	struct evidence evidence = {
		.kind = SHIELD_KIND_UNICODE,
		.layer = SHIELD_LAYER_STRUCTURE,
		.class = EVIDENCE_WEAK,
		.source = says,
		.weight = MIXED_WEIGHT,
		.span = span,
		.says = says,
		.where = scan->piece->where,
		.shown = { scan->source.data + span.start, span.end - span.start },
	};

	return seen->mixed_words ? dossier_add(scan->dossier, &evidence, err) : 0;
}

/* The patterns over the text as it is, and as it would be read where letters are spaced out or imitated. */
static int match_all(struct scan *scan, const struct decode_target *target, struct cordon_err *err)
{
	struct fold_seen seen;
	struct fold_seen again;
	const struct piece *piece = scan->piece;
	int rc = match(scan, FOLD_PLAIN, NULL, &seen, err);

	if (rc == 0)
		rc = note_mixed(scan, &seen, err);
	if (rc == 0)
		rc = decode_piece(target, piece, &scan->scanner->folded, err);
	scan->piece = piece; /* decoded pieces went through here */
	if (rc == 0 && seen.leet_words >= LEET_MIN)
		rc = match(scan, FOLD_LEET, "digits in place of letters", &again, err);
	if (rc == 0 && seen.longest_spaced >= SPACED_MIN)
		rc = match(scan, FOLD_SQUEEZED, "spaced-out letters", &again, err);
	return rc;
}

/* ---- pieces ---- */

static int scan_piece(void *context, const struct piece *piece, struct cordon_err *err)
{
	struct scan *scan = context;
	struct decode_target target = { .dossier = scan->dossier,
					.sink = scan_piece,
					.context = scan,
					.source = scan->source,
					.budget = &scan->budget };
	int rc = 0;

	if (cpu_ms() > scan->cpu_limit_ms)
		return err_set(err, CORDON_ELIMIT, 0, "a text of %zu bytes that takes too long to read",
			       scan->source.len);
	scan->piece = piece;
	rc = secrets_piece(scan->dossier, piece, err);
	if (rc == 0)
		rc = pii_piece(scan->dossier, piece, err);
	if (rc == 0)
		rc = reveal_marks(&target, piece, err);
	if (rc == 0)
		rc = links_piece(scan->dossier, piece, err);
	if (rc == 0)
		rc = reveal_piece(&target, piece, err);
	scan->piece = piece;
	return rc < 0 ? rc : match_all(scan, &target, err);
}

/* ---- documents ---- */

struct extension {
	const char *ending;
	enum shield_format format;
};

static const struct extension extensions[] = {
	{ ".html", SHIELD_HTML },    { ".htm", SHIELD_HTML },	 { ".xhtml", SHIELD_HTML },
	{ ".svg", SHIELD_HTML },     { ".md", SHIELD_MARKDOWN }, { ".markdown", SHIELD_MARKDOWN },
	{ ".mdx", SHIELD_MARKDOWN }, { ".txt", SHIELD_TEXT },	 { ".json", SHIELD_TEXT },
	{ ".c", SHIELD_TEXT },	     { ".h", SHIELD_TEXT },	 { ".py", SHIELD_TEXT },
};

static bool looks_like_html(struct cordon_slice text)
{
	static const char *const signs[] = { "<!doctype html", "<html", "<body", "</p>", "</div>", "</span>", "</a>" };
	struct cordon_slice head = { text.data, text.len < 4096 ? text.len : 4096 };
	size_t at = 0;

	while (at < head.len && (strchr(" \t\r\n\xef\xbb\xbf", head.data[at]) && head.data[at]))
		at++;
	if (at == head.len || head.data[at] != '<')
		return false;
	for (; at < head.len; at++)
		for (size_t i = 0; head.data[at] == '<' && i < ARRAY_LEN(signs); i++)
			if (head.len - at >= strlen(signs[i]) &&
			    !strncasecmp(head.data + at, signs[i], strlen(signs[i])))
				return true;
	return false;
}

enum shield_format scan_format_of(const struct shield_request *request)
{
	size_t len = request->name ? strlen(request->name) : 0;

	if (request->format != SHIELD_AUTO)
		return request->format;
	for (size_t i = 0; i < ARRAY_LEN(extensions); i++) {
		size_t ending = strlen(extensions[i].ending);

		if (len > ending && !strcasecmp(request->name + len - ending, extensions[i].ending))
			return extensions[i].format;
	}
	if (looks_like_html(request->text))
		return SHIELD_HTML;
	return markdown_is_likely(request->text) ? SHIELD_MARKDOWN : SHIELD_TEXT;
}

static int read_document(struct scan *scan, enum shield_format format, char **title, struct cordon_err *err)
{
	struct markdown_reader markdown = { scan->source, scan->dossier, scan_piece, scan };
	struct html_reader html = { .source = scan->source,
				    .to = scan->source.len,
				    .dossier = scan->dossier,
				    .sink = scan_piece,
				    .context = scan };
	int rc;

	if (format == SHIELD_HTML)
		return html_read(&html, title, err);
	rc = markdown_read(&markdown, err);
	if (rc < 0)
		return rc;
	*title = format == SHIELD_MARKDOWN ? markdown_title(scan->source) : strdup("");
	return *title ? 0 : err_nomem(err);
}

int scanner_scan(struct scanner *scanner, const struct shield_request *request, struct shield_report *report,
		 struct cordon_err *err)
{
	struct scan scan = { .scanner = scanner, .source = request->text };
	int rc;

	if (request->text.len > SHIELD_TEXT_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a text of %zu bytes where the shield reads %u",
			       request->text.len, SHIELD_TEXT_MAX);
	*report = (struct shield_report){ .verdict = SHIELD_INJECTION };
	scan.budget = BUDGET_BASE + (uint64_t)request->text.len * BUDGET_FACTOR;
	scan.cpu_limit_ms = cpu_ms() + CPU_BASE_MS + (int64_t)(request->text.len >> 20) * CPU_MS_PER_MIB;
	rc = dossier_open(request->text.len, &scan.dossier, err);
	if (rc == 0)
		rc = read_document(&scan, scan_format_of(request), &report->title, err);
	if (rc == 0)
		rc = dossier_conclude(scan.dossier, report, err);
	dossier_close(scan.dossier);
	if (rc < 0)
		shield_report_release(report);
	return rc;
}

int scanner_open(struct scanner **out, struct cordon_err *err)
{
	static const struct rule_table *const tables[] = { &rules_english, &rules_other };
	struct scanner *scanner = calloc(1, sizeof(*scanner));
	int rc;

	if (!scanner)
		return err_nomem(err);
	rc = matcher_open(tables, ARRAY_LEN(tables), MATCHER_WORDS, &scanner->words, err);
	if (rc < 0) {
		scanner_close(scanner);
		return rc;
	}
	*out = scanner;
	return 0;
}

void scanner_close(struct scanner *scanner)
{
	if (!scanner)
		return;
	matcher_close(scanner->words);
	matcher_close(scanner->squeezed);
	view_release(&scanner->folded);
	free(scanner);
}
