/* SPDX-License-Identifier: Apache-2.0 */
/*
 * intake.h - one indexing run: documents in, group by group; unchanged ones out, the rest through the shield, then to
 * the store.
 */
#ifndef RETRIEVER_INTAKE_H
#define RETRIEVER_INTAKE_H

#include "retriever/store_client.h"

#define INTAKE_GROUP 256 /* documents of one message and one transaction */

struct intake_label { /* copied */
	const char *name;
	const char *title, *uri; /* NULL: none */
};

struct intake_item {
	char *name, *title, *uri;
	struct buf bytes;
	struct digest digest;
	bool unread; /* it is there, but could not be read: its old text stays */
};

struct intake_run {
	struct retriever *retriever;
	const struct retriever_intake *rules;
	struct retriever_tally *tally;
	struct store_batch batch;
	char scanner[128];
	uint64_t began_ns;
	struct intake_item items[INTAKE_GROUP];
	size_t count, bytes;
	bool sent; /* a PUT whose answer was not taken yet */
};

USE_RESULT int intake_begin(struct intake_run *run, struct retriever *retriever, const struct retriever_intake *rules,
			    struct retriever_tally *tally, struct cordon_err *err);
/* *bytes is taken. An item without bytes (NULL) was met but could not be read. */
USE_RESULT int intake_add(struct intake_run *run, const struct intake_label *label, struct buf *bytes,
			  struct cordon_err *err);
/* Stores what is left. */
USE_RESULT int intake_flush(struct intake_run *run, struct cordon_err *err);
/* Frees what is left, and counts the time. */
void intake_end(struct intake_run *run);

void intake_failed(struct intake_run *run, const char *name, const struct cordon_err *why);
void intake_skipped(struct intake_run *run, const char *name, const struct cordon_err *why);

#endif
