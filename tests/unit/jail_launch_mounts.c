// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch_mounts.c - what the inside looks like: the workspace, checked objects, /proc, ids, the network.
 */
#include "tests/unit/jail_expect.h"

AS_BOTH(writes_into_the_workspace_and_leaves_it_to_its_owner)
{
	struct live *live = live_new(rung);
	char path[128];
	struct stat folder, made;

	cr_assert_eq(stat(live->folder, &folder), 0);
	live_start(live, SHELL("echo x >made && chmod 600 made && mkdir d && rmdir d && mv made made2"));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED, "step %s", launch_step_name(live->failure.step));
	cr_assert_eq(live->report.wait_status, 0, "%s", live->text);
	snprintf(path, sizeof(path), "%s/made2", live->folder);
	cr_assert_eq(stat(path, &made), 0);
	cr_assert_eq(made.st_uid, folder.st_uid);
	cr_assert_eq(made.st_gid, folder.st_gid);
	live_free(live);
}

AS_BOTH(writes_nowhere_else)
{
	expect_exit(rung,
		    SHELL("for d in / /usr /usr/bin /etc /var /root /home; do (echo x >$d/cordon-was-here) "
			  "2>/dev/null && exit 1; done; exit 0"),
		    0);
}

/* A folder beside the workspace with one file in it, opened. */
static int open_checked(const struct live *live, char *path, size_t room)
{
	char command[600];
	int fd;

	snprintf(path, room, "%s.checked", live->folder);
	cr_assert_eq(mkdir(path, 0755), 0);
	snprintf(command, sizeof(command), "%s/right", path);
	close(open(command, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	cr_assert_geq(fd, 0);
	return fd;
}

static void swap(const char *path)
{
	char aside[200], wrong[200];

	snprintf(aside, sizeof(aside), "%s.aside", path);
	cr_assert_eq(rename(path, aside), 0);
	cr_assert_eq(mkdir(path, 0755), 0);
	snprintf(wrong, sizeof(wrong), "%s/wrong", path);
	close(open(wrong, O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
}

static void remove_swapped(const char *path)
{
	static const char *const names[] = { "/right", "/wrong", "", ".aside/right", ".aside" };
	char name[250];

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		snprintf(name, sizeof(name), "%s%s", path, names[i]);
		if (unlink(name) < 0)
			rmdir(name);
	}
}

static struct live *run_with_object(enum launch_mount_kind kind, bool swapped)
{
	struct live *live = live_new(1);
	static char path[128];

	live->objects[0] = open_checked(live, path, sizeof(path));
	live->object_count = 1;
	live->mounts[live->plan.mount_count++] =
		(struct launch_mount){ .kind = kind, .source = path, .target = "/checked", .object = 0, .text = "" };
	live->rules[live->plan.rule_count++] = (struct launch_rule){ "/checked", 1U << LAUNCH_ACCESS_READ, -1 };
	if (swapped)
		swap(path);
	live_start(live, WORDS("ls", "/checked"));
	live_finish(live);
	close(live->objects[0]);
	remove_swapped(path);
	return live;
}

static void binds_the_object(void)
{
	for (enum launch_mount_kind kind = LAUNCH_MOUNT_READ; kind <= LAUNCH_MOUNT_WRITE; kind++) {
		struct live *live = run_with_object(kind, false);

		cr_assert_eq(live->ended, LAUNCH_EXITED, "step %s, errno %d", launch_step_name(live->failure.step),
			     live->failure.os_errno);
		cr_assert_str_eq(live->text, "right\n");
		live_free(live);
		live = run_with_object(kind, true);
		cr_assert_eq(strstr(live->text, "wrong"), NULL, "what was swapped in is shown");
		live_free(live);
	}
}

Test(launcher, binds_the_object_that_was_checked)
{
	binds_the_object();
}

Test(launcher, binds_the_object_that_was_checked_as_an_ordinary_user)
{
	live_user();
	binds_the_object();
}

static void sees_only_its_own_processes(void)
{
	expect_text(1, SHELL("cd /proc; for p in [0-9]*; do [ $p -gt 3 ] && echo $p; done; true"), "");
}

Test(launcher, shows_no_process_of_the_host)
{
	sees_only_its_own_processes();
}

Test(launcher, shows_the_inside_id)
{
	expect_text(1, SHELL("id -u; id -g"), "1000\n1000\n");
}

Test(launcher, hides_what_proc_says_of_the_machine)
{
	expect_text(1,
		    SHELL("ls -A /proc/sys; cat /proc/kcore 2>/dev/null; (echo b >/proc/sysrq-trigger) 2>/dev/null; "
			  "(echo 1 >/proc/self/oom_score_adj) 2>/dev/null; true"),
		    "");
}

Test(launcher, has_an_empty_network)
{
	expect_text(1, SHELL("grep -v -e Inter -e face /proc/self/net/dev | grep -v ' lo:'; true"), "");
}

Test(launcher, init_cannot_be_looked_into)
{
	expect_exit(1,
		    SHELL("cat /proc/1/environ 2>/dev/null && exit 1; ls /proc/1/fd >/dev/null 2>&1 && exit 2; "
			  "cat /proc/1/maps 2>/dev/null && exit 3; exit 0"),
		    0);
}

Test(launcher, names_the_step_and_the_path_that_failed)
{
	struct live *live = live_new(1);

	live->mounts[0].source = "/no/such/folder";
	live_start(live, WORDS("/usr/bin/true"));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_FAILED);
	cr_assert_str_eq(live->failure.subject, "/no/such/folder");
	cr_assert_eq(live->failure.os_errno, ENOENT);
	cr_assert(strstr(launch_step_name(live->failure.step), "binds"));
	live_free(live);
}
