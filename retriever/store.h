/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.h - the documents in store.db, and the index over them. Only `cordon-store` and its tests see this side.
 */
#ifndef RETRIEVER_STORE_H
#define RETRIEVER_STORE_H

#include "retriever/terms.h"
#include "retriever/store_wire.h"
#include "sandbox/base/db.h"

#define STORE_FILE "store.db"

#define STORE_STATEMENTS(X)                                                                                            \
	X(FIND, "SELECT id, digest, scanner, held, released FROM doc WHERE collection=?1 AND name=?2")                 \
	X(SEEN, "UPDATE doc SET run=?2 WHERE id=?1")                                                                   \
	X(NEXT_RUN, "UPDATE total SET run=run+1 RETURNING run")                                                        \
	X(COLLECTION_ADD, "INSERT INTO collection(name) VALUES(?1) ON CONFLICT DO NOTHING")                            \
	X(COLLECTION, "SELECT id FROM collection WHERE name=?1")                                                       \
	X(COLLECTIONS, "SELECT count(*) FROM collection")                                                              \
	X(TOTAL, "SELECT passages, words FROM total")                                                                  \
	X(COUNT, "UPDATE total SET passages=passages+?1, words=words+?2")                                              \
	X(DOC_ADD, "INSERT INTO doc(collection,name,uri,title,trust,verdict,score,bytes,digest,scanner,held,released," \
		   "run,stored_ms) VALUES(?1,?2,?3,?4,?5,?6,?7,?8,?9,?10,?11,?12,?13,?14)")                            \
	X(DOC_DROP, "DELETE FROM doc WHERE id=?1")                                                                     \
	X(DOC_STALE, "SELECT id FROM doc WHERE collection=?1 AND name>=?2 AND name<?3 AND run<?4 LIMIT 1000")          \
	X(PASSAGE_LAST, "SELECT coalesce(max(id),0) FROM passage")                                                     \
	X(PASSAGE_ADD, "INSERT INTO passage(id,doc,start,\"end\",text) VALUES(?1,?2,?3,?4,?5)")                        \
	X(PASSAGES, "SELECT p.id, p.text, d.title FROM passage p JOIN doc d ON d.id=p.doc WHERE p.doc=?1 ORDER BY 1")  \
	X(PASSAGES_DROP, "DELETE FROM passage WHERE doc=?1")                                                           \
	X(TERM_ADD, "INSERT INTO term(rowid,words,grams,title) VALUES(?1,?2,?3,?4)")                                   \
	X(TERM_DROP, "INSERT INTO term(term,rowid,words,grams,title) VALUES('delete',?1,?2,?3,?4)")                    \
	X(TERM_ROWS, "SELECT doc FROM temp.vocabulary WHERE term=?1")                                                  \
	X(MATCH, "SELECT rowid, cordon_score(term, ?2) FROM term WHERE term MATCH ?1")                                 \
	X(HIT, "SELECT d.id, d.name, d.title, d.uri, d.trust, d.verdict, p.start, p.\"end\", p.text, d.collection"     \
	       " FROM passage p JOIN doc d ON d.id=p.doc WHERE p.id=?1 AND d.held=0")                                  \
	X(READ, "SELECT d.id, d.name, d.title, d.uri, d.trust, d.verdict, p.start, p.\"end\", p.text"                  \
		" FROM passage p JOIN doc d ON d.id=p.doc WHERE d.held=0 AND d.id="                                    \
		"(SELECT min(id) FROM doc WHERE name=?1 AND held=0) ORDER BY p.id")                                    \
	X(HELD_ADD, "INSERT INTO held(doc,findings,source) VALUES(?1,?2,?3)")                                          \
	X(HELD_DROP, "DELETE FROM held WHERE doc=?1")                                                                  \
	X(HELD_LIST, "SELECT d.id, d.name, d.uri, c.name, d.trust, d.stored_ms, d.score, h.findings, d.bytes"          \
		     " FROM held h JOIN doc d ON d.id=h.doc JOIN collection c ON c.id=d.collection ORDER BY d.id")     \
	X(HELD_SHOW, "SELECT source FROM held WHERE doc=?1")                                                           \
	X(IS_HELD, "SELECT held FROM doc WHERE id=?1")                                                                 \
	X(RELEASE, "UPDATE doc SET held=0, released=1 WHERE id=?1 AND held=1")

enum store_statement {
#define X(id, sql) SQL_##id,
	STORE_STATEMENTS(X)
#undef X
		SQL_COUNT_ALL
};

struct store {
	sqlite3 *db;
	struct terms *terms;
	struct terms_list text, title; /* of the passage at work */
	struct buf joined; /* its title and text */
	sqlite3_stmt *statements[SQL_COUNT_ALL]; /* prepared at first use */
};

/* Opens or makes the file at `path`. */
USE_RESULT int store_open(const char *path, struct store **out, struct cordon_err *err);
void store_close(struct store *store);

/* A reset statement without bindings; borrowed until the store closes. */
USE_RESULT int store_statement(struct store *store, enum store_statement which, sqlite3_stmt **out,
			       struct cordon_err *err);

struct store_numbers { /* integers for ?1, ?2, ... */
	const int64_t *at;
	size_t count;
};
#define STORE_NUMBERS(...)                                                                                             \
	((struct store_numbers){ (const int64_t[]){ __VA_ARGS__ },                                                     \
				 sizeof((const int64_t[]){ __VA_ARGS__ }) / sizeof(int64_t) })
#define STORE_NONE ((struct store_numbers){ 0 })
/* Runs one; its first column, where it has a row, goes to *value (may be NULL). Returns 1 where it had a row, 0 where
 * not, or an error. */
USE_RESULT int store_run(struct store *store, enum store_statement which, struct store_numbers numbers, int64_t *value,
			 struct cordon_err *err);

USE_RESULT int store_begin(struct store *store, struct cordon_err *err);
/* Commits where rc is 0, else rolls back; returns rc, or the commit's error. */
USE_RESULT int store_end(struct store *store, int rc, struct cordon_err *err);

#endif
