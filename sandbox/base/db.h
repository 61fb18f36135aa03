/* SPDX-License-Identifier: Apache-2.0 */
/*
 * db.h - SQLite's home: opening a file of ours safely, and statements that cannot leak.
 *
 * Every connection is WAL, foreign keys on, trusted_schema off, defensive, extensions off, secure_delete on, and waits
 * DB_BUSY_MS for another process before it gives CORDON_EBUSY. A file that is not SQLite, or has another application
 * id, is an error with the remedy; it is never overwritten.
 */
#ifndef BASE_DB_H
#define BASE_DB_H

#include <sqlite3.h>
#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

#define DB_BUSY_MS 10000

/* One row a schema version: migrations[i] brings version i to i + 1, in one transaction. */
struct db_schema {
	uint32_t application_id; /* PRAGMA application_id: whose file this is */
	const char *const *migrations;
	size_t count;
};

USE_RESULT int db_open(const char *path, const struct db_schema *schema, sqlite3 **out, struct cordon_err *err);
void db_close(sqlite3 *db);
/* sqlite3_exec() of trusted text. */
USE_RESULT int db_exec(sqlite3 *db, const char *sql, struct cordon_err *err);
/* A statement for db_step(); finalized by cleanup_stmt. */
USE_RESULT int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct cordon_err *err);
/* 1: a row; 0: done; else an error (SQLITE_BUSY is CORDON_EBUSY, SQLITE_FULL CORDON_ESYS with ENOSPC, damage CORDON_ECORRUPT). */
USE_RESULT int db_step(sqlite3_stmt *stmt, struct cordon_err *err);

static inline void cleanup_stmt_run(sqlite3_stmt **stmt)
{
	sqlite3_finalize(*stmt);
}
#define cleanup_stmt CLEANUP(cleanup_stmt_run)

#endif
