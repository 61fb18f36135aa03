// SPDX-License-Identifier: Apache-2.0
/*
 * jail_run.c - whole calls: how they end, what passes through their streams, what they leave behind.
 */
#include "tests/unit/jail_call.h"

#include <sched.h>
#include <sys/mount.h>

TestSuite(jail_run, .init = call_make, .fini = call_drop, .timeout = 40);

CALL_TEST(gives_back_status_and_both_streams)
{
	const struct jail_outcome *outcome = call_sh("echo out; echo err >&2; exit 7");

	cr_expect_reason(outcome, JAIL_EXITED);
	cr_expect(outcome->exited);
	cr_expect_eq(outcome->exit, 7);
	cr_expect_str_eq(buf_text(&outcome->out), "out\n");
	cr_expect_str_eq(buf_text(&outcome->err), "err\n");
	cr_expect_eq(outcome->denied_count, 0);
	cr_expect_gt(outcome->wall_ms, 0);
}

CALL_TEST(the_tool_is_not_pid_1)
{
	const struct jail_outcome *outcome = call_sh("kill -TERM $$; sleep 5");

	cr_expect_reason(outcome, JAIL_SIGNAL);
	cr_expect_eq(outcome->signal, SIGTERM);
	cr_expect_not(outcome->exited);
}

CALL_TEST(a_missing_program_is_told_from_a_failed_one)
{
	call.argv[0] = "no-such-program";
	cr_assert_eq(call_run(), 0);
	cr_expect_not(call.outcome.started);
	cr_expect_eq(call.outcome.exec_errno, ENOENT);
	call.argv[0] = "/etc/passwd";
	cr_assert_eq(call_run(), 0);
	cr_expect_eq(call.outcome.exec_errno, EACCES);
}

Test(jail_run, what_root_starts_is_nobody_and_leaves_files_to_the_owner)
{
	struct stat status;
	char path[100];

	if (geteuid() != 0)
		cr_skip_test("needs root");
	cr_assert_eq(chown(call.folder, 1234, 4321), 0);
	cr_expect_str_eq(buf_text(&call_sh("touch made; id -u; grep -c . /proc/self/uid_map")->out), "1000\n1\n");
	snprintf(path, sizeof(path), "%s/made", call.folder);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_uid, 1234);
	cr_expect_eq(status.st_gid, 4321);
}

Test(jail_run, an_ordinary_user_stays_that_user)
{
	char expected[32];

	call_as_user();
	snprintf(expected, sizeof(expected), "%u\n", geteuid());
	cr_expect_str_eq(buf_text(&call_sh("id -u")->out), expected);
}

/* ---- where ids cannot be mapped ---- */

static void mount_overlay(void)
{
	char options[400];

	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		cr_skip_test("needs root with CAP_SYS_ADMIN");
	call_shell_outside("mkdir %s/low %s/up %s/work %s/ws", call.folder, call.folder, call.folder, call.folder);
	snprintf(options, sizeof(options), "lowerdir=%s/low,upperdir=%s/up,workdir=%s/work", call.folder, call.folder,
		 call.folder);
	snprintf(call.folder + strlen(call.folder), 8, "/ws");
	if (mount("overlay", call.folder, "overlay", 0, options) < 0)
		cr_skip_test("overlayfs cannot be mounted here");
}

static void leave_overlay(void)
{
	umount2(call.folder, MNT_DETACH);
	*strrchr(call.folder, '/') = '\0';
}

Test(jail_run, where_ids_cannot_be_mapped_a_folder_of_roots_is_refused_with_the_remedy)
{
	mount_overlay();
	call.argv[0] = "true";
	cr_expect_eq(call_run(), CORDON_EMISSING);
	cr_expect_not_null(strstr(call.err.text, "chown"), "%s", call.err.text);
	leave_overlay();
}

Test(jail_run, where_ids_cannot_be_mapped_the_folders_owner_runs)
{
	mount_overlay();
	cr_assert_eq(chmod("/tmp", 01777), 0);
	call_shell_outside("chmod 755 %s/..", call.folder);
	cr_assert_eq(chown(call.folder, 1234, 1234), 0);
	cr_expect_str_eq(buf_text(&call_sh("touch made && id -u")->out), "1234\n");
	leave_overlay();
}

/* ---- streams ---- */

