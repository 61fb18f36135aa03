// SPDX-License-Identifier: Apache-2.0
/*
 * score.c - BM25 inside FTS5.
 *
 * FTS5's own bm25() walks every list a second time to count rows and looks every row's length up in a table. Here the
 * counts come with the query, and the length is the low part of the row's id, so that a row costs a few multiplications.
 */
#include "retriever/score.h"

#include <math.h>
#include <string.h>

#include "retriever/terms.h"
#include "sandbox/base/db.h"
#include "sandbox/base/err.h"

#define K1 1.2
#define B 0.75

uint32_t score_level(uint32_t words)
{
	double level = 8.0 * log2((words < 8 ? 8.0 : (double)words) / 8.0);

	return level > SCORE_LEVELS - 1 ? SCORE_LEVELS - 1 : (uint32_t)(level + 0.5);
}

static double level_words(sqlite3_int64 rowid)
{
	return 8.0 * exp2((double)(rowid % SCORE_LEVELS) / 8.0);
}

struct counts {
	int words, grams, title;
};

static void count_phrase(const Fts5ExtensionApi *api, Fts5Context *fts, int phrase, struct counts *counts)
{
	Fts5PhraseIter at;
	int column = -1;
	int offset = -1;

	*counts = (struct counts){ 0 };
	if (api->xPhraseFirst(fts, phrase, &at, &column, &offset) != SQLITE_OK)
		return;
	for (; column >= 0; api->xPhraseNext(fts, &at, &column, &offset)) {
		counts->words += column == SCORE_WORDS;
		counts->grams += column == SCORE_GRAMS;
		counts->title += column == SCORE_TITLE;
	}
}

static double saturate(int count, double norm)
{
	return count ? count * (K1 + 1) / (count + norm) : 0;
}

static void score(const Fts5ExtensionApi *api, Fts5Context *fts, sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
	const struct score_query *query = argc == 1 ? sqlite3_value_pointer(argv[0], SCORE_POINTER) : NULL;
	double norm, sum = 0;

	if (!query) {
		sqlite3_result_error(ctx, "cordon_score() is called by the store alone", -1);
		return;
	}
	norm = K1 * (1 - B + B * level_words(api->xRowid(fts)) / query->average_words);
	for (size_t i = 0; i < query->count; i++) {
		const struct score_term *term = &query->terms[i];
		struct counts counts;

		if (term->weight <= 0)
			continue;
		count_phrase(api, fts, (int)i, &counts);
		sum += term->weight * saturate(term->is_gram ? counts.grams : counts.words, norm);
		sum += term->title_weight * saturate(counts.title, K1);
	}
	sqlite3_result_double(ctx, sum);
}

static int tokenizer_create(void *ctx, const char **args, int count, Fts5Tokenizer **out)
{
	(void)args, (void)count;
	*out = ctx; /* it has no state; FTS5 wants a pointer that is not NULL */
	return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *tokenizer)
{
	(void)tokenizer;
}

/* Terms end with a space. Grams share one position, so that an index entry is a byte shorter. */
static int tokenizer_cut(Fts5Tokenizer *tokenizer, void *ctx, int flags, const char *text, int len,
			 int (*take)(void *, int, const char *, int, int, int))
{
	int from = 0;
	int rc = SQLITE_OK;

	(void)tokenizer, (void)flags;
	while (rc == SQLITE_OK && from < len) {
		const char *space = memchr(text + from, ' ', (size_t)(len - from));
		int to = space ? (int)(space - text) : len;

		if (to > from)
			rc = take(ctx, text[from] == TERMS_GRAM && from ? FTS5_TOKEN_COLOCATED : 0, text + from,
				  to - from, from, to);
		from = to + 1;
	}
	return rc;
}

int score_register(struct sqlite3 *db, struct cordon_err *err)
{
	fts5_tokenizer tokenizer = { tokenizer_create, tokenizer_delete, tokenizer_cut };
	fts5_api *api = NULL;
	int rc = terms_fts5(db, &api, err);

	if (rc < 0)
		return rc;
	if (api->xCreateTokenizer(api, "cordon", api, &tokenizer, NULL) != SQLITE_OK ||
	    api->xCreateFunction(api, "cordon_score", NULL, score, NULL) != SQLITE_OK)
		return err_nomem(err);
	return 0;
}
