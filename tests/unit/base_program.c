// SPDX-License-Identifier: Apache-2.0
/*
 * base_program.c - what a program of ours is born with: a channel, no environment, no terminal, no descriptor and no
 * signal setting of the caller's. The program started here is this suite's own copy of a shell, beside the suite.
 */
#include "sandbox/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/file.h"
#include "tests/unit/base_scratch.h"

#define NAME "cordon-test-shell"

static char place[PATH_MAX];

/* Programs are looked for beside the running file. */
static void put_shell_beside(void)
{
	ssize_t len = readlink("/proc/self/exe", place, sizeof(place) - 64);

	scratch_make();
	cr_assert_gt(len, 0);
	place[len] = '\0';
	snprintf(strrchr(place, '/') + 1, 60, "%s-%d", NAME, getpid());
	cr_assert_eq(symlink("/bin/sh", place), 0);
}

static void take_shell_away(void)
{
	unlink(place);
	scratch_drop();
}

TestSuite(program, .init = put_shell_beside, .fini = take_shell_away, .timeout = 30);

static const char *name(void)
{
	return strrchr(place, '/') + 1;
}

static int start(const char *script, int extra, struct program *program, struct cordon_err *err)
{
	const char *args[] = { "-c", script, NULL };

	return program_start(name(), args, extra, program, err);
}

/* What script writes to its channel; its exit status must be 0. */
static void says(const char *script, int extra, struct buf *out)
{
	struct program program = { 0 };
	struct cordon_err err = { 0 };

	buf_init(out, 1 << 16);
	cr_assert_eq(start(script, extra, &program, &err), 0, "%s", err.text);
	cr_assert_eq(shutdown(program.channel, SHUT_WR), 0);
	cr_assert_eq(file_read_fd(program.channel, out, &err), 0, "%s", err.text);
	cr_expect_eq(program_end(&program), 0);
	cr_expect_eq(program.pid, 0);
	cr_expect_eq(program.channel, -1);
}