CALL_TEST(output_stops_at_its_limit_over_both_streams)
{
	const struct jail_outcome *outcome;

	call.spec.limits.output_bytes = 100000;
	outcome = call_sh("yes err >&2 & yes out");
	cr_expect_reason(outcome, JAIL_OUTPUT);
	cr_expect(outcome->truncated);
	cr_expect_eq(outcome->out.len + outcome->err.len, 100000);
	cr_expect_lt(outcome->wall_ms, 4000);
}

CALL_TEST(output_of_exactly_the_limit_is_whole)
{
	const struct jail_outcome *outcome;

	call.spec.limits.output_bytes = 100000;
	outcome = call_sh("head -c 100000 /dev/zero");
	cr_expect_reason(outcome, JAIL_EXITED);
	cr_expect_not(outcome->truncated);
	cr_expect_eq(outcome->out.len, 100000);
}

CALL_TEST(input_bytes_reach_the_tool_whole)
{
	static char text[1 << 20];
	const struct cordon_slice input = { text, sizeof(text) };

	call.sink.stdin_bytes = &input;
	cr_expect_str_eq(buf_text(&call_sh("wc -c")->out), "1048576\n");
}

CALL_TEST(input_that_nobody_reads_ends_nothing)
{
	static char text[1 << 20];
	const struct cordon_slice input = { text, sizeof(text) };

	signal(SIGPIPE, SIG_DFL);
	call.sink.stdin_bytes = &input;
	cr_expect_reason(call_sh("exec <&-; sleep 0.1; exit 3"), JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 3);
}

CALL_TEST(input_passes_through_as_it_comes)
{
	int ends[2];
	pid_t writer;

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	writer = fork();
	if (writer == 0) {
		for (int i = 0; i < 3; i++) {
			(void)!write(ends[1], "line\n", 5);
			usleep(20000);
		}
		_exit(0);
	}
	close(ends[1]);
	call.sink.stdin_fd = ends[0];
	call.sink.stdin_copy = true;
	cr_expect_str_eq(buf_text(&call_sh("cat; echo end")->out), "line\nline\nline\nend\n");
	waitpid(writer, NULL, 0);
	close(ends[0]);
}

Test(jail_run, a_folder_on_standard_input_is_not_handed_over)
{
	call.sink.stdin_fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	call_sh("ls /proc/self/fd/0/ 2>&1; test -d /proc/self/fd/0 && echo folder");
	cr_expect_null(strstr(buf_text(&call.outcome.out), "folder"));
	close(call.sink.stdin_fd);
}

CALL_TEST(a_file_on_standard_input_can_be_read_and_not_written)
{
	char path[100], text[16] = "";
	int fd;

	call_shell_outside("echo kept > %s/in; chmod 666 %s/in", call.folder, call.folder);
	snprintf(path, sizeof(path), "%s/in", call.folder);
	call.sink.stdin_fd = open(path, O_RDONLY | O_CLOEXEC);
	call.spec.path_count = 0;
	call.spec.cwd = "/";
	cr_expect_str_eq(buf_text(&call_sh("cat; echo changed > /proc/self/fd/0")->out), "kept\n");
	close(call.sink.stdin_fd);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	cr_assert_gt(read(fd, text, sizeof(text) - 1), 0);
	close(fd);
	cr_expect_str_eq(text, "kept\n");
}

CALL_TEST(a_closed_stdout_is_no_end)
{
	cr_expect_reason(call_sh("exec >&- 2>&-; sleep 0.2; exit 4"), JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 4);
}

CALL_TEST(the_tool_may_open_its_streams_by_name)
{
	cr_expect_str_eq(buf_text(&call_sh("echo a > /dev/stdout")->out), "a\n");
}

static void keep_slowly(void *context, int stream, struct cordon_slice bytes)
{
	(void)stream;
	*(size_t *)context += bytes.len;
	usleep(400000);
}

Test(jail_run, a_slow_reader_delays_no_limit)
{
	size_t total = 0;

	call.sink.write = keep_slowly;
	call.sink.ctx = &total;
	call.spec.limits.wall_ms = 300;
	cr_expect_reason(call_sh("while :; do echo x; done"), JAIL_WALL);
	cr_expect_lt(call.outcome.wall_ms, 1500);
	cr_expect_gt(total, 0);
}

/* ---- the end of the tree ---- */

