// SPDX-License-Identifier: Apache-2.0
/*
 * query.c - a person's words turned into FTS5's language.
 *
 * The text is cut by the rules that cut the documents, and every term is quoted, so no character has a meaning of its
 * own. The rarest terms are kept where there are too many. Rows are chosen by rare terms, (rare) AND (rare OR common):
 * the common ones count in the score but do not make the search walk most of the store.
 */
#include "retriever/query.h"

#include <math.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

#define COMMON_SHARE 10 /* a word in more than a tenth of the passages chooses none: the same top ten, measured */
#define COMMON_SHARE_GRAM 20
#define GRAM_WEIGHT 0.4 /* flat between .2 and .5 over nine collections */
#define TITLE_WEIGHT 0.25
#define LOOKUPS_MAX 512 /* terms whose rarity is looked up; a longer text is cut off here */
#define MATCH_MAX (QUERY_TERMS_MAX * 2 * 80)

struct candidate {
	struct cordon_slice term;
	int64_t rows;
	bool is_gram;
	bool chooses;
};

/* The next term of a list; an empty slice at its end. */
static struct cordon_slice next_term(struct cordon_slice *rest)
{
	const char *space = rest->len ? memchr(rest->data, ' ', rest->len) : NULL;
	struct cordon_slice term = { rest->data, space ? (size_t)(space - rest->data) : rest->len };

	*rest = slice_from(*rest, term.len + (space ? 1 : 0));
	return term;
}

static int count_rows(struct store *store, struct cordon_slice term, int64_t *rows, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_TERM_ROWS, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_text64(stmt, 1, term.data, term.len, SQLITE_STATIC, SQLITE_UTF8);
	rc = db_step(stmt, err);
	*rows = rc == 1 ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	return rc < 0 ? rc : 0;
}

static bool is_known(const struct candidate *candidates, size_t count, struct cordon_slice term)
{
	for (size_t i = 0; i < count; i++)
		if (slice_equal(candidates[i].term, term))
			return true;
	return false;
}

/* Terms that the index holds, each once. */
static int add_candidates(struct store *store, struct cordon_slice list, struct candidate *candidates, size_t *count,
			  struct cordon_err *err)
{
	size_t looked = 0;

	while (list.len && looked++ < LOOKUPS_MAX / 2) {
		struct candidate found = { .term = next_term(&list) };
		int rc;

		if (!found.term.len || is_known(candidates, *count, found.term))
			continue;
		rc = count_rows(store, found.term, &found.rows, err);
		if (rc < 0)
			return rc;
		found.is_gram = found.term.data[0] == TERMS_GRAM;
		if (found.rows)
			candidates[(*count)++] = found;
	}
	return 0;
}

static int by_rarity(const void *left, const void *right)
{
	const struct candidate *a = left;
	const struct candidate *b = right;

	return a->rows == b->rows ? 0 : a->rows < b->rows ? -1 : 1;
}

static int quote(struct buf *out, const char *before, struct cordon_slice term, struct cordon_err *err)
{
	int rc = buf_add_text(out, before, err);

	rc = rc < 0 ? rc : buf_add_text(out, "\"", err);
	for (size_t i = 0; rc == 0 && i < term.len; i++)
		rc = buf_add(out, (struct cordon_slice){ term.data + i, 1 }, err) < 0 ? CORDON_ENOMEM
		     : term.data[i] == '"'					      ? buf_add_text(out, "\"", err)
										      : 0;
	return rc < 0 ? rc : buf_add_text(out, "\"", err);
}

static void weigh(struct query *query, const struct candidate *candidate, int64_t passages)
{
	double idf = log1p(((double)(passages - candidate->rows) + 0.5) / ((double)candidate->rows + 0.5));

	query->terms[query->count++] = (struct score_term){
		.weight = idf * (candidate->is_gram ? GRAM_WEIGHT : 1),
		.title_weight = candidate->is_gram ? 0 : idf * TITLE_WEIGHT,
		.is_gram = candidate->is_gram,
	};
}

/* Marks the terms that choose rows; where all are common, all do. Returns how many. */
static size_t choose(struct candidate *candidates, size_t count, int64_t passages)
{
	size_t choosing = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t share = candidates[i].is_gram ? COMMON_SHARE_GRAM : COMMON_SHARE;

		candidates[i].chooses = candidates[i].rows * share <= passages || passages < 1000;
		choosing += candidates[i].chooses;
	}
	return choosing;
}

static int write_match(struct query *query, const struct candidate *candidates, size_t count, size_t choosing,
		       struct cordon_err *err)
{
	int rc = 0;
	size_t written = 0;

	if (choosing && choosing < count) {
		for (size_t i = 0; rc == 0 && i < count; i++) {
			if (!candidates[i].chooses)
				continue;
			rc = quote(&query->match, written++ ? " OR " : "(", candidates[i].term, err);
			query->terms[query->count++] = (struct score_term){ .weight = 0 };
		}
		rc = rc < 0 ? rc : buf_add_text(&query->match, ") AND (", err);
	} else {
		rc = buf_add_text(&query->match, "(", err);
	}
	for (size_t i = 0; rc == 0 && i < count; i++)
		rc = quote(&query->match, i ? " OR " : "", candidates[i].term, err);
	return rc < 0 ? rc : buf_add_text(&query->match, ")", err);
}

int query_make(struct store *store, struct cordon_slice text, struct query *query, struct cordon_err *err)
{
	struct candidate candidates[LOOKUPS_MAX];
	sqlite3_stmt *stmt = NULL;
	int64_t passages;
	size_t count = 0;
	size_t choosing;
	int rc;

	query->count = 0;
	buf_init(&query->match, MATCH_MAX);
	if (text.len > RETRIEVER_QUERY_MAX)
		text.len = RETRIEVER_QUERY_MAX;
	rc = store_statement(store, SQL_TOTAL, &stmt, err);
	if (rc < 0 || (rc = db_step(stmt, err)) < 0)
		return rc;
	passages = sqlite3_column_int64(stmt, 0);
	query->average_words = passages ? (double)sqlite3_column_int64(stmt, 1) / (double)passages : 1;
	sqlite3_reset(stmt);
	rc = terms_cut(store->terms, text, &store->text, err);
	rc = rc < 0 ? rc : add_candidates(store, buf_slice(&store->text.words), candidates, &count, err);
	rc = rc < 0 ? rc : add_candidates(store, buf_slice(&store->text.grams), candidates, &count, err);
	if (rc < 0 || !count)
		return rc;
	qsort(candidates, count, sizeof(candidates[0]), by_rarity);
	count = count > QUERY_TERMS_MAX ? QUERY_TERMS_MAX : count;
	choosing = choose(candidates, count, passages);
	rc = write_match(query, candidates, count, choosing, err);
	for (size_t i = 0; i < count; i++)
		weigh(query, &candidates[i], passages);
	query->average_words = query->average_words > 1 ? query->average_words : 1;
	return rc;
}

void query_release(struct query *query)
{
	buf_release(&query->match);
}
