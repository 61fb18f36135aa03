// SPDX-License-Identifier: Apache-2.0
/*
 * policy_session.c - tokens and marks: what is counted, what is shared, what never comes back; and that processes at once
 * never take one token too many.
 */
#include "tests/unit/base_scratch.h"

#include <fcntl.h>
#include <sys/wait.h>

#include "sandbox/policy/policy.h"
#include "sandbox/policy/state.h"

static char where[] = "c.yaml:9";
static char grep[] = "grep";
static char get[] = "get";
static char other[] = "other";
static char all[] = "*";
static char some[] = "g*";
static char reads_private[] = "reads-private";
static char *no_marks[] = { NULL };
static char *private_marks[] = { reads_private, NULL };

static struct policy policy;
static struct limit limits[3];
static struct tool tool;
static struct cordon_err err;

static void begin(void)
{
	static char data[PATH_MAX + 8];

	scratch_make();
	snprintf(data, sizeof(data), "%s/data", scratch);
	policy = (struct policy){ .data = data, .limits = limits };
	tool = (struct tool){ .name = grep, .where = where, .marks = no_marks };
}

static void limit_to(char *tools, uint64_t max, enum rate_period period)
{
	limits[policy.limit_count++] = (struct limit){ where, tools, { max, period } };
}

static struct session *opened(const char *id)
{
	struct session *session = NULL;

	cr_assert_eq(session_open(&policy, id, &session, &err), 0, "%s", err.text);
	return session;
}

/* One allowed call. True where all its tokens were there. */
static bool call(struct session *session)
{
	struct session_view view = { .marks = NULL };
	bool taken;

	cr_assert_eq(session_commit(session, &policy, &tool, &view, &err), 0, "%s", err.text);
	taken = !view.exhausted;
	session_view_release(&view);
	return taken;
}

static unsigned int calls(const char *id, unsigned int tries)
{
	struct session *session = opened(id);
	unsigned int taken = 0;

	while (tries--)
		taken += call(session);
	session_close(session);
	return taken;
}

/* Moves what was written `ms` into the past. */
static void age(int64_t ms)
{
	cleanup_state sqlite3 *db = NULL;
	char sql[200];

	cr_assert_eq(state_open(policy.data, &db, &err), 0, "%s", err.text);
	snprintf(sql, sizeof(sql),
		 "UPDATE buckets SET at_ms = at_ms - (%lld); UPDATE sessions SET last_ms = last_ms - (%lld)",
		 (long long)ms, (long long)ms);
	cr_assert_eq(db_exec(db, sql, &err), 0, "%s", err.text);
}

TestSuite(session, .init = begin, .fini = scratch_drop);

Test(session, starts_a_bucket_full_and_ends_it_at_its_number)
{
	tool.rate = (struct rate){ 3, RATE_HOUR };
	cr_expect_eq(calls("a", 10), 3);
	cr_expect_eq(calls("b", 10), 0, "a tool's rate is shared by all sessions");
}

Test(session, fills_a_bucket_evenly_and_never_over_its_number)
{
	tool.rate = (struct rate){ 60, RATE_HOUR };
	cr_assert_eq(calls("a", 70), 60);
	age(5 * 60000 + 30000);
	cr_expect_eq(calls("a", 70), 5, "one a minute");
	age(30 * 24 * 3600000ll);
	cr_expect_eq(calls("a", 70), 60, "a month of rest is no more than full");
}

Test(session, fills_and_takes_nothing_when_the_clock_is_set_back)
{
	tool.rate = (struct rate){ 2, RATE_HOUR };
	cr_assert_eq(calls("a", 1), 1);
	age(-7200000); /* written in the future */
	cr_expect_eq(calls("a", 5), 1);
}

Test(session, counts_a_session_rate_in_each_session_and_never_fills_it)
{
	tool.rate = (struct rate){ 2, RATE_SESSION };
	cr_expect_eq(calls("a", 5), 2);
	cr_expect_eq(calls("b", 5), 2);
	age(400 * 24 * 3600000ll);
	cr_expect_eq(calls("a", 5), 0);
}