CALL_TEST(a_grandchild_that_holds_the_pipe_delays_nothing)
{
	cr_expect_reason(call_sh("sleep 30 & echo done"), JAIL_EXITED);
	cr_expect_str_eq(buf_text(&call.outcome.out), "done\n");
	cr_expect_lt(call.outcome.wall_ms, 3000);
}

CALL_TEST(what_forked_away_twice_is_gone)
{
	char script[200], mark[32];

	snprintf(mark, sizeof(mark), "%d.17", getpid() % 1000 + 5000);
	snprintf(script, sizeof(script), "(setsid sh -c 'sleep %s & sleep %s' &) ; sleep 0.1", mark, mark);
	call_sh(script);
	cr_expect_eq(call_count_processes(mark), 0);
}

Test(jail_run, rung_3_leaves_nothing_running_either)
{
	char script[200], mark[32];

	call_as_user();
	call_on_rung3();
	snprintf(mark, sizeof(mark), "%d.23", getpid() % 1000 + 5000);
	snprintf(script, sizeof(script), "(setsid sh -c 'sleep %s & sleep %s' &) ; sleep 0.1", mark, mark);
	call_sh(script);
	cr_expect_eq(call.outcome.rung, 3);
	cr_expect_eq(call_count_processes(mark), 0);
}

CALL_TEST(killing_the_supervisor_leaves_nothing)
{
	char mark[32];
	pid_t supervisor;

	snprintf(mark, sizeof(mark), "%d.31", getpid() % 1000 + 5000);
	supervisor = fork();
	if (supervisor == 0) {
		char script[200];

		snprintf(script, sizeof(script), "trap '' TERM INT HUP; setsid sleep %s & sleep %s", mark, mark);
		call_sh(script);
		_exit(0);
	}
	for (int i = 0; i < 200 && call_count_processes(mark) < 3; i++)
		usleep(10000);
	cr_assert_geq(call_count_processes(mark), 3, "it did not start");
	kill(supervisor, SIGKILL);
	waitpid(supervisor, NULL, 0);
	for (int i = 0; i < 200 && call_count_processes(mark); i++)
		usleep(10000);
	cr_expect_eq(call_count_processes(mark), 0);
}

static int cancel_pipe(int *write_end)
{
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	*write_end = ends[1];
	return ends[0];
}

/* Sends one byte (0: none) and closes, after the tool has had time to start. */
static pid_t cancel_later(int fd, char byte, bool stay)
{
	pid_t pid = fork();

	if (pid == 0) {
		usleep(300000);
		if (byte)
			(void)!write(fd, &byte, 1);
		if (stay)
			sleep(5);
		_exit(0);
	}
	close(fd);
	return pid;
}

CALL_TEST(the_end_of_the_cancel_descriptor_ends_the_call)
{
	int fd;
	pid_t pid;

	call.sink.cancel_fd = cancel_pipe(&fd);
	pid = cancel_later(fd, 0, false);
	cr_expect_reason(call_sh("trap '' TERM; sleep 20; sleep 20"), JAIL_CANCELLED);
	cr_expect_lt(call.outcome.wall_ms, 2000);
	waitpid(pid, NULL, 0);
	close(call.sink.cancel_fd);
}

CALL_TEST(a_signal_is_passed_on_and_may_be_answered)
{
	int fd;
	pid_t pid;

	call.sink.cancel_fd = cancel_pipe(&fd);
	pid = cancel_later(fd, SIGTERM, true);
	cr_expect_reason(call_sh("trap 'exit 9' TERM; while :; do sleep 0.05; done"), JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 9);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(call.sink.cancel_fd);
}

CALL_TEST(a_signal_that_is_ignored_is_followed_by_the_end)
{
	int fd;
	pid_t pid;

	call.sink.cancel_fd = cancel_pipe(&fd);
	pid = cancel_later(fd, SIGTERM, true);
	cr_expect_reason(call_sh("trap '' TERM; sleep 20"), JAIL_CANCELLED);
	cr_expect_gt(call.outcome.wall_ms, 1900);
	cr_expect_lt(call.outcome.wall_ms, 4000);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	close(call.sink.cancel_fd);
}

/* ---- what is there inside ---- */

static int count_descriptors(void)
{
	cleanup_dir DIR *folder = opendir("/proc/self/fd");
	int count = 0;

	while (readdir(folder))
		count++;
	return count;
}

