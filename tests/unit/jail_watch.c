// SPDX-License-Identifier: Apache-2.0
/*
 * jail_watch.c - every limit really hit, and none hit by what does not deserve it.
 */
#include "tests/unit/jail_call.h"

#include <pthread.h>
#include <sys/socket.h>

#include "sandbox/jail/watch_tree.h"

#undef CALL_TEST
#define CALL_TEST(name)                                                                                                \
	static void body_##name(void);                                                                                 \
	Test(jail_watch, name)                                                                                         \
	{                                                                                                              \
		body_##name();                                                                                         \
	}                                                                                                              \
	Test(jail_watch, name##_as_user)                                                                               \
	{                                                                                                              \
		call_as_user();                                                                                        \
		body_##name();                                                                                         \
	}                                                                                                              \
	Test(jail_watch, name##_on_rung_2)                                                                             \
	{                                                                                                              \
		call_on_rung2();                                                                                       \
		body_##name();                                                                                         \
	}                                                                                                              \
	Test(jail_watch, name##_on_rung_3)                                                                             \
	{                                                                                                              \
		call_as_user();                                                                                        \
		call_on_rung3();                                                                                       \
		body_##name();                                                                                         \
	}                                                                                                              \
	static void body_##name(void)

#define RUNG2_TEST(name) /* what rung 3 has not */                                                                     \
	static void body_##name(void);                                                                                 \
	Test(jail_watch, name)                                                                                         \
	{                                                                                                              \
		body_##name();                                                                                         \
	}                                                                                                              \
	Test(jail_watch, name##_on_rung_2)                                                                             \
	{                                                                                                              \
		call_on_rung2();                                                                                       \
		body_##name();                                                                                         \
	}                                                                                                              \
	static void body_##name(void)

TestSuite(jail_watch, .init = call_make, .fini = call_drop, .timeout = 40);

#define MIB (1ull << 20)

/* Bytes in the workspace, as du counts. */
static uint64_t used_in(const char *folder)
{
	cleanup_dir DIR *dir = opendir(folder);
	struct dirent *entry;
	uint64_t total = 0;

	while (dir && (entry = readdir(dir))) {
		struct stat status;

		if (entry->d_name[0] != '.' && fstatat(dirfd(dir), entry->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0)
			total += (uint64_t)status.st_blocks * 512;
	}
	return total;
}

/* ---- wall, cpu ---- */

CALL_TEST(the_wall_clock_ends_what_ignores_every_signal)
{
	call.spec.limits.wall_ms = 300;
	cr_expect_reason(call_sh("trap '' TERM INT HUP QUIT; while :; do sleep 1; done"), JAIL_WALL);
	cr_expect_geq(call.outcome.wall_ms, 299);
	cr_expect_lt(call.outcome.wall_ms, 1300);
	cr_expect_str_eq(call.outcome.denied[0].kind, "limit");
	cr_expect_str_eq(call.outcome.denied[0].what, "wall");
}

CALL_TEST(processor_time_is_the_sum_over_processes)
{
	call.spec.limits.cpu_ms = 600;
	cr_expect_reason(call_sh("for i in 1 2 3 4; do (while :; do :; done) & done; wait"), JAIL_CPU);
	cr_expect_geq(call.outcome.cpu_ms, 600);
	cr_expect_lt(call.outcome.cpu_ms, 600 * 1.25 + 100);
}

CALL_TEST(processor_time_of_the_dead_counts)
{
	call.spec.limits.cpu_ms = 500;
	cr_expect_reason(call_sh("while :; do sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'; done"),
			 JAIL_CPU);
	cr_expect_lt(call.outcome.cpu_ms, 500 * 1.25 + 100);
}

CALL_TEST(processor_time_of_children_that_nobody_waits_for_counts)
{
	if (access("/usr/bin/python3", X_OK) < 0)
		cr_skip_test("python3 is not installed");
	call.spec.limits.cpu_ms = 600;
	cr_expect_reason(call_sh("exec python3 -c '\n"
				 "import os, signal, time\n"
				 "signal.signal(signal.SIGCHLD, signal.SIG_IGN)\n"
				 "while True:\n"
				 "    if os.fork() == 0:\n"
				 "        end = time.process_time() + 0.15\n"
				 "        while time.process_time() < end: pass\n"
				 "        os._exit(0)\n"
				 "    try: os.wait()\n"
				 "    except ChildProcessError: pass\n"
				 "'"),
			 JAIL_CPU);
	cr_expect_lt(call.outcome.wall_ms, 3000);
}

/* ---- memory ---- */

CALL_TEST(memory_ends_the_call_near_its_limit)
{
	call.spec.limits.memory_bytes = 40 * MIB;
	cr_expect_reason(call_sh("head -c 300M /dev/zero | tail"), JAIL_MEMORY);
	cr_expect_lt(call.outcome.wall_ms, 2000);
}

CALL_TEST(memory_is_the_sum_over_processes)
{
	call.spec.limits.memory_bytes = 60 * MIB;
	call.spec.limits.cpu_ms = 20000;
	cr_expect_reason(
		call_sh("for i in 1 2 3 4 5 6; do (head -c 20M /dev/zero; sleep 3) | tail > /dev/null & done; wait"),
		JAIL_MEMORY);
}

CALL_TEST(address_space_is_not_memory)
{
	if (access("/usr/bin/python3", X_OK) < 0)
		cr_skip_test("python3 is not installed");
	call.spec.limits.memory_bytes = 64 * MIB;
	cr_expect_reason(call_sh("python3 -c 'import mmap; m = mmap.mmap(-1, 8 << 30); m[0] = 1; print(1)'"),
			 JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 0);
}

CALL_TEST(memory_that_forked_children_share_counts_once)
{
	if (access("/usr/bin/python3", X_OK) < 0)
		cr_skip_test("python3 is not installed");
	call.spec.limits.memory_bytes = 100 * MIB;
	call_sh("exec python3 -c '\n"
		"import os, time\n"
		"big = bytearray(40 << 20)\n"
		"kids = []\n"
		"for i in range(8):\n"
		"    pid = os.fork()\n"
		"    if pid == 0:\n"
		"        time.sleep(0.4); os._exit(0)\n"
		"    kids.append(pid)\n"
		"for pid in kids: os.waitpid(pid, 0)\n"
		"'");
	cr_expect_reason(&call.outcome, JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 0);
}

RUNG2_TEST(the_private_tmp_counts_as_memory)
{
	call.spec.limits.memory_bytes = 30 * MIB;
	call.spec.limits.disk_bytes = 200 * MIB;
	cr_expect_reason(call_sh("head -c 100M /dev/zero > /tmp/x; sleep 1"), JAIL_MEMORY);
}

/* ---- pids ---- */

CALL_TEST(at_pids_fork_fails_and_nothing_is_killed)
{
	call.spec.limits.pids = 12;
	call_sh("n=0; for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 5 & done; echo unreached");
	cr_expect_reason(&call.outcome, JAIL_EXITED);
	cr_expect_neq(call.outcome.exit, 0);
	cr_expect_not_null(strstr(buf_text(&call.outcome.err), "annot fork"), "%s", buf_text(&call.outcome.err));
	cr_expect_str_eq(buf_text(&call.outcome.out), "");
}

CALL_TEST(below_pids_fork_works)
{
	call.spec.limits.pids = 12;
	cr_expect_str_eq(buf_text(&call_sh("for i in 1 2 3 4 5 6 7 8; do sleep 0.2 & done; wait; echo ok")->out),
			 "ok\n");
}

/* ---- disk ---- */

CALL_TEST(one_file_ends_the_call_near_the_limit)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	cr_expect_reason(call_sh("head -c 300M /dev/zero > big; sleep 1"), JAIL_DISK);
	cr_expect_leq(used_in(call.folder), 20 * MIB);
}

CALL_TEST(many_files_end_the_call_near_the_limit)
{
	cr_expect_reason(call_sh("i=0; while :; do i=$((i+1)); head -c 1M /dev/zero > f$i; done"), JAIL_DISK);
	cr_expect_leq(used_in(call.folder), 80 * MIB, "%llu MiB", (unsigned long long)(used_in(call.folder) >> 20));
}

/* Takes 256 MiB of the same file system and gives them back piece by piece while the call writes. */
static pid_t free_beside(void)
{
	char path[sizeof(call.folder) + 8];
	pid_t pid;
	int fd;

	snprintf(path, sizeof(path), "%s.beside", call.folder);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	cr_assert_eq(unlink(path), 0);
	cr_assert_eq(posix_fallocate(fd, 0, 256 << 20), 0);
	pid = fork();
	if (pid == 0) {
		for (int left = 256; left >= 0; left -= 2) {
			usleep(1000);
			(void)!ftruncate(fd, (off_t)left << 20);
		}
		_exit(0);
	}
	close(fd);
	return pid;
}

CALL_TEST(what_others_free_meanwhile_hides_nothing)
{
	pid_t pid = free_beside();

	/* Slow, so that what is too much is what was not seen, and not what was written while a busy machine kept the watch. */
	cr_expect_reason(call_sh("i=0; while :; do i=$((i+1)); head -c 1M /dev/zero > f$i; sleep 0.005; done"),
			 JAIL_DISK);
	waitpid(pid, NULL, 0);
	cr_expect_leq(used_in(call.folder), 80 * MIB, "%llu MiB", (unsigned long long)(used_in(call.folder) >> 20));
}

CALL_TEST(reserved_blocks_count)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	call_sh("for i in 1 2 3 4 5 6 7 8 9; do fallocate -l 6M r$i || exit 3; sleep 0.2; done; sleep 1");
	if (call.outcome.reason == JAIL_EXITED && call.outcome.exit == 3)
		cr_skip_test("this file system reserves no blocks");
	cr_expect_reason(&call.outcome, JAIL_DISK);
	cr_expect_leq(used_in(call.folder), (call.outcome.rung == 3 ? 46 : 28) * MIB);
}

CALL_TEST(deleted_but_open_files_count)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	cr_expect_reason(
		call_sh("for f in 3 4 5 6; do eval \"exec $f>g$f\"; rm g$f; head -c 8M /dev/zero >&$f; done; sleep 2"),
		JAIL_DISK);
}

RUNG2_TEST(the_private_tmp_counts_as_disk)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	cr_expect_reason(call_sh("head -c 300M /dev/zero > /tmp/x; sleep 1"), JAIL_DISK);
	cr_expect_reason(call_sh("head -c 12M /dev/zero > /tmp/x; head -c 12M /dev/zero > here; sleep 1"), JAIL_DISK);
}

CALL_TEST(a_big_file_that_was_there_may_be_appended_to)
{
	call_shell_outside("cd %s && head -c 40M /dev/zero > big && chmod 666 big", call.folder);
	call.spec.limits.disk_bytes = 8 * MIB;
	cr_expect_reason(call_sh("echo x >> big; sleep 0.2; echo x >> big"), JAIL_EXITED);
	cr_expect_eq(call.outcome.exit, 0);
}

CALL_TEST(a_big_file_that_was_there_may_not_grow_without_end)
{
	call_shell_outside("cd %s && head -c 40M /dev/zero > big && chmod 666 big", call.folder);
	call.spec.limits.disk_bytes = 8 * MIB;
	cr_expect_reason(call_sh("head -c 200M /dev/zero >> big; sleep 1"), JAIL_DISK);
	cr_expect_leq(used_in(call.folder), 51 * MIB);
}

CALL_TEST(what_is_written_and_removed_again_is_not_held_against_a_call)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	cr_expect_reason(call_sh("for i in 1 2 3 4 5 6; do head -c 8M /dev/zero > t; rm t; done; sleep 0.1"),
			 JAIL_EXITED);
}

