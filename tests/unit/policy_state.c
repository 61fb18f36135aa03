// SPDX-License-Identifier: Apache-2.0
/*
 * policy_state.c - approvals are of bytes and of a user, survive the process, and lie in a folder that nobody else reads; a
 * file that is not ours is never written over.
 */
#include "tests/unit/base_scratch.h"

#include <fcntl.h>

#include "sandbox/base/file.h"
#include "sandbox/policy/state.h"

static const char ours[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
static const char other[] = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeefe";

TestSuite(state, .init = scratch_make, .fini = scratch_drop);

Test(state, trusts_the_approved_digest_and_no_other)
{
	struct cordon_err err = { .code = 0 };

	cr_expect_eq(state_trusted(at("data"), ours, &err), 0, "%s", err.text);
	cr_assert_eq(state_trust(at("data"), ours, &err), 0, "%s", err.text);
	cr_expect_eq(state_trusted(at("data"), ours, &err), 1, "%s", err.text);
	cr_expect_eq(state_trusted(at("data"), other, &err), 0, "%s", err.text);
	cr_expect_eq(state_trusted(at("data"), "", &err), 0);
	cr_assert_eq(state_trust(at("data"), ours, &err), 0, "approving again is no error: %s", err.text);
	cr_expect_eq(state_trusted(at("elsewhere"), ours, &err), 0, "another data folder");
}

Test(state, takes_a_digest_as_text_and_not_as_sql)
{
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(state_trust(at("data"), ours, &err), 0, "%s", err.text);
	cr_expect_eq(state_trusted(at("data"), "' OR '1'='1", &err), 0);
	cr_expect_eq(state_trusted(at("data"), "%", &err), 0);
}

Test(state, keeps_approvals_of_one_user_from_another)
{
	struct cordon_err err = { .code = 0 };
	cleanup_state sqlite3 *db = NULL;

	cr_assert_eq(state_trust(at("data"), ours, &err), 0, "%s", err.text);
	cr_assert_eq(state_open(at("data"), &db, &err), 0, "%s", err.text);
	cr_assert_eq(db_exec(db, "UPDATE trust SET uid = uid + 1", &err), 0);
	cr_expect_eq(state_trusted(at("data"), ours, &err), 0);
}

Test(state, makes_a_folder_that_nobody_else_may_enter)
{
	struct cordon_err err = { .code = 0 };
	struct stat status;

	umask(0);
	cr_assert_eq(state_trust(at("deep/er/data"), ours, &err), 0, "%s", err.text);
	cr_assert_eq(stat(at("deep/er/data"), &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0700);
	cr_assert_eq(stat(at("deep/er/data/state.db"), &status), 0);
	cr_expect_eq(status.st_mode & 0022, 0, "mode %o", status.st_mode);
}

Test(state, leaves_a_file_alone_that_is_not_its_own)
{
	static const char text[] = "dear diary, this is no database at all, and nobody should write over it";
	cleanup_buf struct buf after = { .limit = 1000 };
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(mkdir(at("data"), 0700), 0);
	put("data/state.db", SLICE(text));
	cr_expect_lt(state_trusted(at("data"), ours, &err), 0);
	cr_expect(strstr(err.text, "state.db"), "%s", err.text);
	cr_expect_lt(state_trust(at("data"), ours, &err), 0);
	cr_assert_eq(file_read(AT_FDCWD, at("data/state.db"), &after, &err), 0, "%s", err.text);
	cr_expect_str_eq(buf_text(&after), text);
}

Test(state, refuses_a_data_folder_that_is_a_file)
{
	struct cordon_err err = { .code = 0 };

	put("data", SLICE("x"));
	cr_expect_lt(state_trusted(at("data"), ours, &err), 0);
	cr_expect(strstr(err.text, "data"), "%s", err.text);
}
