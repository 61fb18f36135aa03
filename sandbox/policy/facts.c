// SPDX-License-Identifier: Apache-2.0
/*
 * facts.c - path arguments, resolved by the kernel beneath their roots.
 *
 * The string is never judged by its spelling: the kernel walks it beneath the root (RESOLVE_BENEATH|RESOLVE_NO_MAGICLINKS),
 * and what it found is asked for its name. So `..`, links, mount points and races are the kernel's to answer, and the
 * descriptor that was checked is the one that the tool gets. Only the way to the root of an absolute value is compared as
 * text, component by component, with a root that has no link in it. What does not exist yet is decided by its deepest
 * existing folder; what remains may hold no `..`, and may not be a link that leads to nothing.
 */
#include "sandbox/policy/facts.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"
#include "sandbox/policy/schema/schema.h"

#define PATHS_MAX 32 /* descriptors that one call may hold; more is a refusal */
#define RETRIES 16 /* EAGAIN: somebody renames while the kernel walks */

static int open_beneath(int folder, const char *path, uint64_t resolve)
{
	struct open_how how = { .flags = O_PATH | O_CLOEXEC, .resolve = resolve };
	long fd = -1;

	for (int tries = 0; tries < RETRIES; tries++) {
		fd = syscall(SYS_openat2, folder, path, &how, sizeof(how));
		if (fd >= 0 || errno != EAGAIN)
			break;
	}
	return (int)fd;
}

/* One component after another; a link or `..` on the way gives ELOOP or EXDEV. */
static int open_walking(int folder, const char *path)
{
	cleanup_free char *rest = strdup(path);
	cleanup_close int at = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	char *next = rest;
	struct stat stat;

	while (at >= 0 && next) {
		char *slash = strchr(next, '/');
		int fd;

		if (slash)
			*slash = '\0';
		if (!strcmp(next, "..")) {
			errno = EXDEV;
			return -1;
		}
		fd = openat(at, *next ? next : ".", O_PATH | O_NOFOLLOW | O_CLOEXEC);
		if (fd < 0)
			return -1;
		close(at);
		at = fd;
		if (fstat(at, &stat) < 0)
			return -1;
		if (S_ISLNK(stat.st_mode)) {
			errno = ELOOP;
			return -1;
		}
		next = slash ? slash + 1 : NULL;
	}
	return rest ? TAKE_FD(at) : -1;
}

