/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_wire.h - the messages between a client and `cordon-store`, for both sides.
 *
 * The store begins with READY or REFUSED; then each request gets one DONE or REFUSED, in order.
 */
#ifndef RETRIEVER_STORE_WIRE_H
#define RETRIEVER_STORE_WIRE_H

#include "retriever/retriever.h"
#include "sandbox/base/digest.h"
#include "sandbox/base/wire.h"

#define STORE_MESSAGE_MAX ((size_t)256 << 20) /* a held document: its source, its passages and its findings */

enum store_message {
	/* to the store; beside each, what DONE carries */
	STORE_RUN = 1, /* nothing -> u64 the number of this indexing run */
	STORE_CHECK, /* struct store_check -> one byte a document, 1: unchanged */
	STORE_PUT, /* struct store_put -> u64 held, u64 passages */
	STORE_PRUNE, /* u64 run, collection, prefix -> u64 documents that were not seen in this run, now gone */
	STORE_SEARCH, /* struct retriever_query -> hits */
	STORE_READ, /* name -> hits */
	STORE_HELD_LIST, /* nothing -> held rows */
	STORE_HELD_SHOW, /* u64 id -> the bytes */
	STORE_HELD_RELEASE, /* u64 id -> nothing */
	STORE_HELD_DROP, /* u64 id -> nothing */
	/* from the store */
	STORE_READY = 100,
	STORE_DONE,
	STORE_REFUSED /* u32 -code, u32 errno, the sentence */
};

struct store_passage {
	uint64_t start, end;
	struct cordon_slice text;
};

struct store_document {
	const char *name, *title, *uri;
	enum shield_verdict verdict;
	double score;
	uint64_t bytes;
	struct digest digest; /* of what was read */
	uint32_t hold; /* 1: into quarantine */
	struct cordon_slice findings, source; /* where held */
	const struct store_passage *passages;
	size_t passage_count;
};

/* What the documents of one request share. */
struct store_batch {
	uint64_t run;
	const char *scanner; /* what read them, trust and threshold included: another one reads them again */
	const char *collection;
	const char *trust;
	uint32_t count; /* of documents that follow */
};

USE_RESULT int store_wire_put_batch(struct buf *out, const struct store_batch *batch, struct cordon_err *err);
USE_RESULT int store_wire_put_document(struct buf *out, const struct store_document *document, struct cordon_err *err);
USE_RESULT int store_wire_put_refusal(struct buf *out, const struct cordon_err *why, struct cordon_err *err);

/* Slices and digests are borrowed from the message; texts are malloc()ed and freed by the _release functions. */
struct store_document_in {
	char *name, *title, *uri;
	struct store_document is;
	struct store_passage *passages;
};
struct store_batch_in {
	char *scanner, *collection, *trust;
	struct store_batch is;
};

/* A bad reader is seen by wire_done() or ->bad; what was read is to be released all the same. */
void store_wire_get_batch(struct wire_reader *reader, struct store_batch_in *batch);
void store_wire_get_document(struct wire_reader *reader, struct store_document_in *document);
void store_wire_get_digest(struct wire_reader *reader, struct digest *digest);
void store_wire_batch_release(struct store_batch_in *batch);
void store_wire_document_release(struct store_document_in *document);
/* Fills *err and returns its code. */
int store_wire_get_refusal(struct cordon_slice payload, struct cordon_err *err);

USE_RESULT int store_wire_put_hit(struct buf *out, const struct retriever_hit *hit, struct cordon_err *err);
USE_RESULT int store_wire_get_hits(struct cordon_slice payload, struct retriever_hits *hits, struct cordon_err *err);
USE_RESULT int store_wire_put_held(struct buf *out, const struct retriever_held *held, struct cordon_err *err);
USE_RESULT int store_wire_get_held(struct cordon_slice payload, struct retriever_held **rows, size_t *count,
				   struct cordon_err *err);

#endif