CALL_TEST(no_descriptor_is_left_open)
{
	int before = count_descriptors();

	call_sh("sleep 0.05; head -c 100 /dev/zero > /tmp/x");
	cr_expect_eq(count_descriptors(), before);
}

CALL_TEST(nothing_else_is_there)
{
	call_sh("ls / /etc; cat /etc/passwd /etc/machine-id; ls /root /home /var /sys 2>&1");
	cr_expect_null(strstr(buf_text(&call.outcome.out), "root\nhome"));
	cr_expect_not_null(strstr(buf_text(&call.outcome.out), "tool:x:"));
	cr_expect_not_null(strstr(buf_text(&call.outcome.out), "00000000000000000000000000000000"));
	cr_expect_not_null(strstr(buf_text(&call.outcome.out), "'/home': No such file"));
}

CALL_TEST(the_hidden_stays_out_and_the_guarded_stays_as_it_is)
{
	char hidden[100], guarded[100];

	snprintf(hidden, sizeof(hidden), "%s/a/data", call.folder);
	snprintf(guarded, sizeof(guarded), "%s/b/cordon.yaml", call.folder);
	call_shell_outside("cd %s && mkdir -p a/data b && echo secret > a/data/x && echo own > b/cordon.yaml",
			   call.folder);
	call.hidden[0] = hidden;
	call.readonly[0] = guarded;
	call.spec.hidden = call.hidden;
	call.spec.readonly = call.readonly;
	call.spec.hidden_count = call.spec.readonly_count = 1;
	call_sh("cat a/data/x; mv a z; rmdir a/data; echo bad > b/cordon.yaml; rm -f b/cordon.yaml; mv b z;"
		"mv b/cordon.yaml c; : > b/new; mv b/new b/cordon.yaml; ls a/data; cat b/cordon.yaml");
	cr_expect_str_eq(buf_text(&call.outcome.out), "own\n");
	cr_expect_eq(access(hidden, F_OK), 0);
}

CALL_TEST(the_object_that_was_checked_is_bound_whatever_became_of_its_path)
{
	char path[100];

	call_shell_outside("cd %s && mkdir in out && echo checked > in/file && echo secret > out/file", call.folder);
	snprintf(path, sizeof(path), "%s/in/file", call.folder);
	call.paths[0].grant = JAIL_READ;
	call.paths[1] = (struct jail_path){ path, JAIL_READ, open(path, O_PATH | O_CLOEXEC) };
	call.spec.path_count = 2;
	call_shell_outside("cd %s && ln -sf ../out/file in/link && ln in/file in/kept && ln -f out/file in/file",
			   call.folder);
	call.argv[0] = "cat";
	call.argv[1] = path;
	call.argv[2] = NULL;
	if (call_run() == 0)
		cr_expect_str_eq(buf_text(&call.outcome.out), "checked\n");
	else
		cr_expect_null(strstr(call.err.text, "secret"), "%s", call.err.text);
	close(call.paths[1].fd);
}

CALL_TEST(links_that_lead_outside_are_removed_and_named)
{
	struct stat status;
	char path[100];

	call_shell_outside("ln -s /etc/shadow %s/before", call.folder);
	call_sh("ln -s /etc/shadow bad; ln -s /usr/bin/env venv; ln -s bad chain; mkdir d; ln -s ../../../etc d/up;"
		"ln -s /tmp/x tmp; : > f; ln -s f good; chmod 0 d");
	cr_expect_geq(call.outcome.denied_count, 3); /* `chain` leads nowhere once `bad` is gone */
	for (size_t i = 0; i < call.outcome.denied_count; i++)
		cr_expect_str_eq(call.outcome.denied[i].kind, "path");
	for (const char *const *name = (const char *const[]){ "before", "venv", "good", NULL }; *name; name++) {
		snprintf(path, sizeof(path), "%s/%s", call.folder, *name);
		cr_expect_eq(lstat(path, &status), 0, "%s is gone", *name);
	}
	for (const char *const *name = (const char *const[]){ "bad", "d/up", "tmp", NULL }; *name; name++) {
		snprintf(path, sizeof(path), "%s/%s", call.folder, *name);
		cr_expect_neq(lstat(path, &status), 0, "%s is there", *name);
	}
}

