/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail_call.h - a whole call through jail_run(), with a workspace of its own, as root or as an ordinary user.
 *
 * A test runs in its own process, so one that wants to be an ordinary user becomes one. Each test that must hold for both
 * is written once and run under both names: CALL_TEST().
 */
#ifndef TESTS_JAIL_CALL_H
#define TESTS_JAIL_CALL_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"
#include "sandbox/jail/jail.h"

#define CALL_NOBODY 65534U
#define CALL_PATHS_MAX 8

struct call_under_test {
	char folder[64]; /* the workspace, writable */
	struct jail_path paths[CALL_PATHS_MAX];
	const char *argv[8];
	const char *hidden[1], *readonly[1];
	struct jail_spec spec;
	struct jail_sink sink;
	struct jail_machine machine;
	const struct jail_machine *use; /* NULL: assumed */
	struct jail_outcome outcome;
	struct cordon_err err;
};

static struct call_under_test call;

static const char *const call_env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "HOME=/tmp", "TMPDIR=/tmp", NULL };

/* Programs are looked for beside the running file, which here is a test. */
static UNUSED void call_link_launcher(void)
{
	const char *build = getenv("CORDON_BUILD");
	char self[512];
	char target[600];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 32);
	char *slash;

	cr_assert_gt(len, 0);
	self[len] = '\0';
	slash = strrchr(self, '/');
	snprintf(slash + 1, 32, "cordon-launch");
	cr_assert_not_null(build, "CORDON_BUILD is not set");
	snprintf(target, sizeof(target), "%s/cordon-launch", build);
	cr_assert(symlink(target, self) == 0 || errno == EEXIST, "%s", self);
}

static UNUSED void call_make(void)
{
	call_link_launcher();
	snprintf(call.folder, sizeof(call.folder), "/tmp/cordon-call-XXXXXX");
	cr_assert_not_null(mkdtemp(call.folder));
	call.paths[0] = (struct jail_path){ call.folder, JAIL_WRITE, -1 };
	call.spec = (struct jail_spec){
		.argv = call.argv,
		.env = call_env,
		.cwd = call.folder,
		.paths = call.paths,
		.path_count = 1,
		.limits = { 8000, 4000, 256u << 20, 64, 1u << 20, 64u << 20, 8192 },
	};
	call.sink = (struct jail_sink){ .stdin_fd = -1, .cancel_fd = -1 };
}

/* The rest of the test runs as an ordinary user, who owns the workspace. */
static UNUSED void call_as_user(void)
{
	if (geteuid() != 0)
		return;
	cr_assert_eq(chown(call.folder, CALL_NOBODY, CALL_NOBODY), 0);
	cr_assert_eq(setgroups(0, NULL), 0);
	cr_assert_eq(setgid(CALL_NOBODY), 0);
	cr_assert_eq(setuid(CALL_NOBODY), 0);
}

static UNUSED void call_shell_outside(const char *format, ...)
{
	char command[1024];
	va_list list;
	pid_t pid;

	va_start(list, format);
	vsnprintf(command, sizeof(command), format, list);
	va_end(list);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, NULL, 0);
}

static UNUSED void call_drop(void)
{
	jail_outcome_release(&call.outcome);
	call_shell_outside("chmod -R u+rwX %s 2>/dev/null; rm -rf %s", call.folder, call.folder);
}

/* Runs argv as it stands; the result of jail_run(). */
static UNUSED int call_run(void)
{
	jail_outcome_release(&call.outcome);
	return jail_run(&call.spec, call.use, &call.sink, &call.outcome, &call.err);
}

/* Runs `sh -c script`, which must at least start. */
static UNUSED const struct jail_outcome *call_sh(const char *script)
{
	call.argv[0] = "sh";
	call.argv[1] = "-c";
	call.argv[2] = script;
	call.argv[3] = NULL;
	cr_assert_eq(call_run(), 0, "%s", call.err.text);
	cr_assert(call.outcome.started, "errno %d", call.outcome.exec_errno);
	return &call.outcome;
}

/* From here on /proc cannot be mounted. */
static UNUSED void call_on_rung2(void)
{
	cr_assert_eq(jail_probe(&call.machine, &call.err), 0, "%s", call.err.text);
	if (!call.machine.mounts)
		cr_skip_test("namespaces cannot be made here");
	call.machine.proc = false;
	call.use = &call.machine;
}

/* From here on there are no namespaces, and the profile does without. */
static UNUSED void call_on_rung3(void)
{
	cr_assert_eq(jail_probe(&call.machine, &call.err), 0, "%s", call.err.text);
	call.machine.userns = call.machine.mounts = call.machine.proc = false;
	call.use = &call.machine;
	call.spec.allow_missing = 1U << JAIL_PROMISE_NAMESPACES;
}

#define cr_expect_reason(outcome, wanted)                                                                              \
	cr_expect_eq((outcome)->reason, wanted, "reason %s, signal %d, exit %d, stderr: %s",                           \
		     jail_reason_name((outcome)->reason), (outcome)->signal, (outcome)->exit,                          \
		     buf_text(&(outcome)->err))

/* Processes whose command line holds `mark`. */
static UNUSED int call_count_processes(const char *mark)
{
	cleanup_dir DIR *proc = opendir("/proc");
	struct dirent *entry;
	int count = 0;

	while (proc && (entry = readdir(proc))) {
		char path[300], text[512];
		ssize_t len;
		int fd;

		snprintf(path, sizeof(path), "/proc/%s/cmdline", entry->d_name);
		fd = entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? open(path, O_RDONLY | O_CLOEXEC) : -1;
		if (fd < 0)
			continue;
		len = read(fd, text, sizeof(text));
		close(fd);
		count += len > 0 && memmem(text, (size_t)len, mark, strlen(mark));
	}
	return count;
}

/* One body, run as whoever runs the suite (root in CI), as an ordinary user, and on rung 3. */
#define CALL_TEST(name)                                                                                                \
	static void body_##name(void);                                                                                 \
	Test(jail_run, name)                                                                                           \
	{                                                                                                              \
		body_##name();                                                                                         \
	}                                                                                                              \
	Test(jail_run, name##_as_user)                                                                                 \
	{                                                                                                              \
		call_as_user();                                                                                        \
		body_##name();                                                                                         \
	}                                                                                                              \
	static void body_##name(void)

#endif
