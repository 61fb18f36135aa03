// SPDX-License-Identifier: Apache-2.0
/*
 * store_put.c - what changes the documents.
 *
 * A document goes in, out and is replaced as a whole inside the caller's transaction: row, passages, terms, totals.
 * Terms are taken out with the very terms that were put in, made from the stored text; any others would corrupt the
 * index silently. What was released from quarantine stays released while its bytes are the same.
 */
#include "retriever/store_put.h"

#include <string.h>

#include "retriever/score.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"

static void bind_text(sqlite3_stmt *stmt, int at, struct cordon_slice text)
{
	sqlite3_bind_text64(stmt, at, text.data ? text.data : "", text.len, SQLITE_STATIC, SQLITE_UTF8);
}

static int collection_id(struct store *store, const char *name, bool make, int64_t *id, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = make ? store_statement(store, SQL_COLLECTION_ADD, &stmt, err) : 0;

	if (rc == 0 && make) {
		bind_text(stmt, 1, slice_of(name));
		rc = db_step(stmt, err);
	}
	rc = rc < 0 ? rc : store_statement(store, SQL_COLLECTION, &stmt, err);
	if (rc < 0)
		return rc;
	bind_text(stmt, 1, slice_of(name));
	rc = db_step(stmt, err);
	if (rc == 1)
		*id = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return rc;
}

/* A passage is found by its title as by its own words, so that the tenth of a long document still says what it is about. */
static int cut_passage(struct store *store, struct cordon_slice title, struct cordon_slice text, struct cordon_err *err)
{
	int rc = terms_cut(store->terms, title, &store->title, err);

	buf_clear(&store->joined);
	rc = rc < 0 ? rc : buf_add(&store->joined, title, err);
	rc = rc < 0 ? rc : buf_add_text(&store->joined, "\n", err);
	rc = rc < 0 ? rc : buf_add(&store->joined, text, err);
	return rc < 0 ? rc : terms_cut(store->terms, buf_slice(&store->joined), &store->text, err);
}

/* The terms of the passage and its title, in or out of the index. */
static int change_terms(struct store *store, enum store_statement which, int64_t id, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, which, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, id);
	bind_text(stmt, 2, buf_slice(&store->text.words));
	bind_text(stmt, 3, buf_slice(&store->text.grams));
	bind_text(stmt, 4, buf_slice(&store->title.words));
	rc = db_step(stmt, err);
	sqlite3_reset(stmt);
	return rc;
}

static int count(struct store *store, int64_t passages, int64_t words, struct cordon_err *err)
{
	return store_run(store, SQL_COUNT, STORE_NUMBERS(passages, words), NULL, err);
}

/* Every passage of the document in (TERM_ADD) or out of (TERM_DROP) the index. */
static int change_document(struct store *store, enum store_statement which, int64_t doc, struct cordon_err *err)
{
	const int sign = which == SQL_TERM_ADD ? 1 : -1;
	sqlite3_stmt *stmt = NULL;
	int64_t passages = 0;
	int64_t words = 0;
	int rc = store_statement(store, SQL_PASSAGES, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, doc);
	while ((rc = db_step(stmt, err)) == 1) {
		struct cordon_slice text = { (const char *)sqlite3_column_text(stmt, 1),
					     (size_t)sqlite3_column_bytes(stmt, 1) };
		struct cordon_slice title = { (const char *)sqlite3_column_text(stmt, 2),
					      (size_t)sqlite3_column_bytes(stmt, 2) };

		rc = cut_passage(store, title, text, err);
		rc = rc < 0 ? rc : change_terms(store, which, sqlite3_column_int64(stmt, 0), err);
		if (rc < 0)
			break;
		passages += sign;
		words += sign * (int64_t)store->text.word_count;
	}
	sqlite3_reset(stmt);
	return rc < 0 ? rc : count(store, passages, words, err);
}

static int drop_document(struct store *store, int64_t doc, bool held, struct cordon_err *err)
{
	int rc = held ? store_run(store, SQL_HELD_DROP, STORE_NUMBERS(doc), NULL, err)
		      : change_document(store, SQL_TERM_DROP, doc, err);

	rc = rc < 0 ? rc : store_run(store, SQL_PASSAGES_DROP, STORE_NUMBERS(doc), NULL, err);
	return rc < 0 ? rc : store_run(store, SQL_DOC_DROP, STORE_NUMBERS(doc), NULL, err);
}

struct sought { /* a document's place, and what its stored form is held against */
	int64_t collection;
	const char *name;
	const struct digest *digest;
	const char *scanner;
};

struct found {
	int64_t id;
	bool same_bytes, same_scanner, held, released;
};

