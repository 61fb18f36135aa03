// SPDX-License-Identifier: Apache-2.0
/*
 * base_db.c - SQLite files of ours: made once, migrated once, and never those of somebody else.
 */
#include "sandbox/base/db.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

#include "tests/unit/base_scratch.h"

TestSuite(db, .init = scratch_make, .fini = scratch_drop, .timeout = 60);

#define OURS 0x436f7264

static const char *const steps[] = { "CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"
				     "CREATE TABLE child (t INTEGER REFERENCES t(id))",
				     "ALTER TABLE t ADD COLUMN more TEXT DEFAULT 'm'" };
static const struct db_schema first = { OURS, steps, 1 };
static const struct db_schema second = { OURS, steps, 2 };

static sqlite3 *open_ours(const struct db_schema *schema)
{
	sqlite3 *db = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(db_open(at("our.db"), schema, &db, &err), 0, "%s", err.text);
	return db;
}

static int64_t number(sqlite3 *db, const char *sql)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	cr_assert_eq(db_prepare(db, sql, &stmt, NULL), 0);
	cr_assert_eq(db_step(stmt, NULL), 1);
	return sqlite3_column_int64(stmt, 0);
}

static void refused(const char *name, int code, const char *says)
{
	sqlite3 *db = NULL;
	struct cordon_err err = { 0 };

	cr_expect_eq(db_open(at(name), &second, &db, &err), code, "%s: %s", name, err.text);
	cr_expect_null(db);
	cr_expect_not_null(strstr(err.text, says), "%s", err.text);
	cr_expect_not_null(strstr(err.text, name), "%s", err.text);
}

Test(db, is_made_and_found_again)
{
	sqlite3 *db = open_ours(&first);

	cr_assert_eq(db_exec(db, "INSERT INTO t (name) VALUES ('a')", NULL), 0);
	db_close(db);
	db = open_ours(&first);
	cr_expect_eq(number(db, "SELECT count(*) FROM t"), 1);
	cr_expect_eq(number(db, "PRAGMA application_id"), OURS);
	cr_expect_eq(number(db, "PRAGMA user_version"), 1);
	db_close(db);
}

Test(db, an_older_file_is_brought_forward_with_its_rows)
{
	sqlite3 *db = open_ours(&first);

	cr_assert_eq(db_exec(db, "INSERT INTO t (name) VALUES ('a')", NULL), 0);
	db_close(db);
	db = open_ours(&second);
	cr_expect_eq(number(db, "SELECT count(*) FROM t WHERE more = 'm'"), 1);
	cr_expect_eq(number(db, "PRAGMA user_version"), 2);
	db_close(db);
}

Test(db, a_newer_file_is_left_alone)
{
	sqlite3 *db = open_ours(&second);
	struct cordon_err err = { 0 };

	db_close(db);
	db = NULL;
	cr_expect_eq(db_open(at("our.db"), &first, &db, &err), CORDON_ECORRUPT);
	cr_expect_not_null(strstr(err.text, "newer Cordon"));
	cr_expect_null(db);
}

