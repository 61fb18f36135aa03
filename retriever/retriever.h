/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retriever.h - the safe document store, as its clients see it.
 *
 * `cordon-store` alone opens store.db (SQLite FTS5). Documents come in as files, folders, `.gz` files or JSONL; each is
 * read by the supervisor's side, parsed, cut and scanned by a shield child, and stored with source, trust label and
 * verdict. A document whose verdict is injection is stored in quarantine: it is in no result, only in quarantine_*.
 */
#ifndef RETRIEVER_RETRIEVER_H
#define RETRIEVER_RETRIEVER_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"
#include "shield/shield.h"

#define RETRIEVER_QUERY_MAX 65536
#define RETRIEVER_COLLECTION "default"

struct retriever; /* a running store program */

struct retriever_hit {
	uint64_t rank; /* from 1 */
	double score; /* greater is better */
	char *doc; /* JSONL id, else the path as given */
	char *title;
	char *uri;
	char *trust;
	enum shield_verdict verdict;
	uint64_t start, end; /* bytes in the source */
	char *text; /* raw */
};

struct retriever_hits {
	struct retriever_hit *rows;
	size_t count;
};

struct retriever_tally { /* `cordon index --json` */
	uint64_t documents, chunks, bytes, unchanged, quarantined, skipped, failed;
	uint64_t removed; /* were in an indexed folder before and are gone from it: out of the store too */
	double seconds;
};

struct retriever_held { /* one document in quarantine */
	uint64_t id;
	char *doc, *uri, *collection, *trust, *when; /* when: RFC 3339 */
	double score;
	char *findings; /* JSON array as in `scan`, excerpts included */
	uint64_t bytes;
};

/* Opens (or makes) store.db in the data folder. CORDON_ECORRUPT with the remedy where it is not ours. */
USE_RESULT int retriever_open(const char *data_folder, struct retriever **out, struct cordon_err *err);
void retriever_close(struct retriever *retriever);

struct retriever_query {
	struct cordon_slice text; /* plain text: every string is valid */
	const char *collection; /* NULL: all */
	uint32_t k; /* hits wanted */
	enum { RETRIEVER_PASSAGES, RETRIEVER_DOCUMENTS } unit; /* DOCUMENTS: only each one's best passage */
};

/* Most relevant first; hits->count 0 where nothing matches. Quarantined text never matches. */
USE_RESULT int retriever_search(struct retriever *retriever, const struct retriever_query *query,
				struct retriever_hits *hits, struct cordon_err *err);
void retriever_hits_release(struct retriever_hits *hits);

/* The passages of one document in order, for the `read` tool. count 0: no such document (or it is held back). */
USE_RESULT int retriever_read(struct retriever *retriever, const char *doc, struct retriever_hits *hits,
			      struct cordon_err *err);

/* What `index` is told. The shield is borrowed; progress may be NULL. */
struct retriever_intake {
	struct shield *shield;
	const char *collection;
	const char *trust; /* own, trusted, untrusted */
	enum shield_verdict hold_at; /* verdicts at least this bad go to quarantine */
	void (*complain)(void *ctx, const char *doc,
			 const struct cordon_err *err); /* one document failed or was skipped */
	void (*progress)(void *ctx, const struct retriever_tally *tally);
	void *ctx;
};

/* A file or a folder (walked without following links). Adds to *tally; a document that cannot be read is counted as
 * failed and told by complain(), and the rest goes on. */
USE_RESULT int retriever_index_path(struct retriever *retriever, const struct retriever_intake *intake,
				    const char *path, struct retriever_tally *tally, struct cordon_err *err);
struct retriever_jsonl { /* JSON lines {"id","text","title"?,"uri"?} */
	int fd; /* borrowed; read to its end */
	const char *name; /* for messages */
};
/* Adds to *tally, one document a line. A line that is none is counted and told as a document that cannot be read is. */
USE_RESULT int retriever_index_jsonl(struct retriever *retriever, const struct retriever_intake *intake,
				     const struct retriever_jsonl *jsonl, struct retriever_tally *tally,
				     struct cordon_err *err);

USE_RESULT int retriever_quarantine_list(struct retriever *retriever, struct retriever_held **rows, size_t *count,
					 struct cordon_err *err);
/* The held document's own text, appended to out: the one output that shows it. */
USE_RESULT int retriever_quarantine_show(struct retriever *retriever, uint64_t id, struct buf *out,
					 struct cordon_err *err);
/* Makes it searchable, verdict kept; or deletes it. CORDON_EINVAL where there is no such id. */
USE_RESULT int retriever_quarantine_release(struct retriever *retriever, uint64_t id, struct cordon_err *err);
USE_RESULT int retriever_quarantine_drop(struct retriever *retriever, uint64_t id, struct cordon_err *err);
void retriever_held_free(struct retriever_held *rows, size_t count);

#endif
