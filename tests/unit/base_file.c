// SPDX-License-Identifier: Apache-2.0
/*
 * base_file.c - whole reads and whole writes, on files that are too long, in the way, or not files.
 */
#include "sandbox/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "tests/unit/base_scratch.h"

TestSuite(file, .init = scratch_make, .fini = scratch_drop, .timeout = 30);

static int read_at(const char *name, size_t limit, struct buf *out, struct cordon_err *err)
{
	buf_init(out, limit);
	return file_read(AT_FDCWD, at(name), out, err);
}

static size_t names_in_scratch(void)
{
	cleanup_dir DIR *dir = opendir(scratch);
	size_t count = 0;

	cr_assert_not_null(dir);
	while (readdir(dir))
		count++;
	return count - 2;
}

Test(file, reads_all_of_it_up_to_the_limit)
{
	static const size_t sizes[] = { 0, 1, 63, 64, 65535, 65536, 65537, 200000 };

	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		cleanup_free char *bytes = malloc(sizes[i] + 1);
		cleanup_buf struct buf exact = { 0 };
		cleanup_buf struct buf tight = { 0 };
		struct cordon_err err = { 0 };

		cr_assert_not_null(bytes);
		memset(bytes, 'x', sizes[i] + 1);
		put("f", (struct cordon_slice){ bytes, sizes[i] });
		cr_assert_eq(read_at("f", sizes[i], &exact, &err), 0, "%zu: %s", sizes[i], err.text);
		cr_assert_eq(exact.len, sizes[i]);
		cr_assert_eq(strlen(buf_text(&exact)), sizes[i]);
		if (!sizes[i])
			continue;
		cr_expect_eq(read_at("f", sizes[i] - 1, &tight, &err), CORDON_ELIMIT);
		cr_expect_not_null(strstr(err.text, "more than"));
	}
}

Test(file, refuses_what_is_no_regular_file_without_waiting)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	cleanup_close int socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	cleanup_buf struct buf out = { 0 };
	struct cordon_err err = { 0 };

	cr_assert_eq(mkfifo(at("fifo"), 0600), 0);
	cr_assert_eq(mkdir(at("folder"), 0700), 0);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", at("socket"));
	cr_assert_eq(bind(socket_fd, (struct sockaddr *)&address, sizeof(address)), 0);
	cr_expect_eq(read_at("fifo", 10, &out, &err), CORDON_EINVAL);
	cr_expect_eq(read_at("folder", 10, &out, &err), CORDON_EINVAL);
	cr_expect_not_null(strstr(err.text, "folder' is not a regular file"));
	cr_expect_eq(read_at("socket", 10, &out, &err), CORDON_ESYS);
	cr_expect_eq(read_at("missing", 10, &out, &err), CORDON_ESYS);
	cr_expect_eq(err.os_errno, ENOENT);
	cr_expect_eq(file_read(AT_FDCWD, "/dev/zero", &out, &err), CORDON_EINVAL);
}

Test(file, reads_a_pipe_in_pieces)
{
	cleanup_buf struct buf out = { 0 };
	int ends[2];
	pid_t pid;

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) {
		for (int i = 0; i < 100; i++)
			if (write(ends[1], "0123456789", 10) != 10)
				_exit(1);
		_exit(0);
	}
	close(ends[1]);
	buf_init(&out, 1000);
	cr_expect_eq(file_read_fd(ends[0], &out, NULL), 0);
	cr_expect_eq(out.len, 1000);
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

Test(file, writes_all_of_it_to_a_slow_reader)
{
	static char bytes[1 << 20];
	cleanup_buf struct buf out = { 0 };
	int ends[2];
	pid_t pid;

	memset(bytes, 'y', sizeof(bytes));
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	cr_assert_geq(pid, 0);
	if (!pid) {
		close(ends[0]);
		_exit(file_write_fd(ends[1], (struct cordon_slice){ bytes, sizeof(bytes) }, NULL) != 0);
	}
	close(ends[1]);
	buf_init(&out, sizeof(bytes));
	cr_expect_eq(file_read_fd(ends[0], &out, NULL), 0);
	cr_expect_eq(out.len, sizeof(bytes));
	close(ends[0]);
	waitpid(pid, NULL, 0);
}

