// SPDX-License-Identifier: Apache-2.0
/*
 * jail_launch_main.c - the real launcher, with real namespaces, mounts, filters and kills. Each proof is made twice where it
 * can be: as root (id-mapped workspace, another host id) and as an ordinary user.
 */
#include <sys/syscall.h>
#include <sys/un.h>

#include "tests/unit/jail_live.h"

static void expect_exit(uint32_t rung, const char *const *words, int status)
{
	struct live *live = live_run(rung, words);

	cr_assert_eq(live->report.exec_errno, 0, "exec: errno %d", live->report.exec_errno);
	cr_assert(WIFEXITED(live->report.wait_status), "status %x, printed %s", live->report.wait_status, live->text);
	cr_assert_eq(WEXITSTATUS(live->report.wait_status), status, "status %x, printed %s", live->report.wait_status,
		     live->text);
	live_free(live);
}

static void expect_signal(uint32_t rung, const char *const *words, int number)
{
	struct live *live = live_run(rung, words);

	cr_assert(WIFSIGNALED(live->report.wait_status), "status %x, printed %s", live->report.wait_status, live->text);
	cr_assert_eq(WTERMSIG(live->report.wait_status), number);
	live_free(live);
}

static void expect_text(uint32_t rung, const char *const *words, const char *text)
{
	struct live *live = live_run(rung, words);

	cr_assert_str_eq(live->text, text);
	live_free(live);
}

static void expect_exec_errno(uint32_t rung, const char *const *words, int number)
{
	struct live *live = live_run(rung, words);

	cr_assert_eq(live->report.exec_errno, number, "errno %d", live->report.exec_errno);
	live_free(live);
}

