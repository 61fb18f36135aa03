// SPDX-License-Identifier: Apache-2.0
/*
 * session.c - marks and buckets of one session.
 *
 * A call looks, decides, and then commits: look and commit read the same rows, and the commit takes all its tokens and sets
 * all its marks in one immediate transaction, or nothing. So processes at once never exceed a rate, and no reply is released
 * before its mark is on disk. A bucket of N/PERIOD starts with N and fills evenly; one of N/session never fills.
 */
#include <errno.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/policy/name.h"
#include "sandbox/policy/policy.h"
#include "sandbox/policy/state.h"

#define DAY_MS (24ull * 3600 * 1000)
#define ID_MAX 128

struct session {
	sqlite3 *db;
	char *id;
	uid_t uid;
	bool standing; /* the user's default one */
	char rule[96]; /* "rate grep": of the bucket that was found empty, lent to the view */
};

static const uint64_t period_ms[] = {
	[RATE_SECOND] = 1000, [RATE_MINUTE] = 60000, [RATE_HOUR] = 3600000, [RATE_DAY] = DAY_MS, [RATE_SESSION] = 0,
};

/* One rate that covers the call. */
struct bucket {
	const struct rate *rate;
	const char *where;
	const char *kind; /* "rate" or "limit" */
	const char *name; /* tool or pattern */
};

typedef int bucket_visit(struct session *session, const struct policy *policy, const struct bucket *bucket, void *ctx,
			 struct cordon_err *err);

/* The same limit written twice is one bucket, or each call would take two tokens of it. */
static bool is_repeated(const struct policy *policy, size_t index)
{
	const struct limit *limit = &policy->limits[index];

	for (size_t i = 0; i < index; i++) {
		const struct limit *other = &policy->limits[i];

		if (other->rate.max == limit->rate.max && other->rate.period == limit->rate.period &&
		    !strcmp(other->tools, limit->tools))
			return true;
	}
	return false;
}

static int each_bucket(struct session *session, const struct policy *policy, const struct tool *tool,
		       bucket_visit *visit, void *ctx)
{
	struct cordon_err *err = *(struct cordon_err **)ctx;
	int rc = 0;

	if (tool->rate.max) {
		struct bucket bucket = { &tool->rate, tool->where, "rate", tool->name };

		rc = visit(session, policy, &bucket, ctx, err);
	}
	for (size_t i = 0; i < policy->limit_count && rc == 0; i++) {
		const struct limit *limit = &policy->limits[i];
		struct bucket bucket = { &limit->rate, limit->where, "limit", limit->tools };

		if (name_matches(limit->tools, tool->name) && !is_repeated(policy, i))
			rc = visit(session, policy, &bucket, ctx, err);
	}
	return rc;
}

/*
 * Whose bucket it is: of this config, of this session where the rate says so. The number is a part of it, as two limits on one
 * pattern that shared a row would fill the smaller one at the pace of the larger.
 */
static char *key_of(const struct session *session, const struct policy *policy, const struct bucket *bucket)
{
	const char *config = policy->path ? policy->path : "";
	char *key = NULL;
	int len;

	if (bucket->rate->period == RATE_SESSION)
		len = asprintf(&key, "session %s %llu %s %s %s", session->id, (unsigned long long)bucket->rate->max,
			       bucket->kind, bucket->name, config);
	else
		len = asprintf(&key, "%d %llu %s %s %s", (int)bucket->rate->period,
			       (unsigned long long)bucket->rate->max, bucket->kind, bucket->name, config);
	return len < 0 ? NULL : key;
}

static int read_tokens(struct session *session, const char *key, const struct bucket *bucket, double *tokens,
		       struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	double most = (double)bucket->rate->max;
	uint64_t period = period_ms[bucket->rate->period];
	int rc = db_prepare(session->db, "SELECT tokens, at_ms FROM buckets WHERE key = ?", &stmt, err);
	sqlite3_int64 since;

	*tokens = most;
	if (rc < 0)
		return rc;
	if (sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC) != SQLITE_OK)
		return err_nomem(err);
	rc = db_step(stmt, err);
	if (rc <= 0)
		return rc;
	*tokens = sqlite3_column_double(stmt, 0);
	since = (sqlite3_int64)clock_real_ms() - sqlite3_column_int64(stmt, 1);
	if (period && since > 0) /* a clock that was set back fills nothing */
		*tokens += (double)since / (double)period * most;
	*tokens = *tokens < most ? *tokens : most;
	return 0;
}

struct look {
	struct cordon_err *err; /* first: each_bucket() reads it */
	struct session_view *view;
};