static int open_path(enum facts_way way, int folder, const char *path)
{
	int fd = -1;

	if (way == FACTS_BENEATH) {
		fd = open_beneath(folder, path, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
		if (fd >= 0 || errno != ENOSYS)
			return fd;
	}
	return open_walking(folder, path);
}

/* The root, without a link on the way to it. */
static int open_root(enum facts_way way, const char *root)
{
	cleanup_close int top = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	const char *rest = root + 1;
	int fd = -1;

	if (top < 0)
		return -1;
	if (way == FACTS_BENEATH) {
		fd = open_beneath(top, *rest ? rest : ".", RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS);
		if (fd >= 0 || errno != ENOSYS)
			return fd;
	}
	return open_walking(top, *rest ? rest : ".");
}

static const struct {
	int error;
	const char *text;
} faults[] = {
	{ EXDEV, "leads out of the folder that it must stay in" },
	{ ELOOP, "goes through a link that is not followed here" },
	{ ENOTDIR, "goes through something that is no folder" },
	{ EACCES, "cannot be reached: permission is missing" },
	{ EPERM, "cannot be reached: permission is missing" },
	{ ENAMETOOLONG, "is longer than a path can be" },
	{ EAGAIN, "changes while it is looked at" },
	{ EINVAL, "is no path" },
};

static int note(struct fact_path *fact, const char *text, struct cordon_err *err)
{
	fact->fault = strdup(text);
	return fact->fault ? 0 : err_nomem(err);
}

static int note_errno(struct fact_path *fact, int error, struct cordon_err *err)
{
	if (error == EMFILE || error == ENFILE || error == ENOMEM)
		return err_set(err, CORDON_ESYS, error, "cannot open a path argument");
	for (size_t i = 0; i < ARRAY_LEN(faults); i++)
		if (faults[i].error == error)
			return note(fact, faults[i].text, err);
	return note(fact, "cannot be reached", err);
}

/* The next component of *at, which moves behind it; empty ones and "." are skipped. len 0: the end. */
static struct cordon_slice next_component(const char **at)
{
	struct cordon_slice part;

	do {
		*at += strspn(*at, "/");
		part = (struct cordon_slice){ *at, strcspn(*at, "/") };
		*at += part.len;
	} while (slice_is(part, "."));
	return part;
}

/* Of an absolute value what is below root; NULL where it does not begin with root's components. */
static const char *below_root(const char *root, const char *value)
{
	for (;;) {
		struct cordon_slice wanted = next_component(&root);
		struct cordon_slice have;

		if (!wanted.len)
			return value;
		have = next_component(&value);
		if (!slice_equal(wanted, have))
			return NULL;
	}
}

/* The name of the open object. *out is malloc()ed, or stays NULL with the fault noted. */
static int name_of(struct fact_path *fact, int fd, char **out, struct cordon_err *err)
{
	char link[32];
	char path[PATH_MAX];
	struct stat stat;
	struct stat named;
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	len = readlink(link, path, sizeof(path));
	if (len <= 0 || (size_t)len >= sizeof(path) || path[0] != '/' || fstat(fd, &stat) < 0)
		return note(fact, "cannot be named: /proc does not tell", err);
	if (!stat.st_nlink)
		return note(fact, "was removed while it was looked at", err);
	if (utf8_valid_until((struct cordon_slice){ path, (size_t)len }) != (size_t)len)
		return note(fact, "leads to a name that is not UTF-8", err);
	path[len] = '\0';
	/* One of several names may be gone: the kernel then says "name (deleted)", which is no name of anything. */
	if (lstat(path, &named) < 0 || named.st_dev != stat.st_dev || named.st_ino != stat.st_ino)
		return note(fact, "was renamed or removed while it was looked at", err);
	*out = strdup(path);
	return *out ? 0 : err_nomem(err);
}

/* Sets below from canonical, which must begin with root: the kernel said so, and this is the second look. */
static int set_below(struct fact_path *fact, const char *root, struct cordon_err *err)
{
	const char *rest = below_root(root, fact->canonical);

	if (!rest)
		return note(fact, "leads out of the folder that it must stay in", err);
	rest += strspn(rest, "/");
	fact->below = strdup(*rest ? rest : ".");
	return fact->below ? 0 : err_nomem(err);
}

static int resolve_existing(struct fact_path *fact, const char *root, int fd, struct cordon_err *err)
{
	struct stat stat;
	int rc = name_of(fact, fd, &fact->canonical, err);

	if (rc < 0 || fact->fault)
		return rc;
	if (fstat(fd, &stat) < 0)
		return note_errno(fact, errno, err);
	if (S_ISLNK(stat.st_mode))
		return note(fact, "is a link", err);
	fact->exists = true;
	fact->links = S_ISREG(stat.st_mode) ? stat.st_nlink : 1;
	return set_below(fact, root, err);
}

/* Joins folder and the components of rest, which hold no "..". */
static int join_rest(struct fact_path *fact, const char *folder, const char *rest, struct cordon_err *err)
{
	cleanup_buf struct buf path = { .limit = PATH_MAX };
	int rc = buf_add_text(&path, strcmp(folder, "/") ? folder : "", NULL);

	for (;;) {
		struct cordon_slice part = next_component(&rest);

		if (!part.len)
			break;
		if (slice_is(part, ".."))
			return note(fact, "does not exist and holds '..'", err);
		if (part.len > NAME_MAX)
			return note(fact, "is longer than a path can be", err);
		rc = rc < 0 ? rc : buf_add_text(&path, "/", NULL);
		rc = rc < 0 ? rc : buf_add(&path, part, NULL);
	}
	if (rc < 0)
		return rc == CORDON_ENOMEM ? err_nomem(err) : note(fact, "is longer than a path can be", err);
	fact->canonical = buf_take(&path);
	return fact->canonical ? 0 : err_nomem(err);
}

/* rest begins right behind the folder that fd holds. */
static int resolve_new(struct fact_path *fact, const char *root, int fd, const char *rest, struct cordon_err *err)
{
	cleanup_free char *folder = NULL;
	const char *at = rest;
	struct cordon_slice first = next_component(&at);
	char name[NAME_MAX + 1];
	struct stat stat;
	int rc = name_of(fact, fd, &folder, err);

	if (rc < 0 || fact->fault)
		return rc;
	if (first.len > NAME_MAX)
		return note(fact, "is longer than a path can be", err);
	memcpy(name, first.data, first.len);
	name[first.len] = '\0';
	if (fstatat(fd, name, &stat, AT_SYMLINK_NOFOLLOW) == 0)
		return note(fact,
			    S_ISLNK(stat.st_mode) ? "is a link that leads to nothing" : "changes while it is looked at",
			    err);
	rc = join_rest(fact, folder, rest, err);
	return rc < 0 || fact->fault ? rc : set_below(fact, root, err);
}

struct root {
	enum facts_way way;
	const char *path;
	int fd;
};

/* Looks for the deepest existing folder: rest is cut behind one component after another, from the end. */
static int resolve_missing(const struct root *root, const char *rest, struct fact_path *fact, struct cordon_err *err)
{
	cleanup_free char *head = strdup(rest);
	size_t cut = strlen(rest);
	struct stat stat;

	if (!head)
		return err_nomem(err);
	for (;;) {
		cleanup_close int fd = -1;

		while (cut > 0 && head[cut - 1] == '/')
			cut--;
		while (cut > 0 && head[cut - 1] != '/')
			cut--;
		head[cut] = '\0';
		fd = open_path(root->way, root->fd, cut ? head : ".");
		if (fd < 0 && (errno != ENOENT || !cut))
			return note_errno(fact, errno, err);
		if (fd < 0)
			continue;
		if (fstat(fd, &stat) < 0 || !S_ISDIR(stat.st_mode))
			return note(fact, "goes through something that is no folder", err);
		fact->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (fact->fd < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot hold a path argument");
		return resolve_new(fact, root->path, fact->fd, rest + cut, err);
	}
}

static int resolve(enum facts_way way, const char *root, const char *value, struct fact_path *fact,
		   struct cordon_err *err)
{
	cleanup_close int root_fd = -1;
	const char *rest = value;
	struct cordon_slice text = slice_of(value);

	if (!text.len)
		return note(fact, "is empty", err);
	if (text.len >= PATH_MAX)
		return note(fact, "is longer than a path can be", err);
	if (utf8_valid_until(text) != text.len)
		return note(fact, "is not UTF-8", err);
	if (value[0] == '/')
		rest = below_root(root, value);
	if (!rest)
		return note(fact, "is outside of the folder that it must stay in", err);
	rest += value[0] == '/' ? strspn(rest, "/") : 0;
	root_fd = open_root(way, root);
	if (root_fd < 0 && (errno == ELOOP || errno == ENOENT || errno == ENOTDIR))
		return note(fact, "cannot be resolved: the folder that it must stay in has gone, or became a link",
			    err);
	if (root_fd < 0)
		return note_errno(fact, errno, err);
	fact->fd = open_path(way, root_fd, *rest ? rest : ".");
	if (fact->fd >= 0)
		return resolve_existing(fact, root, fact->fd, err);
	if (errno != ENOENT)
		return note_errno(fact, errno, err);
	return resolve_missing(&(struct root){ way, root, root_fd }, rest, fact, err);
}

int fact_resolve(enum facts_way way, const char *root, const char *value, struct fact_path *fact,
		 struct cordon_err *err)
{
	int rc;

	fact->fd = -1;
	rc = resolve(way, root, value, fact, err);
	if ((rc < 0 || fact->fault) && fact->fd >= 0) {
		close(fact->fd);
		fact->fd = -1;
	}
	return rc;
}

/* ---- all of a call ---- */

static int gather_one(void *ctx, const char *pointer, const char *text, const char *root, struct cordon_err *err)
{
	struct facts *facts = ctx;
	struct fact_path *fact;

	if (facts->path_count == PATHS_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d paths in one call", PATHS_MAX);
	fact = &facts->paths[facts->path_count++];
	fact->fd = -1;
	fact->pointer = strdup(pointer);
	fact->root = strdup(root);
	if (!fact->pointer || !fact->root)
		return err_nomem(err);
	return fact_resolve(FACTS_BENEATH, root, text, fact, err);
}

int facts_gather(const struct policy *policy, const struct tool *tool, const json_t *args, struct facts *facts,
		 struct cordon_err *err)
{
	struct facts found = { .start = policy->workspace };
	int rc;

	found.paths = calloc(PATHS_MAX, sizeof(*found.paths));
	if (!found.paths)
		return err_nomem(err);
	rc = schema_each_path(tool->schema, args, gather_one, &found, err);
	/* What is wrong with the arguments leaves a path without a fact, and the check refuses that. */
	if (rc < 0 && rc != CORDON_EINVAL && rc != CORDON_ELIMIT) {
		facts_release(&found);
		return rc;
	}
	*facts = found;
	return 0;
}

void facts_release(struct facts *facts)
{
	for (size_t i = 0; i < facts->path_count; i++) {
		struct fact_path *fact = &facts->paths[i];

		free(fact->pointer);
		free(fact->canonical);
		free(fact->below);
		free(fact->fault);
		free(fact->root);
		if (fact->fd >= 0)
			close(fact->fd);
	}
	free(facts->paths);
	*facts = (struct facts){ .paths = NULL };
}