Test(session, takes_a_pattern_as_one_bucket_for_all_that_it_matches)
{
	limit_to(some, 3, RATE_DAY);
	cr_expect_eq(calls("a", 2), 2);
	tool.name = get;
	cr_expect_eq(calls("a", 5), 1);
	tool.name = other;
	cr_expect_eq(calls("a", 5), 5);
}

Test(session, takes_nothing_of_the_others_when_one_bucket_is_empty)
{
	limit_to(all, 5, RATE_DAY);
	tool.rate = (struct rate){ 1, RATE_DAY };
	tool.marks = private_marks;
	cr_expect_eq(calls("a", 4), 1);
	tool = (struct tool){ .name = other, .where = where, .marks = no_marks };
	cr_expect_eq(calls("a", 9), 4, "the three refused calls did not count");
}

Test(session, keeps_two_limits_on_one_pattern_apart)
{
	limit_to(all, 10, RATE_HOUR);
	limit_to(all, 4, RATE_HOUR);
	limit_to(all, 4, RATE_HOUR); /* written twice, it is one */
	cr_expect_eq(calls("a", 20), 4);
	age(3600000 / 4);
	cr_expect_eq(calls("a", 20), 1, "the stricter one fills at its own pace");
}

Test(session, names_the_empty_bucket_and_when_it_has_a_token)
{
	struct session *session = opened("a");
	struct session_view view = { .marks = NULL };

	tool.rate = (struct rate){ 1, RATE_MINUTE };
	cr_assert_eq(session_look(session, &policy, &tool, &view, &err), 0);
	cr_expect_null(view.exhausted);
	session_view_release(&view);
	cr_assert(call(session));
	cr_assert_eq(session_look(session, &policy, &tool, &view, &err), 0);
	cr_expect_str_eq(view.exhausted, "c.yaml:9");
	cr_expect_str_eq(view.exhausted_rule, "rate grep");
	cr_expect(view.retry_ms > 50000 && view.retry_ms <= 60001, "%llu", (unsigned long long)view.retry_ms);
	session_view_release(&view);
	tool.rate = (struct rate){ 0 };
	limit_to(all, 1, RATE_SESSION);
	cr_assert(call(session));
	cr_assert_eq(session_look(session, &policy, &tool, &view, &err), 0);
	cr_expect_str_eq(view.exhausted_rule, "limit *");
	cr_expect_eq(view.retry_ms, 0, "never");
	session_view_release(&view);
	session_close(session);
}

Test(session, counts_and_marks_nothing_by_looking)
{
	struct session *session = opened("a");

	tool.rate = (struct rate){ 2, RATE_DAY };
	tool.marks = private_marks;
	for (int i = 0; i < 5; i++) {
		struct session_view view = { .marks = NULL };

		cr_assert_eq(session_look(session, &policy, &tool, &view, &err), 0);
		cr_expect_null(view.exhausted);
		cr_expect(!view.marks || !view.marks[0]);
		session_view_release(&view);
	}
	session_close(session);
	cr_expect_eq(calls("a", 5), 2);
}

/* The session's marks, counted, as another handle sees them. */
static size_t marks_of(const char *id)
{
	struct session *session = opened(id);
	struct session_view view = { .marks = NULL };
	size_t count = 0;

	cr_assert_eq(session_look(session, &policy, &tool, &view, &err), 0);
	while (view.marks && view.marks[count])
		count++;
	session_view_release(&view);
	session_close(session);
	return count;
}

Test(session, marks_once_and_for_good)
{
	char *two[] = { reads_private, (char[]){ "reads-untrusted" }, NULL };

	tool.marks = private_marks;
	cr_assert_eq(calls("a", 3), 3);
	cr_expect_eq(marks_of("a"), 1);
	tool.marks = two;
	cr_assert_eq(calls("a", 1), 1);
	cr_expect_eq(marks_of("a"), 2);
	tool.marks = no_marks;
	cr_assert_eq(calls("a", 1), 1);
	cr_expect_eq(marks_of("a"), 2);
	cr_expect_eq(marks_of("b"), 0);
	cr_expect_eq(marks_of("A"), 0);
}