CALL_TEST(a_folder_that_was_closed_before_keeps_its_mode)
{
	struct stat status;
	char path[100];

	call_shell_outside("mkdir -m 000 %s/closed", call.folder);
	snprintf(path, sizeof(path), "%s/closed", call.folder);
	usleep(20000);
	call_sh("mkdir d; ln -s /etc/shadow d/bad; chmod 100 d");
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0);
	cr_expect_eq(call.outcome.denied_count, 1);
	snprintf(path, sizeof(path), "%s/d", call.folder);
	cr_assert_eq(stat(path, &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0100);
}

CALL_TEST(a_refused_call_is_named_with_a_reason_for_the_model)
{
	call.argv[0] = "python3";
	call.argv[1] = "-c";
	call.argv[2] = "import socket\ntry: socket.socket()\nexcept PermissionError: print('told')";
	call.argv[3] = NULL;
	if (access("/usr/bin/python3", X_OK) < 0)
		cr_skip_test("python3 is not installed");
	cr_assert_eq(call_run(), 0, "%s", call.err.text);
	cr_expect_str_eq(buf_text(&call.outcome.out), "told\n");
	cr_assert_eq(call.outcome.denied_count, 1);
	cr_expect_str_eq(call.outcome.denied[0].what, "socket");
	cr_expect_not_null(strstr(call.outcome.denied[0].detail, "no network"));
}

/* ---- rung 3 ---- */

Test(jail_run, rung_3_is_refused_unless_the_profile_does_without)
{
	call_on_rung3();
	call.spec.allow_missing = 0;
	call.argv[0] = "true";
	cr_expect_eq(call_run(), CORDON_EMISSING);
	cr_expect_not_null(strstr(call.err.text, "allow-missing: [namespaces]"), "%s", call.err.text);
}

Test(jail_run, rung_3_has_a_home_for_the_call_and_removes_it)
{
	char home[100];

	call_as_user();
	call_on_rung3();
	call_sh("echo $HOME; test $HOME = $TMPDIR && touch $HOME/x && mkdir $HOME/d && chmod 0 $HOME/d && echo made");
	cr_assert_eq(call.outcome.rung, 3);
	cr_expect_eq(call.outcome.missing, 1U << JAIL_PROMISE_NAMESPACES);
	cr_expect_not_null(strstr(buf_text(&call.outcome.out), "made"), "%s", buf_text(&call.outcome.err));
	snprintf(home, sizeof(home), "%.*s", (int)strcspn(buf_text(&call.outcome.out), "\n"),
		 buf_text(&call.outcome.out));
	cr_expect_neq(access(home, F_OK), 0, "'%s' is still there", home);
}

/* The whole tree again, one folder down: the kernel makes no user namespace for a process whose root that is. */
static void enter_chroot(void)
{
	static char root[80];

	if (geteuid() != 0 || unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		cr_skip_test("needs root with CAP_SYS_ADMIN");
	snprintf(root, sizeof(root), "%s/root", call.folder);
	cr_assert_eq(mkdir(root, 0755), 0);
	cr_assert_eq(mount("/", root, NULL, MS_BIND | MS_REC, NULL), 0);
	cr_assert_eq(chroot(root), 0);
	cr_assert_eq(chdir("/"), 0);
}

/* In a child: what the test does cannot be undone in this one. */
static int call_in_chroot(uint32_t allowed)
{
	enter_chroot();
	if (allowed)
		call_as_user(); /* the workspace is root's, which on rung 3 would be refused for another reason */
	call.spec.allow_missing = allowed;
	call.argv[0] = "true";
	if (call_run() == 0)
		return call.outcome.rung;
	if (strstr(call.err.text, "chroot") && call.err.code == CORDON_EMISSING)
		return 100;
	fprintf(stderr, "%s\n", call.err.text);
	return 101;
}

static int status_in_chroot(uint32_t allowed)
{
	int status = 0;
	pid_t pid = fork();

	if (pid == 0)
		_exit(call_in_chroot(allowed));
	waitpid(pid, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(jail_run, a_machine_that_was_assumed_is_probed_when_a_step_fails)
{
	if (geteuid() != 0)
		cr_skip_test("needs root");
	cr_expect_eq(status_in_chroot(1U << JAIL_PROMISE_NAMESPACES), 3);
}

Test(jail_run, a_chroot_without_the_profiles_word_is_refused_with_the_cause)
{
	if (geteuid() != 0)
		cr_skip_test("needs root");
	cr_expect_eq(status_in_chroot(0), 100);
}