static int look_bucket(struct session *session, const struct policy *policy, const struct bucket *bucket, void *ctx,
		       struct cordon_err *err)
{
	struct look *look = ctx;
	cleanup_free char *key = key_of(session, policy, bucket);
	double tokens = 0;
	int rc = key ? read_tokens(session, key, bucket, &tokens, err) : err_nomem(err);

	if (rc < 0 || tokens >= 1 || look->view->exhausted)
		return rc;
	look->view->exhausted = bucket->where;
	snprintf(session->rule, sizeof(session->rule), "%s %.80s", bucket->kind, bucket->name);
	look->view->exhausted_rule = session->rule;
	if (period_ms[bucket->rate->period])
		look->view->retry_ms = 1 + (uint64_t)((1 - tokens) * (double)period_ms[bucket->rate->period] /
						      (double)bucket->rate->max);
	return 0;
}

static int take_token(struct session *session, const struct policy *policy, const struct bucket *bucket, void *ctx,
		      struct cordon_err *err)
{
	cleanup_free char *key = key_of(session, policy, bucket);
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	double tokens = 0;
	int rc = key ? read_tokens(session, key, bucket, &tokens, err) : err_nomem(err);

	(void)ctx;
	if (rc == 0)
		rc = db_prepare(session->db, "INSERT OR REPLACE INTO buckets VALUES(?, ?, ?)", &stmt, err);
	if (rc < 0)
		return rc;
	if (sqlite3_bind_text(stmt, 1, key, -1, SQLITE_STATIC) != SQLITE_OK)
		return err_nomem(err);
	sqlite3_bind_double(stmt, 2, tokens - 1);
	sqlite3_bind_int64(stmt, 3, (sqlite3_int64)clock_real_ms());
	return db_step(stmt, err);
}

static int add_mark(struct session_view *view, size_t *count, const char *mark, struct cordon_err *err)
{
	char **marks = realloc(view->marks, (*count + 2) * sizeof(*marks));

	if (!marks)
		return err_nomem(err);
	view->marks = marks;
	marks[*count] = strdup(mark);
	marks[*count + 1] = NULL;
	return marks[(*count)++] ? 0 : err_nomem(err);
}

static int read_marks(struct session *session, struct session_view *view, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	size_t count = 0;
	int rc = db_prepare(session->db, "SELECT mark FROM marks WHERE session = ? ORDER BY mark", &stmt, err);

	if (rc < 0)
		return rc;
	if (sqlite3_bind_text(stmt, 1, session->id, -1, SQLITE_STATIC) != SQLITE_OK)
		return err_nomem(err);
	while ((rc = db_step(stmt, err)) == 1) {
		rc = add_mark(view, &count, (const char *)sqlite3_column_text(stmt, 0), err);
		if (rc < 0)
			return rc;
	}
	return rc;
}

static int set_marks(struct session *session, const struct tool *tool, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int rc = db_prepare(session->db, "INSERT OR IGNORE INTO marks VALUES(?, ?, ?)", &stmt, err);

	for (char *const *mark = tool->marks; rc == 0 && mark && *mark; mark++) {
		sqlite3_reset(stmt);
		if (sqlite3_bind_text(stmt, 1, session->id, -1, SQLITE_STATIC) != SQLITE_OK ||
		    sqlite3_bind_text(stmt, 2, *mark, -1, SQLITE_STATIC) != SQLITE_OK)
			return err_nomem(err);
		sqlite3_bind_int64(stmt, 3, (sqlite3_int64)clock_real_ms());
		rc = db_step(stmt, err);
	}
	return rc;
}

/* A call was made: the user's default session lives for another day. */
static int touch(struct session *session, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	int rc;

	if (!session->standing)
		return 0;
	rc = db_prepare(session->db, "UPDATE sessions SET last_ms = ? WHERE uid = ?", &stmt, err);
	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, (sqlite3_int64)clock_real_ms());
	sqlite3_bind_int64(stmt, 2, session->uid);
	return db_step(stmt, err);
}

/* ---- the user's default session ---- */

static int find_standing(struct session *session, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	const sqlite3_int64 now = (sqlite3_int64)clock_real_ms();
	int rc = db_prepare(session->db, "SELECT id FROM sessions WHERE uid = ? AND last_ms > ?", &stmt, err);

	if (rc < 0)
		return rc;
	sqlite3_bind_int64(stmt, 1, session->uid);
	sqlite3_bind_int64(stmt, 2, now - (sqlite3_int64)DAY_MS);
	rc = db_step(stmt, err);
	if (rc <= 0)
		return rc;
	session->id = strdup((const char *)sqlite3_column_text(stmt, 0));
	return session->id ? 1 : err_nomem(err);
}