/* 1 where there is a document of that name. */
static int find(struct store *store, const struct sought *sought, struct found *found, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_FIND, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, sought->collection);
	bind_text(stmt, 2, slice_of(sought->name));
	rc = db_step(stmt, err);
	if (rc == 1) {
		const void *old = sqlite3_column_blob(stmt, 1);
		const char *scanner = (const char *)sqlite3_column_text(stmt, 2);

		found->id = sqlite3_column_int64(stmt, 0);
		found->same_bytes = old && sqlite3_column_bytes(stmt, 1) == DIGEST_BYTES &&
				    !memcmp(old, sought->digest->bytes, DIGEST_BYTES);
		found->same_scanner = scanner && !strcmp(scanner, sought->scanner);
		found->held = sqlite3_column_int(stmt, 3);
		found->released = sqlite3_column_int(stmt, 4);
	}
	sqlite3_reset(stmt);
	return rc;
}

int store_new_run(struct store *store, uint64_t *run, struct cordon_err *err)
{
	int64_t number = 0;
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	rc = store_run(store, SQL_NEXT_RUN, STORE_NONE, &number, err);
	rc = store_end(store, rc, err);
	if (rc == 0)
		*run = (uint64_t)number;
	return rc;
}

int store_check(struct store *store, const struct store_batch *batch, const char *name, const struct digest *digest,
		struct cordon_err *err)
{
	struct sought sought = { .name = name, .digest = digest, .scanner = batch->scanner };
	struct found found = { 0 };
	int rc = collection_id(store, batch->collection, false, &sought.collection, err);

	if (rc == 1)
		rc = find(store, &sought, &found, err);
	if (rc != 1)
		return rc;
	rc = store_run(store, SQL_SEEN, STORE_NUMBERS(found.id, (int64_t)batch->run), NULL, err);
	return rc < 0 ? rc : found.same_bytes && found.same_scanner;
}

static int add_row(struct store *store, const struct store_batch *batch, const struct store_document *document,
		   const int64_t numbers[3], struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_DOC_ADD, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, numbers[0]);
	bind_text(stmt, 2, slice_of(document->name));
	bind_text(stmt, 3, slice_of(document->uri));
	bind_text(stmt, 4, slice_of(document->title));
	bind_text(stmt, 5, slice_of(batch->trust));
	sqlite3_bind_int64(stmt, 6, document->verdict);
	sqlite3_bind_double(stmt, 7, document->score);
	sqlite3_bind_int64(stmt, 8, (int64_t)document->bytes);
	sqlite3_bind_blob(stmt, 9, document->digest.bytes, DIGEST_BYTES, SQLITE_STATIC);
	bind_text(stmt, 10, slice_of(batch->scanner));
	sqlite3_bind_int64(stmt, 11, numbers[1]);
	sqlite3_bind_int64(stmt, 12, numbers[2]);
	sqlite3_bind_int64(stmt, 13, (int64_t)batch->run);
	sqlite3_bind_int64(stmt, 14, (int64_t)clock_real_ms());
	rc = db_step(stmt, err);
	sqlite3_reset(stmt);
	return rc;
}

static int add_held(struct store *store, int64_t doc, const struct store_document *document, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_HELD_ADD, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, doc);
	bind_text(stmt, 2, document->findings);
	sqlite3_bind_blob64(stmt, 3, document->source.data ? document->source.data : "", document->source.len,
			    SQLITE_STATIC);
	rc = db_step(stmt, err);
	sqlite3_reset(stmt);
	return rc;
}

/* store->text holds the passage's terms. */
static int add_passage(struct store *store, int64_t id, int64_t doc, const struct store_passage *passage,
		       struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_PASSAGE_ADD, &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, id);
	sqlite3_bind_int64(stmt, 2, doc);
	sqlite3_bind_int64(stmt, 3, (int64_t)passage->start);
	sqlite3_bind_int64(stmt, 4, (int64_t)passage->end);
	bind_text(stmt, 5, passage->text);
	rc = db_step(stmt, err);
	sqlite3_reset(stmt);
	return rc;
}

static int add_passages(struct store *store, int64_t doc, const struct store_document *document, bool held,
			struct cordon_err *err)
{
	int64_t last = 0;
	int64_t words = 0;
	int rc = store_run(store, SQL_PASSAGE_LAST, STORE_NONE, &last, err);

	for (size_t i = 0; rc >= 0 && i < document->passage_count; i++) {
		rc = cut_passage(store, slice_of(document->title), document->passages[i].text, err);
		if (rc < 0)
			return rc;
		last = (last / SCORE_LEVELS + 1) * SCORE_LEVELS + (int64_t)score_level(store->text.word_count);
		words += store->text.word_count;
		rc = add_passage(store, last, doc, &document->passages[i], err);
		if (rc == 0 && !held)
			rc = change_terms(store, SQL_TERM_ADD, last, err);
	}
	return rc < 0 || held ? rc : count(store, (int64_t)document->passage_count, words, err);
}