Test(program, talks_over_descriptor_3)
{
	struct program program = { 0 };
	char answer[8] = "";

	cr_assert_eq(start("read line <&3; echo \"got $line\" >&3", -1, &program, NULL), 0);
	cr_expect(fcntl(program.channel, F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(write(program.channel, "hi\n", 3), 3);
	cr_assert_eq(read(program.channel, answer, sizeof(answer) - 1), 7);
	cr_expect_str_eq(answer, "got hi\n");
	cr_expect_eq(program_end(&program), 0);
}

Test(program, has_no_environment)
{
	cleanup_buf struct buf out = { 0 };

	setenv("CORDON_SECRET", "1", 1);
	setenv("LD_PRELOAD", "/nonexistent.so", 1);
	says("tr '\\0' '\\n' </proc/$$/environ >&3", -1, &out);
	cr_expect_str_eq(buf_text(&out), "");
}

Test(program, has_no_descriptor_of_the_callers_and_no_terminal)
{
	cleanup_close int leak = open("/etc/passwd", O_RDONLY); /* as a careless caller holds one: inherited */
	cleanup_close int high = fcntl(leak, F_DUPFD, 500);
	cleanup_buf struct buf out = { 0 };

	cr_assert_geq(high, 500);
	says("(exec >&3; ls /proc/$$/fd; readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2); :", -1, &out);
	cr_expect_str_eq(buf_text(&out), "0\n1\n2\n3\n/dev/null\n/dev/null\n/dev/null\n");
}

Test(program, gets_one_more_descriptor_where_one_is_given)
{
	cleanup_buf struct buf out = { 0 };
	cleanup_close int extra = -1;

	put("given", SLICE("from the caller\n"));
	extra = open(at("given"), O_RDONLY | O_CLOEXEC);
	says("read line <&4; echo \"$line\" >&3", extra, &out);
	cr_expect_str_eq(buf_text(&out), "from the caller\n");
}

Test(program, works_where_the_callers_0_to_4_are_closed)
{
	cleanup_buf struct buf out = { 0 };
	int kept[5];

	for (int fd = 0; fd < 5; fd++) {
		kept[fd] = fcntl(fd, F_DUPFD_CLOEXEC, 100);
		close(fd);
	}
	says("echo here >&3", -1, &out);
	for (int fd = 0; fd < 5; fd++)
		if (kept[fd] >= 0) {
			dup2(kept[fd], fd);
			close(kept[fd]);
		}
	cr_expect_str_eq(buf_text(&out), "here\n");
}

Test(program, starts_with_no_signal_blocked_or_ignored)
{
	cleanup_buf struct buf out = { 0 };
	sigset_t all;

	signal(SIGPIPE, SIG_IGN);
	signal(SIGUSR1, SIG_IGN);
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	says("while read -r key value; do case $key in SigBlk:|SigIgn:) echo \"$key $value\";; esac; done "
	     "</proc/self/status >&3",
	     -1, &out);
	/* The C library ignores its own two signals, 32 and 33, while it starts a program. */
	cr_expect(!strcmp(buf_text(&out), "SigBlk: 0000000000000000\nSigIgn: 0000000000000000\n") ||
			  !strcmp(buf_text(&out), "SigBlk: 0000000000000000\nSigIgn: 0000000180000000\n"),
		  "%s", buf_text(&out));
}

Test(program, is_never_found_by_the_environment)
{
	struct program program = { 0 };
	struct cordon_err err = { 0 };

	setenv("PATH", "/bin:/usr/bin", 1);
	cr_assert_eq(chdir("/bin"), 0);
	cr_expect_eq(program_start("sh", NULL, -1, &program, &err), CORDON_EMISSING);
	cr_expect_not_null(strstr(err.text, "'sh' is neither beside the running file nor in '"));
	cr_expect_eq(program.pid, 0);
}

Test(program, refuses_more_arguments_than_it_holds)
{
	const char *args[PROGRAM_ARGS_MAX + 2] = { 0 };
	struct program program = { 0 };

	for (size_t i = 0; i <= PROGRAM_ARGS_MAX; i++)
		args[i] = "x";
	cr_expect_eq(program_start(name(), args, -1, &program, NULL), CORDON_ELIMIT);
}

Test(program, a_file_that_cannot_be_run_is_an_error)
{
	struct program program = { 0 };
	struct cordon_err err = { 0 };

	put("broken", SLICE("\x7f"
			    "ELF nonsense"));
	cr_assert_eq(chmod(at("broken"), 0700), 0);
	cr_assert_eq(unlink(place), 0);
	cr_assert_eq(symlink(at("broken"), place), 0);
	cr_expect_eq(program_start(name(), NULL, -1, &program, &err), CORDON_ESYS, "%s", err.text);
	cr_expect_eq(err.os_errno, ENOEXEC);
	cr_expect_eq(program.pid, 0);
}

Test(program, ends_when_its_channel_is_closed)
{
	struct program program = { 0 };

	cr_assert_eq(start("read line <&3; exit 7", -1, &program, NULL), 0);
	cr_expect_eq(program_end(&program), 7 << 8);
	cr_expect_eq(program_end(&program), 0, "a second end is none");
}

Test(program, one_that_does_not_end_is_killed)
{
	struct program program = { 0 };
	pid_t pid;

	cr_assert_eq(start("trap '' TERM HUP PIPE; while :; do sleep 1; done", -1, &program, NULL), 0);
	pid = program.pid;
	program_kill(&program);
	cr_expect_eq(kill(pid, 0), -1);
	cr_expect_eq(errno, ESRCH);
	program_kill(&program);
	program_end(&(struct program){ 0 });
	cr_expect_geq(fcntl(0, F_GETFD), 0, "a zeroed struct closed descriptor 0");
}

Test(program, two_at_once_do_not_hold_each_others_channel)
{
	struct program one = { 0 };
	struct program two = { 0 };
	char byte;

	cr_assert_eq(start("read line <&3", -1, &one, NULL), 0);
	cr_assert_eq(start("read line <&3", -1, &two, NULL), 0);
	cr_expect_eq(program_end(&one), 1 << 8, "it saw no end of its channel");
	cr_assert_eq(write(two.channel, "x\n", 2), 2);
	cr_expect_eq(read(two.channel, &byte, 1), 0);
	cr_expect_eq(program_end(&two), 0);
}