static int make_standing(struct session *session, struct cordon_err *err)
{
	cleanup_stmt sqlite3_stmt *stmt = NULL;
	char id[IDENT_TEXT];
	int rc = ident_make(id, err);

	if (rc == 0)
		rc = db_prepare(session->db, "INSERT OR REPLACE INTO sessions VALUES(?, ?, ?)", &stmt, err);
	if (rc < 0)
		return rc;
	session->id = strdup(id);
	if (!session->id || sqlite3_bind_text(stmt, 2, session->id, -1, SQLITE_STATIC) != SQLITE_OK)
		return err_nomem(err);
	sqlite3_bind_int64(stmt, 1, session->uid);
	sqlite3_bind_int64(stmt, 3, (sqlite3_int64)clock_real_ms());
	return db_step(stmt, err);
}

static int finish(struct session *session, int rc, struct cordon_err *err)
{
	if (rc < 0) {
		if (db_exec(session->db, "ROLLBACK", NULL) < 0)
			return rc;
		return rc;
	}
	return db_exec(session->db, "COMMIT", err);
}

static int open_standing(struct session *session, struct cordon_err *err)
{
	int rc = find_standing(session, err);

	session->standing = true;
	if (rc)
		return rc < 0 ? rc : 0;
	rc = db_exec(session->db, "BEGIN IMMEDIATE", err);
	if (rc < 0)
		return rc;
	rc = find_standing(session, err); /* another process may have been quicker */
	if (rc == 0)
		rc = make_standing(session, err);
	return finish(session, rc < 0 ? rc : 0, err);
}

static int check_id(const char *id, struct cordon_err *err)
{
	size_t len = strlen(id);
	size_t sound = 0;

	while (id[sound] > ' ' && id[sound] <= '~')
		sound++;
	if (len && len <= ID_MAX && sound == len)
		return 0;
	return err_set(err, CORDON_EINVAL, 0,
		       "session '%.40s': 1 to %d printable ASCII characters without spaces are an id", id, ID_MAX);
}

int session_open(const struct policy *policy, const char *id, struct session **out, struct cordon_err *err)
{
	struct session *session;
	int rc = id ? check_id(id, err) : 0;

	if (rc < 0)
		return rc;
	session = calloc(1, sizeof(*session));
	if (!session)
		return err_nomem(err);
	session->uid = getuid();
	rc = state_open(policy->data, &session->db, err);
	if (rc == 0 && id) {
		session->id = strdup(id);
		rc = session->id ? 0 : err_nomem(err);
	} else if (rc == 0) {
		rc = open_standing(session, err);
	}
	if (rc < 0) {
		session_close(session);
		return rc;
	}
	*out = session;
	return 0;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	db_close(session->db);
	free(session->id);
	free(session);
}

const char *session_id(const struct session *session)
{
	return session->id;
}

int session_look(struct session *session, const struct policy *policy, const struct tool *tool,
		 struct session_view *view, struct cordon_err *err)
{
	struct session_view seen = { .marks = NULL };
	struct look look = { err, &seen };
	int rc = read_marks(session, &seen, err);

	if (rc == 0)
		rc = each_bucket(session, policy, tool, look_bucket, &look);
	if (rc < 0) {
		session_view_release(&seen);
		return rc;
	}
	*view = seen;
	return 0;
}

int session_commit(struct session *session, const struct policy *policy, const struct tool *tool,
		   struct session_view *view, struct cordon_err *err)
{
	struct session_view seen = { .marks = NULL };
	int rc = db_exec(session->db, "BEGIN IMMEDIATE", err);

	if (rc < 0)
		return rc;
	rc = session_look(session, policy, tool, &seen, err);
	if (rc == 0 && !seen.exhausted) {
		struct look look = { err, &seen };

		rc = each_bucket(session, policy, tool, take_token, &look);
		rc = rc < 0 ? rc : set_marks(session, tool, err);
		rc = rc < 0 ? rc : touch(session, err);
	}
	rc = finish(session, rc, err);
	if (rc < 0) {
		session_view_release(&seen);
		return rc;
	}
	*view = seen;
	return 0;
}

void session_view_release(struct session_view *view)
{
	for (char **mark = view->marks; mark && *mark; mark++)
		free(*mark);
	free(view->marks);
	*view = (struct session_view){ .marks = NULL };
}
