// SPDX-License-Identifier: Apache-2.0
/*
 * late_sqlite.c - what `cordon` uses of SQLite (sessions, counters, approvals, trust).
 */
#include "sandbox/cli/late/late.h"

#include <sqlite3.h>
#include <stdarg.h>

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(int, sqlite3_bind_double, (sqlite3_stmt *statement, int at, double value), statement, at, value)	       \
	X(int, sqlite3_bind_int64, (sqlite3_stmt *statement, int at, sqlite3_int64 value), statement, at, value)       \
	X(int, sqlite3_bind_parameter_count, (sqlite3_stmt *statement), statement)				       \
	X(int, sqlite3_bind_text,										       \
	  (sqlite3_stmt *statement, int at, const char *text, int len, void (*drop)(void *)),			       \
	  statement, at, text, len, drop)									       \
	X(int, sqlite3_busy_timeout, (sqlite3 *db, int ms), db, ms)						       \
	X(int, sqlite3_close, (sqlite3 *db), db)								       \
	X(int, sqlite3_close_v2, (sqlite3 *db), db)								       \
	X(double, sqlite3_column_double, (sqlite3_stmt *statement, int at), statement, at)			       \
	X(sqlite3_int64, sqlite3_column_int64, (sqlite3_stmt *statement, int at), statement, at)		       \
	X(const unsigned char *, sqlite3_column_text, (sqlite3_stmt *statement, int at), statement, at)		       \
	X(sqlite3 *, sqlite3_db_handle, (sqlite3_stmt *statement), statement)					       \
	X(const char *, sqlite3_errmsg, (sqlite3 *db), db)							       \
	X(const char *, sqlite3_errstr, (int code), code)							       \
	X(int, sqlite3_exec,											       \
	  (sqlite3 *db, const char *sql, int (*row)(void *, int, char **, char **), void *ctx, char **message),	       \
	  db, sql, row, ctx, message)										       \
	X(int, sqlite3_finalize, (sqlite3_stmt *statement), statement)						       \
	X(int, sqlite3_open_v2, (const char *path, sqlite3 **db, int flags, const char *vfs), path, db, flags, vfs)    \
	X(int, sqlite3_prepare_v2,										       \
	  (sqlite3 *db, const char *sql, int len, sqlite3_stmt **statement, const char **rest),			       \
	  db, sql, len, statement, rest)									       \
	X(int, sqlite3_reset, (sqlite3_stmt *statement), statement)						       \
	X(int, sqlite3_step, (sqlite3_stmt *statement), statement)
#define HELPERS(X)												       \
	X(int, sqlite3_db_config, (sqlite3 *db, int operation, ...), )
/* clang-format on */

LATE_LIBRARY("libsqlite3.so.0", FUNCTIONS, HELPERS)

/* Its last arguments differ by operation. Of those that are used each takes a number and where to put the answer. */
int sqlite3_db_config(sqlite3 *db, int operation, ...)
{
	va_list list;
	int value;
	int *now;

	ready();
	va_start(list, operation);
	value = va_arg(list, int);
	now = va_arg(list, int *);
	va_end(list);
	return real.sqlite3_db_config(db, operation, value, now);
}
