// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch_main.c - the life and death of a call: statuses, signals, kills and what is left after them.
 */
#include <sys/syscall.h>

#include "tests/unit/jail_expect.h"

AS_BOTH(tells_the_exit_status)
{
	expect_exit(rung, WORDS("/usr/bin/true"), 0);
	expect_exit(rung, SHELL("exit 7"), 7);
}

AS_BOTH(tells_a_signal_that_the_tool_sent_itself)
{
	expect_signal(rung, SHELL("kill -TERM $$"), SIGTERM);
	expect_signal(rung, SHELL("kill -KILL $$"), SIGKILL);
}

AS_BOTH(tells_an_abort)
{
	expect_signal(rung, WORDS("perl", "-e", "use POSIX; POSIX::abort()"), SIGABRT);
}

AS_BOTH(passes_output_through)
{
	expect_text(rung, SHELL("echo out; echo err >&2"), "out\nerr\n");
}

AS_BOTH(executes_nothing_before_it_is_told_to)
{
	struct live *live = live_new(rung);
	struct pollfd output = { .events = POLLIN };

	live->without_word = true;
	live_start(live, SHELL("echo executed"));
	live_until_started(live);
	output.fd = live->output;
	cr_expect_eq(poll(&output, 1, 300), 0, "something was executed");
	live_send(live, LAUNCH_GO, 0);
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_expect_str_eq(live->text, "executed\n");
	live_free(live);
}

AS_BOTH(executes_nothing_for_a_supervisor_that_ended_before_its_word)
{
	struct live *live = live_new(rung);

	live->without_word = true;
	live_start(live, SHELL("echo executed"));
	live_until_started(live);
	close(live->channel);
	cr_assert_eq(waitpid(live->launcher, NULL, 0), live->launcher);
	cr_expect_eq(read(live->output, live->text, sizeof(live->text)), 0, "something was executed");
	close(live->output);
	live_free(live);
}

AS_BOTH(takes_no_signal_for_the_word)
{
	struct live *live = live_new(rung);

	live->without_word = true;
	live_start(live, SHELL("echo executed"));
	live_until_started(live);
	live_send(live, LAUNCH_SIGNAL, 255); /* what the word is inside */
	live_send(live, LAUNCH_SIGNAL, SIGTERM);
	live_finish(live);
	cr_expect_str_eq(live->text, "");
	live_free(live);
}

AS_BOTH(says_exactly_why_a_program_cannot_be_run)
{
	struct live *live = live_new(rung);
	char path[128], wanted[160];
	FILE *file;

	expect_exec_errno(rung, WORDS("no-such-program"), ENOENT);
	expect_exec_errno(rung, WORDS("/no/such/program"), ENOENT);
	expect_exec_errno(rung, WORDS("/usr"), EACCES);
	expect_exec_errno(rung, WORDS("/usr/bin/true/x"), ENOTDIR);
	live_free(live);
	live = live_new(rung);
	snprintf(path, sizeof(path), "%s/garbage", live->folder);
	file = fopen(path, "we");
	cr_assert(file);
	fputs("neither ELF nor script\n", file);
	fclose(file);
	chmod(path, 0755);
	snprintf(wanted, sizeof(wanted), "%s", path);
	live_start(live, WORDS(wanted));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_eq(live->report.exec_errno, ENOEXEC, "errno %d", live->report.exec_errno);
	live_free(live);
}

AS_BOTH(inherits_no_descriptor)
{
	expect_text(rung,
		    WORDS("perl", "-MFcntl", "-e",
			  "for (3..63) { open(my $f, '<&=', $_) and fcntl($f, F_GETFD, 0) and print \"$_ \" }"),
		    "");
}

AS_BOTH(ends_what_the_tool_left_running)
{
	struct live *live = live_run(rung, SHELL("(setsid sleep 4242.${MARK}1 >/dev/null 2>&1 &) ; sleep 0.1; exit 3"));

	cr_assert_eq(WEXITSTATUS(live->report.wait_status), 3);
	cr_assert_not(live_sleeps());
	live_free(live);
}

AS_BOTH(reaps_orphans)
{
	expect_exit(rung,
		    SHELL("for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 "
			  "30 31 32 33 34 35 36 37 38 39 40; do (true &); done; sleep 0.2; (true) || exit 1"),
		    0);
}

AS_BOTH(counts_what_the_filter_refused)
{
	struct live *live = live_run(
		rung,
		WORDS("perl", "-MSocket", "-e",
		      "socket(my $s, AF_INET, SOCK_STREAM, 0) and exit 1; socket($s, AF_INET6, SOCK_DGRAM, 0) and "
		      "exit 2; exit($!{EACCES} ? 0 : 3)"));
	const struct launch_denial *denied = live_denied(live, SYS_socket);

	cr_assert_eq(live->report.wait_status, 0, "status %x: %s", live->report.wait_status, live->text);
	cr_assert(denied);
	cr_assert_eq(denied->count, 2);
	cr_assert_eq(denied->args[0], AF_INET);
	live_free(live);
}

AS_BOTH(forwards_a_signal_to_the_tools_group)
{
	struct live *live = live_new(rung);
	char byte;

	live_start(live, SHELL("trap 'echo got; exit 5' TERM; echo r; while :; do sleep 0.05; done"));
	live_until_started(live);
	cr_assert_eq(read(live->output, &byte, 1), 1); /* the trap is set */
	live_send(live, LAUNCH_SIGNAL, SIGTERM);
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert(strstr(live->text, "got"), "printed %s", live->text);
	cr_assert_eq(WEXITSTATUS(live->report.wait_status), 5, "status %x", live->report.wait_status);
	live_free(live);
}