CALL_TEST(new_names_are_counted)
{
	call.spec.limits.new_names = 200;
	cr_expect_reason(call_sh("i=0; while [ $i -lt 3000 ]; do i=$((i+1)); : > n$i; done; sleep 1"), JAIL_DISK);
}

CALL_TEST(a_folder_that_nobody_may_read_hides_nothing)
{
	call.spec.limits.disk_bytes = 16 * MIB;
	cr_expect_reason(
		call_sh("mkdir d; cd d; chmod 300 .; i=0; while :; do i=$((i+1)); head -c 1M /dev/zero > f$i; done"),
		JAIL_DISK);
}

/* ---- the tree as /proc tells ---- */

static pid_t spin_child(int ms)
{
	pid_t pid = fork();
	uint64_t end = clock_monotonic_ns() + (uint64_t)ms * 1000000U;

	if (pid == 0) {
		while (clock_monotonic_ns() < end)
			;
		_exit(0);
	}
	return pid;
}

Test(jail_watch, the_tree_is_what_descends_from_its_root)
{
	struct tree tree;
	pid_t child = spin_child(400);

	cr_assert_eq(tree_open(-1, getpid(), &tree, NULL), 0);
	tree_read(&tree);
	cr_expect_eq(tree.count, 2);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	tree_read(&tree);
	cr_expect_eq(tree.count, 1);
	tree_release(&tree);
}