Test(db, a_migration_that_fails_changes_nothing)
{
	static const char *const broken[] = { steps[0], "CREATE TABLE half (x); CREATE TABLE t (x)" };
	const struct db_schema schema = { OURS, broken, 2 };
	sqlite3 *db = NULL;

	db_close(open_ours(&first));
	cr_expect_lt(db_open(at("our.db"), &schema, &db, NULL), 0);
	db = open_ours(&first);
	cr_expect_eq(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
	cr_expect_eq(number(db, "PRAGMA user_version"), 1);
	db_close(db);
}

Test(db, keeps_its_promises_on_every_connection)
{
	sqlite3 *db = open_ours(&first);
	cleanup_stmt sqlite3_stmt *stmt = NULL;

	cr_expect_eq(number(db, "PRAGMA foreign_keys"), 1);
	cr_expect_eq(number(db, "PRAGMA trusted_schema"), 0);
	cr_expect_eq(number(db, "PRAGMA secure_delete"), 1);
	cr_assert_eq(db_prepare(db, "PRAGMA journal_mode", &stmt, NULL), 0);
	cr_assert_eq(db_step(stmt, NULL), 1);
	cr_expect_str_eq((const char *)sqlite3_column_text(stmt, 0), "wal");
	cr_expect_lt(db_exec(db, "INSERT INTO child VALUES (77)", NULL), 0, "foreign keys are off");
	cr_expect_lt(db_exec(db, "PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = 'x'", NULL), 0,
		     "not defensive");
	cr_expect_lt(db_exec(db, "SELECT load_extension('x')", NULL), 0);
	sqlite3_finalize(TAKE(stmt));
	db_close(db);
}

Test(db, what_is_not_sqlite_is_never_overwritten)
{
	cleanup_file FILE *file = NULL;
	char bytes[64] = "";

	put("notes.txt", SLICE("These are my notes, and I want to keep them, every one of them."));
	refused("notes.txt", CORDON_ECORRUPT, "move the file away");
	file = fopen(at("notes.txt"), "re");
	cr_assert_not_null(file);
	cr_assert_not_null(fgets(bytes, sizeof(bytes), file));
	cr_expect_str_eq(bytes, "These are my notes, and I want to keep them, every one of them.");
}

Test(db, the_database_of_another_program_is_refused_untouched)
{
	static const char *const theirs[] = { "CREATE TABLE mine (x)", "PRAGMA application_id=7",
					      "PRAGMA user_version=3" };
	char name[16];

	for (size_t i = 0; i < ARRAY_LEN(theirs); i++) {
		sqlite3 *db = NULL;

		snprintf(name, sizeof(name), "their%zu.db", i);
		cr_assert_eq(sqlite3_open(at(name), &db), SQLITE_OK);
		cr_assert_eq(sqlite3_exec(db, theirs[i], NULL, NULL, NULL), SQLITE_OK);
		cr_assert_eq(sqlite3_close(db), SQLITE_OK);
		refused(name, CORDON_ECORRUPT, "another program");
		cr_assert_eq(sqlite3_open(at(name), &db), SQLITE_OK);
		cr_expect_eq(number(db, "SELECT count(*) FROM sqlite_schema WHERE name = 't'"), 0);
		cr_assert_eq(sqlite3_close(db), SQLITE_OK);
	}
}

Test(db, a_damaged_file_is_named)
{
	sqlite3 *db = open_ours(&second);
	cleanup_close int fd = -1;
	char junk[4096];

	for (int i = 0; i < 200; i++)
		cr_assert_eq(db_exec(db, "INSERT INTO t (name) VALUES (hex(randomblob(200)))", NULL), 0);
	db_close(db);
	memset(junk, 0x5a, sizeof(junk));
	fd = open(at("our.db"), O_WRONLY | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	cr_assert_eq(pwrite(fd, junk, sizeof(junk) - 100, 100), (ssize_t)sizeof(junk) - 100);
	refused("our.db", CORDON_ECORRUPT, "move the file away");
}

Test(db, a_link_is_not_followed_to_the_file_but_to_its_folder)
{
	sqlite3 *db = NULL;
	struct cordon_err err = { 0 };

	db_close(open_ours(&first));
	cr_assert_eq(symlink(at("our.db"), at("link.db")), 0);
	refused("link.db", CORDON_ESYS, "link.db");
	cr_assert_eq(mkdir(at("real"), 0700), 0);
	cr_assert_eq(symlink("real", at("linked")), 0);
	cr_expect_eq(db_open(at("linked/our.db"), &first, &db, &err), 0, "%s", err.text);
	db_close(db);
}

Test(db, a_folder_that_is_missing_is_an_error)
{
	refused("no/such.db", CORDON_ESYS, "no/such.db");
	refused("", CORDON_ESYS, "");
}

Test(db, a_step_tells_rows_end_and_faults_apart)
{
	sqlite3 *db = open_ours(&first);
	cleanup_stmt sqlite3_stmt *rows = NULL;
	cleanup_stmt sqlite3_stmt *bad = NULL;
	cleanup_stmt sqlite3_stmt *none = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(db_prepare(db, "SELECT 1 UNION ALL SELECT 2", &rows, NULL), 0);
	cr_expect_eq(db_step(rows, NULL), 1);
	cr_expect_eq(db_step(rows, NULL), 1);
	cr_expect_eq(db_step(rows, NULL), 0);
	cr_assert_eq(db_prepare(db, "INSERT INTO t (name) VALUES (NULL)", &bad, NULL), 0);
	cr_expect_eq(db_step(bad, &err), CORDON_ESYS);
	cr_expect_not_null(strstr(err.text, "NOT NULL"));
	cr_expect_eq(db_prepare(db, "SELEKT", &none, &err), CORDON_ESYS);
	cr_expect_null(none);
	cr_expect_eq(db_exec(db, "nonsense", &err), CORDON_ESYS);
	sqlite3_finalize(TAKE(rows));
	sqlite3_finalize(TAKE(bad));
	db_close(db);
	db_close(NULL);
}

Test(db, a_full_disk_is_said_so)
{
	sqlite3 *db = open_ours(&first);
	struct cordon_err err = { 0 };

	cr_assert_eq(db_exec(db, "PRAGMA max_page_count=8", NULL), 0);
	cr_expect_eq(db_exec(db, "INSERT INTO t (name) VALUES (hex(zeroblob(100000)))", &err), CORDON_ESYS);
	cr_expect_eq(err.os_errno, ENOSPC);
	db_close(db);
}

Test(db, eight_processes_make_one_file_once)
{
	pid_t pids[8];
	sqlite3 *db;

	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		pids[i] = fork();
		cr_assert_geq(pids[i], 0);
		if (!pids[i]) {
			sqlite3 *mine = NULL;
			int rc = db_open(at("our.db"), &second, &mine, NULL);

			rc = rc < 0 ? rc : db_exec(mine, "INSERT INTO t (name) VALUES ('x')", NULL);
			db_close(mine);
			_exit(rc < 0);
		}
	}
	for (size_t i = 0; i < ARRAY_LEN(pids); i++) {
		int status = -1;

		cr_assert_eq(waitpid(pids[i], &status, 0), pids[i]);
		cr_expect_eq(status, 0);
	}
	db = open_ours(&second);
	cr_expect_eq(number(db, "SELECT count(*) FROM t"), 8);
	db_close(db);
}