Test(file, replaces_a_file_as_a_whole_and_leaves_nothing_beside_it)
{
	cleanup_close int dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_buf struct buf out = { 0 };
	struct stat status;

	umask(0022);
	cr_assert_eq(file_replace(dir, "f", 0600, SLICE("old and longer"), NULL), 0);
	cr_assert_eq(file_replace(dir, "f", 0600, SLICE("new"), NULL), 0);
	cr_assert_eq(read_at("f", 100, &out, NULL), 0);
	cr_expect_str_eq(buf_text(&out), "new");
	cr_assert_eq(stat(at("f"), &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0600);
	cr_expect_eq(names_in_scratch(), 1);
}

Test(file, a_replacement_that_fails_leaves_the_old_one)
{
	cleanup_close int dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct rlimit small = { 2, RLIM_INFINITY };
	cleanup_buf struct buf out = { 0 };
	struct cordon_err err = { 0 };
	struct rlimit before;

	cr_assert_eq(file_replace(dir, "f", 0600, SLICE("old"), NULL), 0);
	cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
	signal(SIGXFSZ, SIG_IGN);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
	cr_expect_eq(file_replace(dir, "f", 0600, SLICE("new and longer"), &err), CORDON_ESYS);
	cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
	cr_expect_eq(err.os_errno, EFBIG);
	cr_assert_eq(read_at("f", 100, &out, NULL), 0);
	cr_expect_str_eq(buf_text(&out), "old");
	cr_expect_eq(names_in_scratch(), 1, "the temporary file was left");
}

Test(file, replaces_a_link_and_not_what_it_points_to)
{
	cleanup_close int dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_buf struct buf out = { 0 };
	struct stat status;

	put("outside", SLICE("precious"));
	cr_assert_eq(symlink("outside", at("f")), 0);
	cr_assert_eq(file_replace(dir, "f", 0600, SLICE("new"), NULL), 0);
	cr_assert_eq(lstat(at("f"), &status), 0);
	cr_expect(S_ISREG(status.st_mode));
	cr_assert_eq(read_at("outside", 100, &out, NULL), 0);
	cr_expect_str_eq(buf_text(&out), "precious");
}

Test(file, cannot_replace_a_folder_or_use_an_endless_name)
{
	cleanup_close int dir = open(scratch, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char name[NAME_MAX + 1];

	cr_assert_eq(mkdir(at("folder"), 0700), 0);
	cr_expect_eq(file_replace(dir, "folder", 0600, SLICE("x"), NULL), CORDON_ESYS);
	cr_expect_eq(names_in_scratch(), 1);
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	cr_expect_eq(file_replace(dir, name, 0600, SLICE("x"), NULL), CORDON_ELIMIT);
}

Test(file, makes_folders_on_the_way)
{
	struct stat status;

	umask(0022);
	cr_assert_eq(file_make_dirs(at("a/b//c/"), 0700, NULL), 0);
	cr_assert_eq(stat(at("a/b/c"), &status), 0);
	cr_expect_eq(status.st_mode & 07777, 0700);
	cr_expect_eq(file_make_dirs(at("a/b/c"), 0700, NULL), 0, "it exists already");
	cr_expect_eq(file_make_dirs("/", 0700, NULL), 0);
}

Test(file, makes_no_folder_where_a_file_stands)
{
	struct cordon_err err = { 0 };
	char longest[PATH_MAX + 10];

	put("f", SLICE("x"));
	cr_expect_eq(file_make_dirs(at("f"), 0700, &err), CORDON_EINVAL);
	cr_expect_not_null(strstr(err.text, "is not a folder"));
	cr_expect_eq(file_make_dirs(at("f/b"), 0700, &err), CORDON_ESYS);
	cr_expect_eq(file_make_dirs("", 0700, &err), CORDON_EINVAL);
	memset(longest, '/', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	cr_expect_eq(file_make_dirs(longest, 0700, &err), CORDON_EINVAL);
}
