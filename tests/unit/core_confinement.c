// SPDX-License-Identifier: Apache-2.0
/* core_confinement.c - a jail's spec holds what the profile lists, the objects that were checked, and nothing else. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <string.h>

#include "sandbox/confinement.h"

static struct policy policy = { .workspace = (char[]){ "/work" }, .data = (char[]){ "/home/u/.local/share/cordon" } };
static struct profile profile = {
	.name = (char[]){ "p" },
	.read = (char *[]){ (char[]){ "/data" }, NULL },
	.write = (char *[]){ (char[]){ "/work" }, NULL },
	.env = (char *[]){ (char[]){ "LANG=C.UTF-8" }, (char[]){ "MINE=a=b" }, NULL },
	.pass_env = (char *[]){ (char[]){ "EDITOR" }, (char[]){ "ABSENT" }, NULL },
};

static struct confinement made(const struct facts *facts, const char *cwd)
{
	static const char *const environment[] = { "LANG=de",  "TERM=xterm",   "EDITOR=vi",
						   "SECRET=1", "LD_PRELOAD=x", NULL };
	struct supervisor supervisor = { .policy = &policy, .environment = environment };
	struct cordon_err err = { .code = 0 };
	struct confinement confinement;

	struct confinement_order order = { .supervisor = &supervisor, .profile = &profile, .facts = facts, .cwd = cwd };

	cr_assert_eq(confinement_make(&order, &confinement, &err), 0, "%s", err.text);
	return confinement;
}

static bool has(const struct confinement *confinement, const char *variable)
{
	for (size_t i = 0; confinement->spec.env[i]; i++)
		if (!strcmp(confinement->spec.env[i], variable))
			return true;
	return false;
}

Test(confinement, environment_is_made_from_nothing)
{
	struct confinement c = made(NULL, NULL);
	size_t count = 0;

	cr_expect(has(&c, "PATH=/usr/local/bin:/usr/bin:/bin"));
	cr_expect(has(&c, "HOME=/tmp"));
	cr_expect(has(&c, "TMPDIR=/tmp"));
	cr_expect(has(&c, "TERM=xterm"));
	cr_expect(has(&c, "EDITOR=vi"));
	cr_expect(has(&c, "LANG=C.UTF-8"), "the profile's word replaces the caller's");
	cr_expect(has(&c, "MINE=a=b"));
	while (c.spec.env[count])
		count++;
	cr_expect_eq(count, 7, "and nothing else");
	confinement_release(&c);
}

Test(confinement, data_folder_is_hidden)
{
	struct confinement c = made(NULL, NULL);

	cr_assert_eq(c.spec.hidden_count, 1);
	cr_assert_str_eq(c.spec.hidden[0], policy.data);
	confinement_release(&c);
}

Test(confinement, cwd_is_only_what_the_profile_shows)
{
	struct confinement c = made(NULL, "/work/deep");

	cr_expect_str_eq(c.spec.cwd, "/work/deep");
	confinement_release(&c);
	c = made(NULL, "/workshop");
	cr_expect_str_eq(c.spec.cwd, "/work", "a name that only begins alike is not beneath");
	confinement_release(&c);
}

Test(confinement, grants_by_the_widest_list_that_covers)
{
	cr_expect_eq(confinement_grant(&profile, "/work/a"), JAIL_WRITE);
	cr_expect_eq(confinement_grant(&profile, "/data"), JAIL_READ);
	cr_expect_eq(confinement_grant(&profile, "/data2"), JAIL_HIDE);
	cr_expect_eq(confinement_grant(&profile, "/usr/share/doc"), JAIL_READ);
	cr_expect_eq(confinement_grant(&profile, "/etc/shadow"), JAIL_HIDE);
}

Test(confinement, binds_the_object_that_was_checked_with_the_profiles_grant)
{
	int root = open("/", O_PATH | O_CLOEXEC);
	struct fact_path rows[] = {
		{ .pointer = (char[]){ "/a" }, .canonical = (char[]){ "/data/x" }, .fd = 100, .exists = true },
		{ .pointer = (char[]){ "/b" }, .canonical = (char[]){ "/secret" }, .fd = 101, .exists = true },
		{ .pointer = (char[]){ "/c" }, .canonical = (char[]){ "/work" }, .fd = 102, .exists = true },
		{ .pointer = (char[]){ "/d" }, .canonical = (char[]){ "/work/gone" }, .fd = -1 },
		{ .pointer = (char[]){ "/e" }, .canonical = (char[]){ "/new" }, .fd = root },
	};
	struct facts facts = { .paths = rows, .path_count = ARRAY_LEN(rows) };
	struct confinement c = made(&facts, NULL);

	cr_assert_eq(c.spec.path_count, 3,
		     "two of the profile, one fact inside them; what the profile hides stays out");
	cr_expect_eq(c.spec.paths[0].fd, -1);
	cr_expect_str_eq(c.spec.paths[1].path, "/work");
	cr_expect_eq(c.spec.paths[1].fd, 102, "an equal path gets the checked object");
	cr_expect_eq(c.spec.paths[1].grant, JAIL_WRITE);
	cr_expect_str_eq(c.spec.paths[2].path, "/data/x");
	cr_expect_eq(c.spec.paths[2].fd, 100);
	cr_expect_eq(c.spec.paths[2].grant, JAIL_READ);
	confinement_release(&c);
	close(root);
}