#define AS_BOTH(name)                                                                                                  \
	static void name##_proof(uint32_t rung);                                                                       \
	Test(launcher, name)                                                                                           \
	{                                                                                                              \
		name##_proof(1);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_as_an_ordinary_user)                                                                     \
	{                                                                                                              \
		live_user();                                                                                           \
		name##_proof(1);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_without_namespaces)                                                                      \
	{                                                                                                              \
		name##_proof(3);                                                                                       \
	}                                                                                                              \
	Test(launcher, name##_without_namespaces_as_an_ordinary_user)                                                  \
	{                                                                                                              \
		live_user();                                                                                           \
		name##_proof(3);                                                                                       \
	}                                                                                                              \
	static void name##_proof(uint32_t rung)

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

AS_BOTH(changes_modes_and_times_in_the_workspace)
{
	expect_exit(
		rung,
		SHELL("echo x >f && chmod 700 f && [ $(stat -c %a f) = 700 ] && chmod 640 ../${PWD##*/}/f && "
		      "[ $(stat -c %a f) = 640 ] && touch -d @1000 f && [ $(stat -c %Y f) = 1000 ] && ln -s f l && "
		      "touch -h -d @2000 l && [ $(stat -c %Y l f | tr '\\n' -) = 2000-1000- ] && chmod 600 $PWD/l && "
		      "[ $(stat -c %a f) = 600 ] && perl -e 'open F, q(+<), q(f); chmod(0604, *F) == 1 or die; "
		      "utime(5, 6, *F) == 1 or die' && [ $(stat -c %a-%Y f) = 604-6 ] && mkdir d && chmod 500 d && "
		      "rmdir d"),
		0);
}

AS_BOTH(leaves_no_set_id_bit)
{
	expect_exit(rung,
		    SHELL("echo x >f; chmod u+s f 2>/dev/null && exit 1; chmod 2755 f 2>/dev/null && exit 2; "
			  "[ $(stat -c %a f) -lt 1000 ] || exit 3; exit 0"),
		    0);
}

/* A file of the caller's own, beside the workspace. */
AS_BOTH(changes_no_mode_or_time_outside)
{
	struct live *live = live_new(rung);
	char path[128], script[1024];
	struct stat before, after;

	snprintf(path, sizeof(path), "%s.private", live->folder);
	close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
	if (rung == 3 && geteuid() == 0)
		cr_assert_eq(chown(path, LIVE_HOST_ID, LIVE_HOST_ID), 0);
	cr_assert_eq(stat(path, &before), 0);
	snprintf(script, sizeof(script),
		 "f=%s; chmod 644 $f; touch -d @1000 $f; cd ..; chmod 644 ./${f##*/}; ln -s $f $OLDPWD/l; chmod 644 "
		 "$OLDPWD/l; perl -e 'utime 1, 1, @ARGV; chmod 0644, @ARGV; truncate $ARGV[0], 0' $f; true",
		 path);
	live_start(live, SHELL(script));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_eq(stat(path, &after), 0);
	unlink(path);
	cr_assert_eq(after.st_mode, before.st_mode, "mode %o", after.st_mode);
	cr_assert_eq(after.st_mtime, before.st_mtime);
	cr_assert_eq(after.st_atime, before.st_atime);
	if (rung == 3)
		cr_assert(live_denied(live, SYS_fchmodat), "%s", live->text);
	live_free(live);
}

AS_BOTH(writes_nowhere_else)
{
	expect_exit(rung,
		    SHELL("for d in / /usr /usr/bin /etc /var /root /home; do (echo x >$d/cordon-was-here) "
			  "2>/dev/null && exit 1; done; exit 0"),
		    0);
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

static void connects_inside(void)
{
	expect_text(1,
		    WORDS("perl", "-MIO::Socket::UNIX", "-e",
			  "for my $p (q(/tmp/s), qq(\\0name), q(../../../tmp/t)) {"
			  "my $l = IO::Socket::UNIX->new(Local => $p, Listen => 1) or die qq(listen $!);"
			  "if (!fork) { my $c = IO::Socket::UNIX->new(Peer => $p) or die qq(connect $!);"
			  "print $c qq(hi\\n); exit 0 }"
			  "my $a = $l->accept or die; print scalar <$a>; wait; }"
			  "IO::Socket::UNIX->new(Peer => q(/tmp/none)) and die; print 0 + $!, qq(\\n);"),
		    "hi\nhi\nhi\n2\n");
}

Test(launcher, connects_unix_sockets_inside)
{
	connects_inside();
}

Test(launcher, connects_unix_sockets_inside_as_an_ordinary_user)
{
	live_user();
	connects_inside();
}

/* A listener outside, in the workspace that the tool is shown. */
static void connects_not_outside(void)
{
	struct live *live = live_new(1);
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/sock", live->folder);
	cr_assert_eq(bind(listener, (const struct sockaddr *)&at, sizeof(at)), 0);
	cr_assert_eq(listen(listener, 4), 0);
	chmod(at.sun_path, 0777);
	live_start(live, WORDS("perl", "-MIO::Socket::UNIX", "-e",
			       "symlink qq($ENV{PWD}/sock), q(/tmp/l); $w = $ARGV[0]; symlink qq($w/sock), q(/tmp/m);"
			       "for my $p (qq($w/sock), q(sock), q(./sock), q(/tmp/m), qq(/proc/self/cwd/sock)) {"
			       "IO::Socket::UNIX->new(Peer => $p) and print qq(reached by $p\\n); print 0 + $!, q( ) }"
			       "socket(my $d, AF_UNIX, SOCK_DGRAM, 0) and print q(datagrams)",
			       live->folder));
	live_finish(live);
	cr_assert_eq(live->ended, LAUNCH_EXITED);
	cr_assert_not(strstr(live->text, "reached") || strstr(live->text, "datagrams"), "%s", live->text);
	cr_assert_lt(accept(listener, NULL, NULL), 0, "%s", live->text);
	cr_assert(live_denied(live, SYS_connect), "%s", live->text);
	close(listener);
	live_free(live);
}

Test(launcher, connects_to_no_listener_outside)
{
	connects_not_outside();
}

Test(launcher, connects_to_no_listener_outside_as_an_ordinary_user)
{
	live_user();
	connects_not_outside();
}

/* A folder beside the workspace with one file in it, opened; then another one is put in its place. */
static int open_and_swap(const struct live *live, char *path, size_t room)
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

	live->objects[0] = open_and_swap(live, path, sizeof(path));
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

static void sees_only_its_own_processes(void)
{
	expect_text(1, SHELL("cd /proc; for p in [0-9]*; do [ $p -gt 3 ] && echo $p; done; true"), "");
}

Test(launcher, shows_no_process_of_the_host)
{
	sees_only_its_own_processes();
}

Test(launcher, is_never_pid_1)
{
	expect_text(1, SHELL("echo $$"), "2\n");
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