AS_BOTH(kills_the_whole_tree_when_told_to)
{
	struct live *live = live_new(rung);
	char byte;

	live_start(live, SHELL("trap '' TERM INT HUP; (setsid sleep 4242.${MARK}2 &); echo r; sleep 4242.${MARK}3"));
	live_until_started(live);
	cr_assert_eq(read(live->output, &byte, 1), 1);
	live_send(live, LAUNCH_KILL, 0);
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_not(live_sleeps());
	live_free(live);
}

AS_BOTH(ends_the_tree_when_the_channel_closes)
{
	struct live *live = live_new(rung);
	char byte;

	live_start(live, SHELL("(setsid sleep 4242.${MARK}4 &); echo r; sleep 4242.${MARK}5"));
	live_until_started(live);
	cr_assert_eq(read(live->output, &byte, 1), 1);
	close(live->channel);
	cr_assert_eq(waitpid(live->launcher, NULL, 0), live->launcher);
	cr_assert(live_sleeps_end());
	live_free(live);
}

AS_BOTH(a_killed_launcher_leaves_nothing)
{
	struct live *live = live_new(rung);
	char byte;

	live_start(live, SHELL("(setsid sleep 4242.${MARK}6 &); echo r; sleep 4242.${MARK}7"));
	live_until_started(live);
	cr_assert_eq(read(live->output, &byte, 1), 1);
	kill(live->launcher, SIGKILL);
	cr_assert_eq(waitpid(live->launcher, NULL, 0), live->launcher);
	cr_assert(live_sleeps_end());
	live_free(live);
}

AS_BOTH(has_no_capability_and_no_way_back)
{
	const gid_t group = 4242;
	struct live *live;

	if (geteuid() == 0)
		cr_assert_eq(setgroups(1, &group), 0); /* root's groups must not come along */
	live = live_run(rung, SHELL("grep -E '^(Cap|NoNewPrivs|Seccomp:|Groups)' /proc/self/status"));
	if (rung == 3 && !*live->text) { /* rung 3 shows no /proc */
		live_free(live);
		return;
	}
	cr_assert(strstr(live->text, "CapInh:\t0000000000000000"), "%s", live->text);
	cr_assert(strstr(live->text, "CapPrm:\t0000000000000000"), "%s", live->text);
	cr_assert(strstr(live->text, "CapEff:\t0000000000000000"), "%s", live->text);
	cr_assert(strstr(live->text, "CapAmb:\t0000000000000000"), "%s", live->text);
	cr_assert(strstr(live->text, "NoNewPrivs:\t1"), "%s", live->text);
	cr_assert(strstr(live->text, "Seccomp:\t2"), "%s", live->text);
	cr_assert(strstr(live->text, "Groups:\t \n"), "groups of the caller are left: %s", live->text);
	if (rung == 1)
		cr_assert(strstr(live->text, "CapBnd:\t0000000000000000"), "%s", live->text);
	live_free(live);
}

AS_BOTH(accounts_the_whole_tree)
{
	struct live *live = live_run(
		rung, SHELL("perl -e 'my $x=\"y\" x 30000000; my $n=0; while ((times)[0] < 0.2) { $n++ }'; true"));

	cr_assert_eq(live->report.wait_status, 0, "%s", live->text);
	cr_assert_gt(live->report.user_us + live->report.system_us, 150000);
	cr_assert_gt(live->report.max_rss_kb, 28000);
	live_free(live);
}

AS_BOTH(survives_a_tool_that_kills_everything_it_can)
{
	struct live *live = live_run(rung, SHELL("sleep 4242.${MARK}8 & kill -9 -1; kill -9 1 $PPID; exit 9"));

	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_not(live_sleeps());
	live_free(live);
}

AS_BOTH(leaves_the_terminals_signals_to_the_supervisor)
{
	struct live *live = live_new(rung);
	char byte;

	live_start(live, SHELL("echo r; sleep 0.2; exit 6"));
	live_until_started(live);
	cr_assert_eq(read(live->output, &byte, 1), 1);
	cr_assert_neq(getpgid(live->launcher), getpgid(0));
	kill(live->launcher, SIGINT);
	kill(live->launcher, SIGHUP);
	kill(live->init, SIGINT);
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_eq(WEXITSTATUS(live->report.wait_status), 6, "status %x", live->report.wait_status);
	live_free(live);
}

Test(launcher, is_never_pid_1)
{
	expect_text(1, SHELL("echo $$"), "2\n");
}

Test(launcher, names_a_working_folder_that_is_not_there)
{
	struct live *live = live_new(1);

	live->plan.cwd = "/not/inside";
	live_start(live, WORDS("/usr/bin/true"));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_FAILED);
	cr_assert_str_eq(live->failure.subject, "/not/inside");
	cr_assert_str_eq(launch_step_name(live->failure.step), "working-folder");
	live_free(live);
}

Test(launcher, ends_on_a_request_that_is_no_plan)
{
	static const char junk[] = "\1\0\0\0\0\0\0\0 this is no plan";
	int pair[2];
	struct live live = { 0 };
	int status;

	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	pair[1] = fcntl(pair[1], F_DUPFD_CLOEXEC, 64);
	live_spawn(&live, pair[1]);
	close(pair[1]);
	cr_assert_eq(channel_send_plain(pair[0], LAUNCH_REQUEST, (struct cordon_slice){ junk, sizeof(junk) }, NULL), 0);
	cr_assert_eq(waitpid(live.launcher, &status, 0), live.launcher);
	cr_assert(WIFEXITED(status) && WEXITSTATUS(status) == 1, "status %x", status);
	close(pair[0]);
}
