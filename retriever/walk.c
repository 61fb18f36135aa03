// SPDX-License-Identifier: Apache-2.0
/*
 * walk.c - files and folders into the store.
 *
 * A folder is walked through descriptors, in byte order of the names, links not followed; what is no regular file is
 * skipped without being opened for long (O_NONBLOCK). A file is read as a whole up to a limit, so one that grows while
 * it is read ends there. Documents of the folder that this walk did not meet are taken out of the store, unless part of
 * the folder could not be read: then nobody can say what is gone.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "retriever/intake.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define DEPTH_MAX 64 /* folders in folders; each holds two descriptors */
#define PATH_BYTES_MAX 65536
#define SNIFF_BYTES 8192
#define FOREIGN_SHARE 10 /* more than a tenth that is no UTF-8 is not text */

struct walk {
	struct intake_run *run;
	struct buf path; /* of what is at hand, as the documents are named */
	bool complete; /* every folder could be read */
};

static bool is_binary(struct cordon_slice bytes)
{
	size_t foreign = 0;

	if (bytes.len > SNIFF_BYTES)
		bytes.len = SNIFF_BYTES;
	if (bytes.len && memchr(bytes.data, '\0', bytes.len))
		return true;
	for (size_t at = 0; at < bytes.len;) {
		at += utf8_valid_until(slice_from(bytes, at));
		foreign += at < bytes.len;
		at++;
	}
	return foreign * FOREIGN_SHARE > bytes.len;
}

static int skip(struct walk *walk, const char *why)
{
	struct cordon_err reason = { 0 };

	err_set(&reason, CORDON_EINVAL, 0, "skipped: %s", why);
	intake_skipped(walk->run, buf_text(&walk->path), &reason);
	return 0;
}

/* It is there, but cannot be read. What an earlier run stored of it stays. */
static int fail(struct walk *walk, const struct cordon_err *why, struct cordon_err *err)
{
	const struct intake_label label = { .name = buf_text(&walk->path) };

	intake_failed(walk->run, label.name, why);
	return intake_add(walk->run, &label, NULL, err);
}

/* Hostile bytes are unpacked in the shield's child, never here. *bytes is replaced. */
static int unpack(struct walk *walk, struct buf *bytes, struct cordon_err *why)
{
	struct buf plain = { .limit = SHIELD_TEXT_MAX };
	int rc = shield_unpack(walk->run->rules->shield, buf_slice(bytes), &plain, why);

	if (rc < 0) {
		buf_release(&plain);
		return rc;
	}
	buf_release(bytes);
	*bytes = plain;
	return 0;
}

static int take_file(struct walk *walk, int fd, const struct stat *status, struct cordon_err *err)
{
	const struct intake_label label = { .name = buf_text(&walk->path), .uri = buf_text(&walk->path) };
	cleanup_buf struct buf bytes = { 0 };
	struct cordon_err why = { 0 };

	if (status->st_size > (off_t)SHIELD_TEXT_MAX)
		return skip(walk, "larger than 64 MiB");
	buf_init(&bytes, SHIELD_TEXT_MAX);
	switch (file_read_fd(fd, &bytes, &why)) {
	case 0:
		break;
	case CORDON_ELIMIT:
		return skip(walk, "it grew past 64 MiB while it was read");
	default:
		return fail(walk, &why, err);
	}
	if (slice_starts(buf_slice(&bytes), SLICE("\x1f\x8b")) && unpack(walk, &bytes, &why) < 0)
		return fail(walk, &why, err);
	if (is_binary(buf_slice(&bytes)))
		return skip(walk, "binary, not text");
	return intake_add(walk->run, &label, &bytes, err);
}

static int by_name(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

struct names {
	char **at;
	size_t count, room;
};

static void names_release(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->at[i]);
	free(names->at);
}

static int read_names(DIR *dir, struct names *names, struct cordon_err *err)
{
	const struct dirent *entry;

	errno = 0;
	while ((entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (names->count == names->room) {
			size_t room = names->room ? 2 * names->room : 64;
			char **grown = reallocarray(names->at, room, sizeof(*grown));

			if (!grown)
				return err_nomem(err);
			names->at = grown;
			names->room = room;
		}
		names->at[names->count] = strdup(entry->d_name);
		if (!names->at[names->count++])
			return err_nomem(err);
		errno = 0;
	}
	if (errno)
		return err_set(err, CORDON_ESYS, errno, "cannot read the folder");
	qsort(names->at, names->count, sizeof(*names->at), by_name);
	return 0;
}

/* A folder that could not be read is told once; its documents stay. */
static int miss(struct walk *walk, const struct cordon_err *why)
{
	walk->complete = false;
	intake_failed(walk->run, buf_text(&walk->path), why);
	return 0;
}

/* Opened without following a link and without waiting for a writer of a FIFO. */
static int open_entry(int folder, const char *name, struct stat *status)
{
	cleanup_close int fd = -1;

	if (fstatat(folder, name, status, AT_SYMLINK_NOFOLLOW) < 0 ||
	    (!S_ISREG(status->st_mode) && !S_ISDIR(status->st_mode)))
		return -1;
	fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, status) < 0)
		return -1;
	return TAKE_FD(fd);
}

