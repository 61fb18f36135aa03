/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_put.h - what changes the documents: indexing and quarantine.
 */
#ifndef RETRIEVER_STORE_PUT_H
#define RETRIEVER_STORE_PUT_H

#include "retriever/store.h"

struct store_added {
	uint64_t held, passages;
};

/* The number of a new indexing run. */
USE_RESULT int store_new_run(struct store *store, uint64_t *run, struct cordon_err *err);
/* Inside a transaction: notes that this run has met the document. 1: unchanged, it needs no reading; 0: it does. */
USE_RESULT int store_check(struct store *store, const struct store_batch *batch, const char *name,
			   const struct digest *digest, struct cordon_err *err);
/* Inside a transaction: takes the place of the document of that name as a whole. */
USE_RESULT int store_put(struct store *store, const struct store_batch *batch, const struct store_document *document,
			 struct store_added *added, struct cordon_err *err);
/* Deletes the collection's documents whose name begins with prefix and that this run has not met. */
USE_RESULT int store_prune(struct store *store, const struct store_batch *batch, const char *prefix, uint64_t *gone,
			   struct cordon_err *err);

USE_RESULT int store_held_release(struct store *store, uint64_t id, struct cordon_err *err);
USE_RESULT int store_held_drop(struct store *store, uint64_t id, struct cordon_err *err);

#endif
