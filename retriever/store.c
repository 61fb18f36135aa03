// SPDX-License-Identifier: Apache-2.0
/*
 * store.c - opening store.db, its tables, its statements.
 *
 * The text stands in `passage`; the FTS5 table holds the index alone and is told the old terms when a passage goes,
 * which are made from the stored text by the same rules: hence the version of those rules in `total`, and the refusal to
 * open a store with another one. A document in quarantine has passages but no terms, so no query can reach it.
 */
#include "retriever/store.h"

#include <string.h>

#include "retriever/score.h"
#include "sandbox/base/err.h"

#define APPLICATION_ID 0x43524453 /* "CRDS" */
#define TERM_BYTES_MAX ((size_t)512 << 20) /* of one passage, which is far smaller */

static const char *const migrations[] = {
	"CREATE TABLE total(passages INTEGER NOT NULL, words INTEGER NOT NULL, run INTEGER NOT NULL,"
	" terms_version INTEGER NOT NULL) STRICT;"
	"INSERT INTO total VALUES(0,0,0,0);"
	"CREATE TABLE collection(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;"
	"CREATE TABLE doc(id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER NOT NULL, name TEXT NOT NULL,"
	" uri TEXT NOT NULL, title TEXT NOT NULL, trust TEXT NOT NULL, verdict INTEGER NOT NULL, score REAL NOT NULL,"
	" bytes INTEGER NOT NULL, digest BLOB NOT NULL, scanner TEXT NOT NULL, held INTEGER NOT NULL,"
	" released INTEGER NOT NULL, run INTEGER NOT NULL, stored_ms INTEGER NOT NULL, UNIQUE(collection,name)) STRICT;"
	"CREATE INDEX doc_name ON doc(name);"
	"CREATE TABLE passage(id INTEGER PRIMARY KEY, doc INTEGER NOT NULL, start INTEGER NOT NULL,"
	" \"end\" INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
	"CREATE INDEX passage_doc ON passage(doc);"
	"CREATE TABLE held(doc INTEGER PRIMARY KEY, findings TEXT NOT NULL, source BLOB NOT NULL) STRICT;",
};

static const struct db_schema schema = { APPLICATION_ID, migrations, ARRAY_LEN(migrations) };

static const char *const statements[] = {
#define X(id, sql) sql,
	STORE_STATEMENTS(X)
#undef X
};

int store_statement(struct store *store, enum store_statement which, sqlite3_stmt **out, struct cordon_err *err)
{
	sqlite3_stmt **stmt = &store->statements[which];

	if (!*stmt) {
		int rc = db_prepare(store->db, statements[which], stmt, err);

		if (rc < 0)
			return rc;
	}
	sqlite3_reset(*stmt);
	sqlite3_clear_bindings(*stmt);
	*out = *stmt;
	return 0;
}

int store_run(struct store *store, enum store_statement which, struct store_numbers numbers, int64_t *value,
	      struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = store_statement(store, which, &stmt, err);

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < numbers.count; i++)
		sqlite3_bind_int64(stmt, (int)i + 1, numbers.at[i]);
	rc = db_step(stmt, err);
	if (rc == 1 && value)
		*value = sqlite3_column_int64(stmt, 0);
	sqlite3_reset(stmt);
	return rc;
}

int store_begin(struct store *store, struct cordon_err *err)
{
	return db_exec(store->db, "BEGIN IMMEDIATE", err);
}

int store_end(struct store *store, int rc, struct cordon_err *err)
{
	for (size_t i = 0; i < SQL_COUNT_ALL; i++)
		if (store->statements[i])
			sqlite3_reset(store->statements[i]);
	if (rc >= 0)
		rc = db_exec(store->db, "COMMIT", err);
	if (rc < 0)
		sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int check_terms(struct store *store, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int64_t version;
	int rc = db_prepare(store->db, "SELECT terms_version FROM total", &stmt, err);

	if (rc < 0)
		return rc;
	rc = db_step(stmt, err);
	if (rc < 0)
		return rc;
	version = rc ? sqlite3_column_int64(stmt, 0) : -1;
	if (version == TERMS_VERSION)
		return 1;
	if (version == 0)
		return 0;
	return err_set(
		err, CORDON_ECORRUPT, 0,
		"the index was made by other rules (version %lld, these are %d): move the file away and index anew",
		(long long)version, TERMS_VERSION);
}

/* The index is made by the first opener, in one transaction, once its tokenizer is known to the connection. */
static int make_index(struct store *store, struct cordon_err *err)
{
	char sql[512];
	int rc = check_terms(store, err);

	if (rc)
		return rc < 0 ? rc : 0;
	rc = store_begin(store, err);
	if (rc < 0)
		return rc;
	snprintf(sql, sizeof(sql),
		 "CREATE VIRTUAL TABLE term USING fts5(words, grams, title, content='', columnsize=0,"
		 " tokenize='cordon');"
		 "INSERT INTO term(term,rank) VALUES('hashsize',16777216),('automerge',8),('pgsz',16000);"
		 "UPDATE total SET terms_version=%d",
		 TERMS_VERSION);
	rc = check_terms(store, err);
	if (rc == 0)
		rc = db_exec(store->db, sql, err);
	return store_end(store, rc, err);
}

static int set_up(struct store *store, const char *path, struct cordon_err *err)
{
	int rc = db_open(path, &schema, &store->db, err);

	if (rc < 0)
		return rc;
	rc = db_exec(store->db,
		     "PRAGMA temp_store=MEMORY; PRAGMA cache_size=-65536; PRAGMA mmap_size=0; PRAGMA "
		     "wal_autocheckpoint=8000",
		     err);
	rc = rc < 0 ? rc : score_register(store->db, err);
	rc = rc < 0 ? rc : make_index(store, err);
	rc = rc < 0 ? rc : terms_open(store->db, &store->terms, err);
	if (rc == 0)
		rc = db_exec(store->db, "CREATE VIRTUAL TABLE temp.vocabulary USING fts5vocab(main, term, row)", err);
	return rc < 0 ? err_wrap(err, rc, "'%s'", path) : 0;
}

int store_open(const char *path, struct store **out, struct cordon_err *err)
{
	struct store *store = calloc(1, sizeof(*store));
	int rc;

	if (!store)
		return err_nomem(err);
	terms_list_init(&store->text, TERM_BYTES_MAX);
	terms_list_init(&store->title, TERM_BYTES_MAX);
	buf_init(&store->joined, TERM_BYTES_MAX);
	rc = set_up(store, path, err);
	if (rc < 0) {
		store_close(store);
		return rc;
	}
	*out = store;
	return 0;
}

void store_close(struct store *store)
{
	if (!store)
		return;
	for (size_t i = 0; i < SQL_COUNT_ALL; i++)
		sqlite3_finalize(store->statements[i]);
	terms_close(store->terms);
	terms_list_release(&store->text);
	terms_list_release(&store->title);
	buf_release(&store->joined);
	db_close(store->db);
	free(store);
}
