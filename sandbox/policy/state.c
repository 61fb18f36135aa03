// SPDX-License-Identifier: Apache-2.0
/*
 * state.c - state.db: trust, sessions, marks and buckets.
 *
 * Marks and approvals only ever grow: there is no statement that removes one, so a session that has read outside text stays
 * one that has, in every process, until it ends.
 */
#include "sandbox/policy/state.h"

#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/ident.h"

static const char *const migrations[] = {
	"CREATE TABLE trust(uid INTEGER NOT NULL, sha256 TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	" PRIMARY KEY(uid, sha256)) WITHOUT ROWID;"
	"CREATE TABLE sessions(uid INTEGER PRIMARY KEY, id TEXT NOT NULL, last_ms INTEGER NOT NULL);"
	"CREATE TABLE marks(session TEXT NOT NULL, mark TEXT NOT NULL, at_ms INTEGER NOT NULL,"
	" PRIMARY KEY(session, mark)) WITHOUT ROWID;"
	"CREATE TABLE buckets(key TEXT PRIMARY KEY, tokens REAL NOT NULL, at_ms INTEGER NOT NULL) WITHOUT ROWID;",
};

static const struct db_schema schema = { 0x436f5374 /* CoSt */, migrations, ARRAY_LEN(migrations) };

int state_open(const char *data, sqlite3 **out, struct cordon_err *err)
{
	cleanup_free char *path = NULL;
	int rc = file_make_dirs(data, 0700, err);

	if (rc < 0)
		return err_wrap(err, rc, "data folder '%s'", data);
	if (asprintf(&path, "%s/state.db", data) < 0) {
		path = NULL;
		return err_nomem(err);
	}
	rc = db_open(path, &schema, out, err);
	return rc < 0 ? err_wrap(err, rc, "'%s'", path) : 0;
}

/* Runs `sql` with the user and the digest as its first parameters. */
static int run_trust(const char *data, const char *sql, const char *hex, struct cordon_err *err)
{
	cleanup_state sqlite3 *db = NULL;
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int rc = state_open(data, &db, err);

	if (rc == 0)
		rc = db_prepare(db, sql, &stmt, err);
	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, getuid());
	if (sqlite3_bind_text(stmt, 2, hex, -1, SQLITE_STATIC) != SQLITE_OK)
		return err_nomem(err);
	if (sqlite3_bind_parameter_count(stmt) > 2)
		sqlite3_bind_int64(stmt, 3, (sqlite3_int64)clock_real_ms());
	return db_step(stmt, err);
}

int state_trust(const char *data, const char *hex, struct cordon_err *err)
{
	return run_trust(data, "INSERT OR REPLACE INTO trust VALUES(?, ?, ?)", hex, err);
}

int state_trusted(const char *data, const char *hex, struct cordon_err *err)
{
	return run_trust(data, "SELECT 1 FROM trust WHERE uid = ? AND sha256 = ?", hex, err);
}
