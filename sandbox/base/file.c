// SPDX-License-Identifier: Apache-2.0
/*
 * file.c - whole reads and whole writes.
 */
#include "sandbox/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"

#define READ_BYTES (64u << 10) /* a pipe's capacity */

/* How much to ask for: what the buffer has room for, so that a file whose size was known makes it grow no more. */
static size_t wanted(const struct buf *out)
{
	size_t left = out->limit - out->len;
	size_t room = out->data && out->room > out->len + 1 ? out->room - out->len - 1 : READ_BYTES;

	return room < left ? room : left;
}

int file_read_fd(int fd, struct buf *out, struct cordon_err *err)
{
	for (;;) {
		size_t want = wanted(out); /* 0: a byte more would be too much, and is looked for */
		char spare;
		char *to = want ? buf_reserve(out, want, err) : &spare;
		ssize_t got;

		if (!to)
			return CORDON_ENOMEM;
		got = read(fd, to, want ? want : 1);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot read");
		if (got == 0)
			return 0;
		if (!want)
			return err_set(err, CORDON_ELIMIT, 0, "more than %zu bytes", out->limit);
		out->len += (size_t)got;
		out->data[out->len] = '\0';
	}
}

int file_read(int dirfd, const char *path, struct buf *out, struct cordon_err *err)
{
	cleanup_close int fd = -1;
	struct stat status;
	int rc;

	fd = openat(dirfd, path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot open '%s'", path);
	if (fstat(fd, &status) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot look at '%s'", path);
	if (!S_ISREG(status.st_mode))
		return err_set(err, CORDON_EINVAL, 0, "'%s' is not a regular file", path);
	if (status.st_size > 0 && (uint64_t)status.st_size < out->limit - out->len &&
	    !buf_reserve(out, (size_t)status.st_size + 1, err))
		return CORDON_ENOMEM;
	rc = file_read_fd(fd, out, err);
	return rc < 0 ? err_wrap(err, rc, "'%s'", path) : 0;
}

int file_write_fd(int fd, struct cordon_slice bytes, struct cordon_err *err)
{
	while (bytes.len) {
		ssize_t put = write(fd, bytes.data, bytes.len);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot write");
		bytes.data += put;
		bytes.len -= (size_t)put;
	}
	return 0;
}

static int write_new(int dirfd, const char *name, mode_t mode, struct cordon_slice bytes, struct cordon_err *err)
{
	cleanup_close int fd = -1;
	int rc;

	fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make '%s'", name);
	rc = file_write_fd(fd, bytes, err);
	if (rc == 0 && fdatasync(fd) < 0)
		rc = err_set(err, CORDON_ESYS, errno, "cannot flush '%s'", name);
	return rc;
}

int file_replace(int dirfd, const char *name, mode_t mode, struct cordon_slice bytes, struct cordon_err *err)
{
	char ident[IDENT_TEXT];
	char temporary[NAME_MAX + 1];
	cleanup_close int folder = -1;
	int rc;

	rc = ident_make(ident, err);
	if (rc < 0)
		return rc;
	if ((size_t)snprintf(temporary, sizeof(temporary), ".%s.%.8s.tmp", name, ident) >= sizeof(temporary))
		return err_set(err, CORDON_ELIMIT, 0, "the name '%s' is too long", name);
	rc = write_new(dirfd, temporary, mode, bytes, err);
	if (rc == 0 && renameat(dirfd, temporary, dirfd, name) < 0)
		rc = err_set(err, CORDON_ESYS, errno, "cannot replace '%s'", name);
	if (rc < 0) {
		unlinkat(dirfd, temporary, 0);
		return rc;
	}
	folder = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0 || fsync(folder) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot flush the folder of '%s'", name);
	return 0;
}

int file_make_dirs(const char *path, mode_t mode, struct cordon_err *err)
{
	char part[PATH_MAX];
	size_t len = strlen(path);
	struct stat status;

	if (!len || len >= sizeof(part))
		return err_set(err, CORDON_EINVAL, 0, "'%s' is not the name of a folder", path);
	memcpy(part, path, len + 1);
	for (char *at = part + 1; *at; at++) {
		if (*at != '/')
			continue;
		*at = '\0';
		if (mkdir(part, mode) < 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
			return err_set(err, CORDON_ESYS, errno, "cannot make the folder '%s'", part);
		*at = '/';
	}
	if (mkdir(part, mode) == 0)
		return 0;
	if (errno != EEXIST)
		return err_set(err, CORDON_ESYS, errno, "cannot make the folder '%s'", part);
	if (stat(part, &status) < 0 || !S_ISDIR(status.st_mode))
		return err_set(err, CORDON_EINVAL, 0, "'%s' is there already and is not a folder", part);
	return 0;
}