Test(session, sets_no_mark_for_a_call_that_found_no_token)
{
	tool.rate = (struct rate){ 1, RATE_DAY };
	cr_assert_eq(calls("a", 1), 1);
	tool.marks = private_marks;
	cr_assert_eq(calls("a", 1), 0);
	cr_expect_eq(marks_of("a"), 0);
}

Test(session, gives_a_user_one_session_until_a_day_without_calls)
{
	struct session *first = opened(NULL);
	char *id = strdup(session_id(first));
	struct session *next;

	tool.marks = private_marks;
	cr_assert(call(first));
	session_close(first);
	age(23 * 3600000ll);
	next = opened(NULL);
	cr_expect_str_eq(session_id(next), id);
	cr_assert(call(next));
	session_close(next);
	age(23 * 3600000ll);
	next = opened(NULL);
	cr_expect_str_eq(session_id(next), id, "the call made it last");
	session_close(next);
	age(2 * 3600000ll);
	next = opened(NULL);
	cr_expect_str_neq(session_id(next), id);
	cr_expect_eq(marks_of(session_id(next)), 0);
	session_close(next);
	free(id);
}

Test(session, refuses_ids_that_could_be_read_as_something_else)
{
	char long_id[130];
	const char *const ids[] = { "", "a b", "a\n", "\x1b[2J", "\xc3\xa4", long_id };
	struct session *session = NULL;

	memset(long_id, 'a', sizeof(long_id) - 1);
	long_id[sizeof(long_id) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_LEN(ids); i++)
		cr_expect_eq(session_open(&policy, ids[i], &session, &err), CORDON_EINVAL, "case %zu", i);
	cr_expect_null(session);
	cr_expect_eq(marks_of("a'OR'1'='1"), 0, "an id is never a part of a statement");
}

#define CHILDREN 4
#define TRIES 25

Test(session, never_gives_processes_at_once_a_token_too_many, .timeout = 60)
{
	unsigned int taken = 0;
	pid_t pids[CHILDREN];

	tool.rate = (struct rate){ 20, RATE_DAY };
	limit_to(all, 30, RATE_SESSION);
	session_close(opened("a"));
	for (size_t i = 0; i < CHILDREN; i++) {
		pids[i] = fork();
		cr_assert_geq(pids[i], 0);
		if (pids[i] == 0) {
			struct session *session = NULL;
			int got = 0;

			if (session_open(&policy, "a", &session, NULL) < 0)
				_exit(255);
			for (int n = 0; n < TRIES; n++) {
				struct session_view view = { .marks = NULL };

				if (session_commit(session, &policy, &tool, &view, NULL) < 0)
					_exit(254);
				got += !view.exhausted;
				session_view_release(&view);
			}
			_exit(got);
		}
	}
	for (size_t i = 0; i < CHILDREN; i++) {
		int status = 0;

		cr_assert_eq(waitpid(pids[i], &status, 0), pids[i]);
		cr_assert(WIFEXITED(status) && WEXITSTATUS(status) <= TRIES, "status %x", status);
		taken += (unsigned int)WEXITSTATUS(status);
	}
	cr_expect_eq(taken, 20);
	tool.rate = (struct rate){ 0 };
	cr_expect_eq(calls("a", 20), 10, "and the refused ones took nothing of the session's");
}

Test(session, gives_processes_at_once_the_same_default_session, .timeout = 60)
{
	int ends[2];
	char ids[CHILDREN][64] = { { 0 } };

	session_close(opened("a"));
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	for (size_t i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		cr_assert_geq(pid, 0);
		if (pid == 0) {
			struct session *session = NULL;
			char text[64] = { 0 };

			if (session_open(&policy, NULL, &session, NULL) < 0)
				_exit(1);
			snprintf(text, sizeof(text), "%s", session_id(session));
			_exit(write(ends[1], text, sizeof(text)) != sizeof(text));
		}
	}
	for (size_t i = 0; i < CHILDREN; i++) {
		int status = 0;

		cr_assert_gt(wait(&status), 0);
		cr_assert_eq(status, 0);
		cr_assert_eq(read(ends[0], ids[i], sizeof(ids[i])), sizeof(ids[i]));
		cr_expect_str_eq(ids[i], ids[0]);
	}
	close(ends[0]);
	close(ends[1]);
}
