// SPDX-License-Identifier: Apache-2.0
/*
 * store_search.c - what reads the documents.
 *
 * FTS5 gives the matching rows in order of their ids, and the best are kept in a heap here: SQLite's own sorting costs
 * several times the scoring. A document in quarantine has no terms; the join that fetches a passage asks for held=0 all
 * the same. Every search reads one snapshot (a transaction), so a row that was scored is still there when it is fetched.
 */
#include "retriever/store_search.h"

#include <string.h>

#include "retriever/query.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"

#define HITS_MAX 10000
#define WIDEN 4 /* a document has a few good passages */

struct best {
	double score;
	int64_t id;
};

struct heap {
	struct best *rows;
	size_t count, room;
};

static bool is_worse(const struct best *a, const struct best *b)
{
	return a->score < b->score || (a->score <= b->score && a->id > b->id);
}

static void swap(struct best *a, struct best *b)
{
	struct best held = *a;

	*a = *b;
	*b = held;
}

/* The worst of the best stands on top. */
static void sift_down(struct heap *heap)
{
	size_t at = 0;

	for (;;) {
		size_t child = 2 * at + 1;

		if (child >= heap->count)
			return;
		if (child + 1 < heap->count && is_worse(&heap->rows[child + 1], &heap->rows[child]))
			child++;
		if (!is_worse(&heap->rows[child], &heap->rows[at]))
			return;
		swap(&heap->rows[child], &heap->rows[at]);
		at = child;
	}
}

static void offer(struct heap *heap, struct best row)
{
	if (heap->count < heap->room) {
		size_t at = heap->count++;

		heap->rows[at] = row;
		while (at && is_worse(&heap->rows[at], &heap->rows[(at - 1) / 2])) {
			swap(&heap->rows[at], &heap->rows[(at - 1) / 2]);
			at = (at - 1) / 2;
		}
		return;
	}
	if (!is_worse(&heap->rows[0], &row))
		return;
	heap->rows[0] = row;
	sift_down(heap);
}

static int best_first(const void *left, const void *right)
{
	return is_worse(left, right) ? 1 : is_worse(right, left) ? -1 : 0;
}

static int run_match(struct store *store, const struct query *query, struct heap *heap, struct cordon_err *err)
{
	struct score_query scoring = { query->terms, query->count, query->average_words };
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_MATCH, &stmt, err);

	if (rc < 0)
		return rc;
	heap->count = 0;
	sqlite3_bind_text64(stmt, 1, query->match.data, query->match.len, SQLITE_STATIC, SQLITE_UTF8);
	sqlite3_bind_pointer(stmt, 2, &scoring, SCORE_POINTER, NULL);
	while ((rc = db_step(stmt, err)) == 1)
		offer(heap, (struct best){ sqlite3_column_double(stmt, 1), sqlite3_column_int64(stmt, 0) });
	sqlite3_reset(stmt);
	sqlite3_clear_bindings(stmt);
	qsort(heap->rows, heap->count, sizeof(heap->rows[0]), best_first);
	return rc;
}

static char *column(sqlite3_stmt *stmt, int at)
{
	return (char *)(uintptr_t)sqlite3_column_text(stmt, at);
}

/* The row of HIT or READ that stmt stands on; texts are borrowed from it. */
static int put_row(sqlite3_stmt *stmt, uint64_t rank, double score, struct buf *out, struct cordon_err *err)
{
	const struct retriever_hit hit = {
		.rank = rank,
		.score = score,
		.doc = column(stmt, 1),
		.title = column(stmt, 2),
		.uri = column(stmt, 3),
		.trust = column(stmt, 4),
		.verdict = (enum shield_verdict)sqlite3_column_int(stmt, 5),
		.start = (uint64_t)sqlite3_column_int64(stmt, 6),
		.end = (uint64_t)sqlite3_column_int64(stmt, 7),
		.text = column(stmt, 8),
	};

	return store_wire_put_hit(out, &hit, err);
}

/* What is left of the best rows when those that are not wanted (another collection, a document's second) are out. */
struct wanted {
	int64_t collection; /* 0: all */
	bool once;
	uint32_t k; /* at most so many */
	uint32_t written;
	int64_t *docs; /* met already; borrowed, room for k */
	size_t doc_count;
};

static bool is_wanted(struct wanted *wanted, int64_t doc)
{
	for (size_t i = 0; wanted->once && i < wanted->doc_count; i++)
		if (wanted->docs[i] == doc)
			return false;
	if (wanted->once)
		wanted->docs[wanted->doc_count++] = doc;
	return true;
}

static int put_best(struct store *store, const struct heap *heap, struct wanted *wanted, struct buf *out,
		    struct cordon_err *err)
{
	int rc = 0;

	wanted->written = 0;
	wanted->doc_count = 0;
	for (size_t i = 0; rc >= 0 && i < heap->count && wanted->written < wanted->k; i++) {
		sqlite3_stmt *stmt = NULL;

		rc = store_statement(store, SQL_HIT, &stmt, err);
		if (rc < 0)
			return rc;
		sqlite3_bind_int64(stmt, 1, heap->rows[i].id);
		rc = db_step(stmt, err);
		if (rc == 1 && (!wanted->collection || sqlite3_column_int64(stmt, 9) == wanted->collection) &&
		    is_wanted(wanted, sqlite3_column_int64(stmt, 0)))
			rc = put_row(stmt, ++wanted->written, heap->rows[i].score, out, err);
		sqlite3_reset(stmt);
	}
	return rc < 0 ? rc : 0;
}

static void set_count(struct buf *out, size_t at, uint32_t count)
{
	for (size_t i = 0; i < sizeof(count); i++)
		out->data[at + i] = (char)(count >> 8 * i & 0xff);
}

