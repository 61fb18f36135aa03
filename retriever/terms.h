/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terms.h - text cut into what the index holds: words and the 4-grams inside them, the same for documents and queries.
 */
#ifndef RETRIEVER_TERMS_H
#define RETRIEVER_TERMS_H

#include <stdint.h>

#include "sandbox/base/buf.h"

struct fts5_api;
struct sqlite3; /* a connection */

#define TERMS_VERSION 1 /* raised with every change of what a text is cut into: an older store is refused */
#define TERMS_GRAM '\x01' /* the first byte of every gram, so that no word equals one */

/* Terms with one space after each. */
struct terms_list {
	struct buf words; /* in text order, repeated as often as they stand there */
	struct buf grams; /* each once */
	uint32_t word_count;
};

struct terms;

/* Borrows db's FTS5 for the Unicode tables. */
USE_RESULT int terms_open(struct sqlite3 *db, struct terms **out, struct cordon_err *err);
void terms_close(struct terms *terms);

/* Fills list (initialised by terms_list_init(), emptied first). Any bytes are valid. */
USE_RESULT int terms_cut(struct terms *terms, struct cordon_slice text, struct terms_list *list,
			 struct cordon_err *err);

void terms_list_init(struct terms_list *list, size_t limit_bytes);
void terms_list_release(struct terms_list *list);
#define cleanup_terms_list CLEANUP(terms_list_release)

/* FTS5's own interface on this connection. */
USE_RESULT int terms_fts5(struct sqlite3 *db, struct fts5_api **out, struct cordon_err *err);

#endif