Test(jail_watch, time_that_vanished_unwaited_is_kept)
{
	struct tree tree;
	uint64_t before;

	signal(SIGCHLD, SIG_IGN);
	cr_assert_eq(tree_open(-1, getpid(), &tree, NULL), 0);
	tree_read(&tree);
	spin_child(200);
	usleep(170000);
	tree_read(&tree);
	before = tree_cpu_ms(&tree);
	usleep(150000);
	tree_read(&tree);
	cr_expect_eq(tree.count, 1);
	cr_expect_geq(tree_cpu_ms(&tree), before);
	tree_release(&tree);
}

#define HEADLESS_BYTES (32 * MIB)

static void *hold_without_a_name(void *first)
{
	char name[] = "/var/tmp/cordon-held-XXXXXX"; /* on disk: the kernel counts no writes to memory */
	char *memory = malloc(HEADLESS_BYTES);
	int fd = mkstemp(name);

	unlink(name);
	memset(memory, 1, HEADLESS_BYTES);
	if (write(fd, memory, MIB) != (ssize_t)MIB)
		_exit(1);
	pthread_join(*(pthread_t *)first, NULL);
	kill(getppid(), SIGUSR1);
	for (;;)
		pause();
}

/* A process whose first thread has ended, while another holds memory and a deleted file. */
static pid_t headless_child(void)
{
	sigset_t ready;
	pid_t pid;

	sigemptyset(&ready);
	sigaddset(&ready, SIGUSR1);
	sigprocmask(SIG_BLOCK, &ready, NULL);
	pid = fork();
	if (pid == 0) {
		static pthread_t first, second;

		first = pthread_self();
		pthread_create(&second, NULL, hold_without_a_name, &first);
		pthread_exit(NULL);
	}
	sigwaitinfo(&ready, NULL);
	return pid;
}

