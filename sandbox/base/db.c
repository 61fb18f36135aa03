// SPDX-License-Identifier: Apache-2.0
/*
 * db.c - opening a file of ours safely, and statements that cannot leak.
 *
 * Invariant: a file is written to only after it was seen to be ours (its application id) or empty. Migrations run inside
 * one immediate transaction, so two processes that open a new file at once make it once.
 */
#include "sandbox/base/db.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "sandbox/base/err.h"

#define RETRY_MS 10

static const char pragmas[] = "PRAGMA trusted_schema=OFF; PRAGMA foreign_keys=ON; PRAGMA secure_delete=ON;"
			      "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;";

static int fault(sqlite3 *db, int rc, struct cordon_err *err)
{
	const char *text = db ? sqlite3_errmsg(db) : sqlite3_errstr(rc);

	switch (rc & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return err_set(err, CORDON_EBUSY, 0, "another process holds the database for more than %d s",
			       DB_BUSY_MS / 1000);
	case SQLITE_FULL:
		return err_set(err, CORDON_ESYS, ENOSPC, "cannot write to the database");
	case SQLITE_READONLY:
		return err_set(err, CORDON_ESYS, EROFS, "cannot write to the database");
	case SQLITE_NOMEM:
		return err_nomem(err);
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return err_set(err, CORDON_ECORRUPT, 0, "%s: move the file away to begin anew", text);
	default:
		return err_set(err, CORDON_ESYS, 0, "%s", text);
	}
}

int db_exec(sqlite3 *db, const char *sql, struct cordon_err *err)
{
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? 0 : fault(db, rc, err);
}

int db_prepare(sqlite3 *db, const char *sql, sqlite3_stmt **out, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &stmt, NULL);

	if (rc != SQLITE_OK)
		return fault(db, rc, err);
	*out = stmt;
	return 0;
}

int db_step(sqlite3_stmt *stmt, struct cordon_err *err)
{
	int rc = sqlite3_step(stmt);

	if (rc == SQLITE_ROW)
		return 1;
	if (rc == SQLITE_DONE)
		return 0;
	return fault(sqlite3_db_handle(stmt), rc, err);
}

static int read_number(sqlite3 *db, const char *pragma, uint32_t *value, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int rc = db_prepare(db, pragma, &stmt, err);

	if (rc < 0)
		return rc;
	rc = db_step(stmt, err);
	if (rc < 0)
		return rc;
	*value = rc ? (uint32_t)sqlite3_column_int64(stmt, 0) : 0;
	return 0;
}

/* Inside the transaction: is this file ours, and how far along? */
static int read_version(sqlite3 *db, const struct db_schema *schema, uint32_t *version, struct cordon_err *err)
{
	uint32_t owner = 0;
	uint32_t tables = 0;
	int rc;

	if ((rc = read_number(db, "PRAGMA application_id", &owner, err)) < 0 ||
	    (rc = read_number(db, "PRAGMA user_version", version, err)) < 0 ||
	    (rc = read_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err)) < 0)
		return rc;
	if (owner != schema->application_id && (owner || tables || *version))
		return err_set(err, CORDON_ECORRUPT, 0,
			       "a database of another program (application id %u): move the file away to begin anew",
			       owner);
	if (*version > schema->count)
		return err_set(err, CORDON_ECORRUPT, 0,
			       "written by a newer Cordon (schema %u, this one knows %zu): use that one", *version,
			       schema->count);
	return 0;
}

/* From `version`, which another process may have raised since it was read. */
static int migrate(sqlite3 *db, const struct db_schema *schema, uint32_t version, struct cordon_err *err)
{
	char pragma[96];
	int rc;

	if (version == schema->count)
		return 0;
	rc = db_exec(db, "BEGIN IMMEDIATE", err);
	if (rc == 0)
		rc = read_version(db, schema, &version, err);
	for (size_t i = version; rc == 0 && i < schema->count; i++)
		rc = db_exec(db, schema->migrations[i], err);
	snprintf(pragma, sizeof(pragma), "PRAGMA application_id=%u; PRAGMA user_version=%zu; COMMIT",
		 schema->application_id, schema->count);
	if (rc == 0)
		rc = db_exec(db, pragma, err);
	if (rc < 0)
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}

static int set_up(sqlite3 *db, const struct db_schema *schema, struct cordon_err *err)
{
	uint32_t version = 0;
	int rc;

	sqlite3_busy_timeout(db, DB_BUSY_MS);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	/* Before anything is written, and in one view of the file: another process may be making its tables just now. */
	rc = db_exec(db, "BEGIN", err);
	if (rc < 0)
		return rc;
	rc = read_version(db, schema, &version, err);
	if (rc < 0)
		return rc;
	rc = db_exec(db, "COMMIT", err);
	/* The change to WAL does not wait for another process that is making it too, whatever the timeout says. */
	for (int waited_ms = 0; rc == 0; waited_ms += RETRY_MS) {
		rc = db_exec(db, pragmas, err);
		if (rc != CORDON_EBUSY || waited_ms >= DB_BUSY_MS)
			break;
		usleep(RETRY_MS * 1000);
		rc = 0;
	}
	return rc < 0 ? rc : migrate(db, schema, version, err);
}

/* SQLITE_OPEN_NOFOLLOW refuses a link anywhere on the way: folders may be links (a home often is), the file may not. */
static int resolve_folder(const char *path, char resolved[PATH_MAX + NAME_MAX + 2], struct cordon_err *err)
{
	char folder[PATH_MAX];
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	size_t len = slash ? (size_t)(name - path) : 0; /* with the slash, as "/" is a folder too */

	if (!*name || strlen(name) > NAME_MAX || len >= sizeof(folder))
		return err_set(err, CORDON_ESYS, EINVAL, "not the name of a file");
	memcpy(folder, path, len);
	folder[len] = '\0';
	if (!realpath(len ? folder : ".", resolved))
		return err_set(err, CORDON_ESYS, errno, "cannot reach the folder");
	snprintf(resolved + strlen(resolved), NAME_MAX + 2, "/%s", name);
	return 0;
}

int db_open(const char *path, const struct db_schema *schema, sqlite3 **out, struct cordon_err *err)
{
	const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX;
	char resolved[PATH_MAX + NAME_MAX + 2];
	sqlite3 *db = NULL;
	int rc = resolve_folder(path, resolved, err);

	if (rc < 0)
		return err_wrap(err, rc, "'%s'", path);
	rc = sqlite3_open_v2(resolved, &db, flags, NULL);
	rc = rc == SQLITE_OK ? set_up(db, schema, err) : fault(db, rc, err);
	if (rc < 0) {
		sqlite3_close(db);
		return err_wrap(err, rc, "'%s'", path);
	}
	*out = db;
	return 0;
}

void db_close(sqlite3 *db)
{
	sqlite3_close_v2(db);
}