int store_put(struct store *store, const struct store_batch *batch, const struct store_document *document,
	      struct store_added *added, struct cordon_err *err)
{
	struct sought sought = { .name = document->name, .digest = &document->digest, .scanner = batch->scanner };
	struct found old = { 0 };
	int64_t numbers[3] = { 0 }; /* collection, held, released */
	int64_t doc;
	int rc = collection_id(store, batch->collection, true, &sought.collection, err);

	if (rc == 1)
		rc = find(store, &sought, &old, err);
	if (rc < 0)
		return rc;
	numbers[0] = sought.collection;
	numbers[2] = rc == 1 && old.released && old.same_bytes;
	numbers[1] = document->hold && !numbers[2];
	if (rc == 1)
		rc = drop_document(store, old.id, old.held, err);
	rc = rc < 0 ? rc : add_row(store, batch, document, numbers, err);
	if (rc < 0)
		return rc;
	doc = sqlite3_last_insert_rowid(store->db);
	rc = add_passages(store, doc, document, numbers[1], err);
	if (rc >= 0 && numbers[1])
		rc = add_held(store, doc, document, err);
	added->held += (uint64_t)numbers[1];
	added->passages += document->passage_count;
	return rc < 0 ? rc : 0;
}

struct stale { /* documents that an older run met last, with names from `first` on and before `after` */
	int64_t collection;
	uint64_t run;
	const char *first, *after;
};

/* Up to a thousand of them; *some is how many. */
static int prune_some(struct store *store, const struct stale *stale, size_t *some, struct cordon_err *err)
{
	int64_t ids[1000];
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, SQL_DOC_STALE, &stmt, err);

	*some = 0;
	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, stale->collection);
	bind_text(stmt, 2, slice_of(stale->first));
	bind_text(stmt, 3, slice_of(stale->after));
	sqlite3_bind_int64(stmt, 4, (int64_t)stale->run);
	while (*some < ARRAY_LEN(ids) && (rc = db_step(stmt, err)) == 1)
		ids[(*some)++] = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	for (size_t i = 0; rc >= 0 && i < *some; i++) {
		int64_t held = 0;

		rc = store_run(store, SQL_IS_HELD, STORE_NUMBERS(ids[i]), &held, err);
		rc = rc < 0 ? rc : drop_document(store, ids[i], held, err);
	}
	return rc < 0 ? rc : 0;
}

int store_prune(struct store *store, const struct store_batch *batch, const char *prefix, uint64_t *gone,
		struct cordon_err *err)
{
	cleanup_free char *after = strdup(prefix);
	struct stale stale = { .run = batch->run, .first = prefix, .after = after };
	size_t some = 0;
	int rc;

	*gone = 0;
	if (!after)
		return err_nomem(err);
	if (!*prefix)
		return err_set(err, CORDON_EINVAL, 0, "no folder was named whose documents are to be compared");
	after[strlen(after) - 1]++; /* '/' becomes '0': the first name after all that begin with prefix */
	rc = collection_id(store, batch->collection, false, &stale.collection, err);
	if (rc != 1)
		return rc;
	do {
		rc = store_begin(store, err);
		if (rc < 0)
			return rc;
		rc = prune_some(store, &stale, &some, err);
		rc = store_end(store, rc, err);
		*gone += some;
	} while (rc == 0 && some);
	return rc;
}

/* Is there such a document in quarantine? */
static int require_held(struct store *store, int64_t id, struct cordon_err *err)
{
	int64_t held = 0;
	int rc = store_run(store, SQL_IS_HELD, STORE_NUMBERS(id), &held, err);

	if (rc < 0)
		return rc;
	return held ? 0
		    : err_set(err, CORDON_EINVAL, 0,
			      "no document %lld in quarantine: `cordon quarantine list` names them", (long long)id);
}

int store_held_release(struct store *store, uint64_t id, struct cordon_err *err)
{
	const int64_t doc = (int64_t)id;
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	rc = require_held(store, doc, err);
	rc = rc < 0 ? rc : store_run(store, SQL_RELEASE, STORE_NUMBERS(doc), NULL, err);
	rc = rc < 0 ? rc : store_run(store, SQL_HELD_DROP, STORE_NUMBERS(doc), NULL, err);
	rc = rc < 0 ? rc : change_document(store, SQL_TERM_ADD, doc, err);
	return store_end(store, rc, err);
}

int store_held_drop(struct store *store, uint64_t id, struct cordon_err *err)
{
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	rc = require_held(store, (int64_t)id, err);
	rc = rc < 0 ? rc : drop_document(store, (int64_t)id, true, err);
	return store_end(store, rc, err);
}