Test(jail_watch, a_process_without_its_first_thread_hides_nothing)
{
	struct jail_path folder = { "/var/tmp", JAIL_WRITE, -1 };
	struct jail_spec spec = { .paths = &folder, .path_count = 1, .limits = { .disk_bytes = MIB } };
	pid_t child = headless_child();
	struct disk *disk;
	struct tree tree;
	uint64_t largest;

	cr_assert_eq(disk_open(&spec, NULL, &disk, &largest, NULL), 0);
	cr_assert_eq(tree_open(-1, getpid(), &tree, NULL), 0);
	tree_read(&tree);
	cr_assert_eq(tree.count, 2);
	cr_expect_geq(tree_memory_most(&tree).anonymous, HEADLESS_BYTES);
	cr_expect_geq(tree_written(&tree), MIB);
	cr_expect_geq(tree_unseen(&tree, disk), MIB);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	tree_release(&tree);
	disk_close(disk);
}

/* `sleep`, once it runs: what this process has mapped is gone from it, what is open and not marked to be closed is not. */
static pid_t sleeper(const char *program)
{
	pid_t pid;
	int started[2];
	char none;

	cr_assert_eq(pipe2(started, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		execl(program, "sleep", "1000", (char *)NULL);
		_exit(127);
	}
	close(started[1]);
	cr_assert_eq(read(started[0], &none, 1), 0);
	close(started[0]);
	return pid;
}

static bool may_hide_files(void)
{
	struct tree tree;
	bool may;

	cr_assert_eq(tree_open(-1, getpid(), &tree, NULL), 0);
	tree_read(&tree);
	cr_assert_eq(tree.count, 2);
	may = tree_may_hide_files(&tree);
	tree_release(&tree);
	return may;
}

/* Also by who was read before it ended. */
static void expect_ended_hides_nothing(pid_t child)
{
	struct tree tree;

	cr_assert_eq(tree_open(-1, getpid(), &tree, NULL), 0);
	tree_read(&tree);
	kill(child, SIGKILL);
	waitid(P_PID, (id_t)child, NULL, WEXITED | WNOWAIT);
	cr_expect_not(tree_may_hide_files(&tree));
	cr_expect_not(may_hide_files());
	waitpid(child, NULL, 0);
	tree_release(&tree);
}

static void a_socket_may_hide_files(void)
{
	pid_t child;
	int pair[2];

	close_range(0, ~0U, CLOSE_RANGE_CLOEXEC);
	child = sleeper("/bin/sleep");
	cr_expect_not(may_hide_files());
	expect_ended_hides_nothing(child);
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	child = sleeper("/bin/sleep");
	cr_expect(may_hide_files());
	expect_ended_hides_nothing(child);
}

Test(jail_watch, a_socket_may_hide_files)
{
	a_socket_may_hide_files();
}

Test(jail_watch, a_socket_may_hide_files_as_user) /* whom the kernel lets see less of what ends */
{
	call_as_user();
	a_socket_may_hide_files();
}

Test(jail_watch, a_mapping_may_hide_a_file)
{
	char program[128];
	pid_t child;

	close_range(0, ~0U, CLOSE_RANGE_CLOEXEC);
	call_shell_outside("cp /bin/sleep %s/mapped", call.folder);
	snprintf(program, sizeof(program), "%s/mapped", call.folder);
	child = sleeper(program);
	cr_expect_not(may_hide_files());
	call_shell_outside("rm %s/mapped", call.folder);
	cr_expect(may_hide_files());
	expect_ended_hides_nothing(child);
}
