/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_scratch.h - a folder of its own for each test, and the log writer where program_start() finds it.
 */
#ifndef AUDIT_SCRATCH_H
#define AUDIT_SCRATCH_H

#include <criterion/criterion.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "sandbox/audit/audit.h"
#include "sandbox/base/slice.h"

static char scratch[256]; /* the test's folder */
static char scratch_log[300]; /* a log's folder in it, not made yet */

/* Programs are looked for beside the running file, which here is a test. */
static UNUSED void scratch_link_writer(void)
{
	const char *build = getenv("CORDON_BUILD");
	char self[512];
	char target[600];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 32);
	char *slash;

	cr_assert_gt(len, 0);
	self[len] = '\0';
	slash = strrchr(self, '/');
	snprintf(slash + 1, 32, "cordon-log");
	cr_assert_not_null(build, "CORDON_BUILD is not set");
	snprintf(target, sizeof(target), "%s/cordon-log", build);
	cr_assert(symlink(target, self) == 0 || errno == EEXIST, "%s", self);
}

static UNUSED void scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/cordon-audit-XXXXXX", base ? base : "/tmp");
	cr_assert_not_null(mkdtemp(scratch));
	snprintf(scratch_log, sizeof(scratch_log), "%s/audit", scratch);
	scratch_link_writer();
}

/* Runs a command made of `format`; paths here have no blank. */
static UNUSED PRINTF_LIKE(1, 2) int scratch_shell(const char *format, ...)
{
	char command[1024];
	va_list list;
	int status = 0;
	pid_t pid;

	va_start(list, format);
	vsnprintf(command, sizeof(command), format, list);
	va_end(list);
	pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* Waits until no writer holds the log any more. */
static UNUSED void scratch_wait_idle(const char *folder)
{
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return;
	cr_assert_eq(flock(fd, LOCK_EX), 0);
	close(fd);
}

static UNUSED void scratch_drop(void)
{
	scratch_wait_idle(scratch_log);
	scratch_shell("chmod -R u+rwX %s 2>/dev/null; rm -rf %s", scratch, scratch);
}

static UNUSED uint64_t scratch_append(struct audit *audit, const char *record)
{
	uint64_t index = UINT64_MAX;
	struct cordon_err err = { 0 };

	cr_assert_eq(audit_append(audit, slice_of(record), &index, &err), 0, "%s", err.text);
	return index;
}

static UNUSED struct audit *scratch_open(const char *folder)
{
	struct cordon_err err = { 0 };
	struct audit *audit = NULL;

	cr_assert_eq(audit_open(folder, &audit, &err), 0, "%s", err.text);
	return audit;
}

static UNUSED struct audit_proof scratch_verify(const char *folder)
{
	struct audit_proof proof = { 0 };
	struct cordon_err err = { 0 };

	cr_assert_eq(audit_verify(folder, NULL, &proof, &err), 0, "%s", err.text);
	return proof;
}

#endif
