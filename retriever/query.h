/* SPDX-License-Identifier: Apache-2.0 */
/*
 * query.h - a person's words turned into FTS5's language and the weights of its phrases.
 */
#ifndef RETRIEVER_QUERY_H
#define RETRIEVER_QUERY_H

#include "retriever/score.h"
#include "retriever/store.h"

#define QUERY_TERMS_MAX 160 /* words and grams; a question of 20 words has about 80 */

struct query {
	struct buf match; /* FTS5's MATCH; empty where nothing can be found */
	struct score_term terms[2 * QUERY_TERMS_MAX]; /* a phrase that also chooses rows stands in it twice */
	size_t count;
	double average_words;
};

/* Any bytes are a query. Release with query_release(), on failure too. */
USE_RESULT int query_make(struct store *store, struct cordon_slice text, struct query *query, struct cordon_err *err);
void query_release(struct query *query);
#define cleanup_query CLEANUP(query_release)

#endif
