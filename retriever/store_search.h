/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_search.h - what reads the documents. Each appends the payload of its DONE to out.
 */
#ifndef RETRIEVER_STORE_SEARCH_H
#define RETRIEVER_STORE_SEARCH_H

#include "retriever/store.h"

USE_RESULT int store_search(struct store *store, const struct retriever_query *query, struct buf *out,
			    struct cordon_err *err);
USE_RESULT int store_read(struct store *store, const char *name, struct buf *out, struct cordon_err *err);
USE_RESULT int store_held_list(struct store *store, struct buf *out, struct cordon_err *err);
USE_RESULT int store_held_show(struct store *store, uint64_t id, struct buf *out, struct cordon_err *err);

#endif