/* Widens the heap until k rows are wanted or all that match were seen: a filter never costs a result. */
static int search_widening(struct store *store, const struct query *query, struct wanted *wanted, struct buf *out,
			   struct cordon_err *err)
{
	const size_t begin = out->len;
	size_t room = wanted->once || wanted->collection ? (size_t)wanted->k * WIDEN : wanted->k;
	int rc;

	for (;; room *= WIDEN) {
		cleanup_free struct best *rows = calloc(room + 1, sizeof(*rows));
		cleanup_free int64_t *docs = calloc(wanted->k + 1u, sizeof(*docs));
		struct heap heap = { rows, 0, room };

		if (!rows || !docs)
			return err_nomem(err);
		wanted->docs = docs;
		out->len = begin;
		rc = wire_put_u32(out, 0, err);
		rc = rc < 0 ? rc : run_match(store, query, &heap, err);
		rc = rc < 0 ? rc : put_best(store, &heap, wanted, out, err);
		if (rc < 0)
			return rc;
		if (wanted->written == wanted->k || heap.count < room)
			break;
	}
	set_count(out, begin, wanted->written);
	return 0;
}

/* 0 in *id: all collections, or the only one. Returns 0 where there is no such collection, else 1. */
static int find_collection(struct store *store, const char *name, int64_t *id, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int64_t collections = 0;
	int rc;

	*id = 0;
	if (!name || !*name)
		return 1;
	rc = store_statement(store, SQL_COLLECTION, &stmt, err);
	if (rc < 0)
		return rc;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	rc = db_step(stmt, err);
	*id = rc == 1 ? sqlite3_column_int64(stmt, 0) : 0;
	sqlite3_reset(stmt);
	if (rc != 1)
		return rc;
	rc = store_run(store, SQL_COLLECTIONS, STORE_NONE, &collections, err);
	if (rc == 1 && collections == 1)
		*id = 0;
	return rc;
}

static int search(struct store *store, const struct retriever_query *asked, struct buf *out, struct cordon_err *err)
{
	cleanup_query struct query query = { 0 };
	struct wanted wanted = {
		.once = asked->unit == RETRIEVER_DOCUMENTS,
		.k = asked->k < HITS_MAX ? asked->k : HITS_MAX,
	};
	int rc = find_collection(store, asked->collection, &wanted.collection, err);

	if (rc == 1)
		rc = query_make(store, asked->text, &query, err);
	else if (rc == 0)
		buf_init(&query.match, 0);
	if (rc < 0)
		return rc;
	if (!query.match.len || !wanted.k)
		return wire_put_u32(out, 0, err);
	return search_widening(store, &query, &wanted, out, err);
}

int store_search(struct store *store, const struct retriever_query *asked, struct buf *out, struct cordon_err *err)
{
	int rc = db_exec(store->db, "BEGIN", err);

	if (rc < 0)
		return rc;
	return store_end(store, search(store, asked, out, err), err);
}

int store_read(struct store *store, const char *name, struct buf *out, struct cordon_err *err)
{
	const size_t begin = out->len;
	sqlite3_stmt *stmt = NULL;
	uint32_t written = 0;
	int rc = wire_put_u32(out, 0, err);

	rc = rc < 0 ? rc : store_statement(store, SQL_READ, &stmt, err);
	if (rc < 0)
		return rc;
	sqlite3_bind_text(stmt, 1, name, -1, SQLITE_STATIC);
	while (rc >= 0 && (rc = db_step(stmt, err)) == 1)
		rc = put_row(stmt, ++written, 0, out, err);
	sqlite3_reset(stmt);
	if (rc == 0)
		set_count(out, begin, written);
	return rc;
}

static int put_held(sqlite3_stmt *stmt, struct buf *out, struct cordon_err *err)
{
	char when[32];
	const struct retriever_held held = {
		.id = (uint64_t)sqlite3_column_int64(stmt, 0),
		.doc = column(stmt, 1),
		.uri = column(stmt, 2),
		.collection = column(stmt, 3),
		.trust = column(stmt, 4),
		.when = when,
		.score = sqlite3_column_double(stmt, 6),
		.findings = column(stmt, 7),
		.bytes = (uint64_t)sqlite3_column_int64(stmt, 8),
	};

	clock_rfc3339((uint64_t)sqlite3_column_int64(stmt, 5), when);
	return store_wire_put_held(out, &held, err);
}

int store_held_list(struct store *store, struct buf *out, struct cordon_err *err)
{
	const size_t begin = out->len;
	sqlite3_stmt *stmt = NULL;
	uint32_t written = 0;
	int rc = wire_put_u32(out, 0, err);

	rc = rc < 0 ? rc : store_statement(store, SQL_HELD_LIST, &stmt, err);
	while (rc >= 0 && (rc = db_step(stmt, err)) == 1) {
		rc = put_held(stmt, out, err);
		written++;
	}
	if (stmt)
		sqlite3_reset(stmt);
	if (rc == 0)
		set_count(out, begin, written);
	return rc;
}

int store_held_show(struct store *store, uint64_t id, struct buf *out, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_HELD_SHOW, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, (int64_t)id);
	rc = db_step(stmt, err);
	if (rc == 1)
		rc = buf_add(out,
			     (struct cordon_slice){ sqlite3_column_blob(stmt, 0),
						    (size_t)sqlite3_column_bytes(stmt, 0) },
			     err);
	else if (rc == 0)
		rc = err_set(err, CORDON_EINVAL, 0,
			     "no document %llu in quarantine: `cordon quarantine list` names them",
			     (unsigned long long)id);
	sqlite3_reset(stmt);
	return rc;
}