/* fd is taken. The folder's entries, and those of the folders in it. */
static int take_folder(struct walk *walk, int fd, int depth, struct cordon_err *err)
{
	CLEANUP(names_release) struct names names = { 0 };
	cleanup_dir DIR *dir = fdopendir(fd);
	const size_t len = walk->path.len;
	struct cordon_err why = { 0 };
	int rc = 0;

	if (!dir) {
		close(fd);
		return err_nomem(err);
	}
	if (depth > DEPTH_MAX)
		err_set(&why, CORDON_ELIMIT, 0, "more than %d folders in one another", DEPTH_MAX);
	if (why.code || read_names(dir, &names, &why) < 0)
		return miss(walk, &why);
	for (size_t i = 0; rc == 0 && i < names.count; i++) {
		struct stat status = { 0 };
		int entry = open_entry(fd, names.at[i], &status);
		int os_errno = errno;

		walk->path.len = len;
		rc = buf_addf(&walk->path, err, "%s%s", len && walk->path.data[len - 1] == '/' ? "" : "/", names.at[i]);
		if (rc == 0 && entry >= 0 && S_ISDIR(status.st_mode)) {
			rc = take_folder(walk, TAKE_FD(entry), depth + 1, err);
		} else if (rc == 0 && entry >= 0 && S_ISREG(status.st_mode)) {
			rc = take_file(walk, entry, &status, err);
		} else if (rc == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))) {
			err_set(&why, CORDON_ESYS, os_errno, "cannot open it");
			rc = S_ISDIR(status.st_mode) ? miss(walk, &why) : fail(walk, &why, err);
		} else if (rc == 0) {
			rc = skip(walk, S_ISLNK(status.st_mode) ? "a link, not followed" : "not a regular file");
		}
		if (entry >= 0)
			close(entry);
	}
	walk->path.len = len;
	if (walk->path.data)
		walk->path.data[len] = '\0';
	return rc;
}

/* Documents of the folder that were not met are gone from it. */
static int prune(struct walk *walk, struct cordon_err *err)
{
	cleanup_buf struct buf out = { 0 };
	cleanup_buf struct buf prefix = { 0 };
	uint64_t gone = 0;
	int rc;

	buf_init(&out, PATH_BYTES_MAX + 4096);
	buf_init(&prefix, PATH_BYTES_MAX + 1);
	rc = buf_addf(&prefix, err, "%s%s", buf_text(&walk->path),
		      walk->path.data[walk->path.len - 1] == '/' ? "" : "/");
	walk->run->batch.count = 0;
	rc = rc < 0 ? rc : store_wire_put_batch(&out, &walk->run->batch, err);
	rc = rc < 0 ? rc : wire_put_text(&out, buf_text(&prefix), err);
	rc = rc < 0 ? rc : retriever_ask_number(walk->run->retriever, STORE_PRUNE, buf_slice(&out), &gone, err);
	if (rc == 0)
		walk->run->tally->removed += gone;
	return rc;
}

static int take_named(struct walk *walk, struct cordon_err *err)
{
	cleanup_close int fd = -1;
	struct stat status = { 0 };
	struct cordon_err why = { 0 };
	bool folder;
	int rc;

	/* A path that a person names may be a link; what lies below it may not. */
	fd = open(buf_text(&walk->path), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) < 0) {
		err_set(&why, CORDON_ESYS, errno, "cannot open it");
		intake_failed(walk->run, buf_text(&walk->path), &why);
		return 0;
	}
	folder = S_ISDIR(status.st_mode);
	if (!folder && !S_ISREG(status.st_mode))
		return skip(walk, "not a regular file");
	rc = folder ? take_folder(walk, TAKE_FD(fd), 0, err) : take_file(walk, fd, &status, err);
	rc = rc < 0 ? rc : intake_flush(walk->run, err); /* the last group goes out */
	rc = rc < 0 ? rc : intake_flush(walk->run, err); /* and its answer comes in */
	return rc == 0 && folder && walk->complete ? prune(walk, err) : rc;
}

int retriever_index_path(struct retriever *retriever, const struct retriever_intake *intake, const char *path,
			 struct retriever_tally *tally, struct cordon_err *err)
{
	struct intake_run run;
	struct walk walk = { .run = &run, .complete = true };
	size_t len = strlen(path);
	int rc;

	if (!len)
		return err_set(err, CORDON_EINVAL, 0, "an empty path: name a file or a folder");
	rc = intake_begin(&run, retriever, intake, tally, err);
	if (rc < 0)
		return rc;
	while (len > 1 && path[len - 1] == '/')
		len--;
	buf_init(&walk.path, PATH_BYTES_MAX);
	rc = buf_add(&walk.path, (struct cordon_slice){ path, len }, err);
	rc = rc < 0 ? rc : take_named(&walk, err);
	buf_release(&walk.path);
	intake_end(&run);
	return rc;
}
