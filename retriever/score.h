/* SPDX-License-Identifier: Apache-2.0 */
/*
 * score.h - BM25 inside FTS5: the tokenizer `cordon` (terms with a space after each) and the function `cordon_score`.
 */
#ifndef RETRIEVER_SCORE_H
#define RETRIEVER_SCORE_H

#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

struct sqlite3; /* a connection */

enum score_field { SCORE_WORDS, SCORE_GRAMS, SCORE_TITLE }; /* the columns of the FTS5 table, in order */

/*
 * A passage's id is its place in the order of arrival, times SCORE_LEVELS, plus the level of its length: so a score
 * needs no look-up per row. Levels are eight an octave, from 8 words to 2,048.
 */
#define SCORE_LEVELS 64
uint32_t score_level(uint32_t words);

/* One phrase of the query, in the query's order. weight 0: it only chooses rows. */
struct score_term {
	double weight; /* idf, times the field's weight */
	double title_weight;
	int is_gram;
};

/* What cordon_score(table, pointer) gets by sqlite3_bind_pointer(.., SCORE_POINTER, NULL). */
struct score_query {
	const struct score_term *terms;
	size_t count;
	double average_words;
};
#define SCORE_POINTER "cordon_score"

/* Makes both known to this connection. */
USE_RESULT int score_register(struct sqlite3 *db, struct cordon_err *err);

#endif
