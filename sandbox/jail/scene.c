// SPDX-License-Identifier: Apache-2.0
/*
 * scene.c - what the plan of a call needs to know of this host.
 *
 * A handful of readlink() and stat() calls; nothing is kept between calls, because a host changes while we run.
 */
#include "sandbox/jail/scene.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"

#define SPARE_FIRST 0x70000000U /* above every range that systemd's and shadow's conventions give away */
#define SPARE_COUNT 0x00ff0000U
#define TOP_MAX 128 /* names in "/" */
#define PASSWD_MAX (1u << 20)

static const char *const roots[SCENE_ROOTS] = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };
static const char *const etc[SCENE_ETC] = { "/etc/ld.so.cache", "/etc/alternatives", "/etc/ssl/certs",
					    "/etc/localtime" };

bool scene_beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	if (len == 1 && root[0] == '/')
		return path[0] == '/';
	return !strncmp(path, root, len) && (path[len] == '/' || path[len] == '\0');
}

char *scene_canonical(const char *path)
{
	cleanup_free char *head = strdup(path);
	char real[PATH_MAX];
	char *joined;

	while (head && head[0] && !realpath(head, real)) {
		char *slash = strrchr(head, '/');

		if (!slash)
			break;
		*slash = '\0';
	}
	if (!head)
		return NULL;
	if (!head[0])
		return strdup(path);
	if (asprintf(&joined, "%s%s", strcmp(real, "/") ? real : "", path + strlen(head)) < 0)
		return NULL;
	if (!joined[0]) {
		free(joined);
		return strdup("/");
	}
	return joined;
}

static int look_at_roots(struct scene *scene, struct cordon_err *err)
{
	for (size_t i = 0; i < SCENE_ROOTS; i++) {
		char target[PATH_MAX];
		ssize_t len = readlink(roots[i], target, sizeof(target) - 1);

		scene->roots[i].path = roots[i];
		scene->roots[i].there = len > 0 || access(roots[i], F_OK) == 0;
		if (len <= 0)
			continue;
		scene->roots[i].link = strndup(target, (size_t)len);
		if (!scene->roots[i].link)
			return err_nomem(err);
	}
	for (size_t i = 0; i < SCENE_ETC; i++) {
		scene->etc[i].path = etc[i];
		scene->etc[i].there = access(etc[i], F_OK) == 0;
	}
	return 0;
}

static int look_at_top(struct scene *scene, struct cordon_err *err)
{
	cleanup_dir DIR *top = opendir("/");
	struct dirent *entry;
	size_t count = 0;

	if (!top)
		return err_set(err, CORDON_ESYS, errno, "cannot read '/'");
	scene->top = calloc(TOP_MAX + 1, sizeof(*scene->top));
	if (!scene->top)
		return err_nomem(err);
	while ((entry = readdir(top))) {
		if (entry->d_name[0] == '.' || faccessat(dirfd(top), entry->d_name, F_OK, 0) < 0)
			continue;
		if (count == TOP_MAX)
			return err_set(err, CORDON_ELIMIT, 0, "'/' has more than %d names: list the folders one by one",
				       TOP_MAX);
		scene->top[count] = strdup(entry->d_name);
		if (!scene->top[count++])
			return err_nomem(err);
	}
	return 0;
}

static int look_at_paths(const struct jail_spec *spec, struct scene *scene, struct cordon_err *err)
{
	int rc = 0;

	scene->owners = calloc(spec->path_count + 1, sizeof(*scene->owners));
	if (!scene->owners)
		return err_nomem(err);
	for (size_t i = 0; i < spec->path_count && rc == 0; i++) {
		const struct jail_path *path = &spec->paths[i];
		struct stat status;

		if (path->path[0] != '/')
			return err_set(err, CORDON_EINVAL, 0, "path '%s' is not absolute", path->path);
		if (path->grant == JAIL_HIDE)
			continue;
		if (path->fd >= 0 ? fstat(path->fd, &status) < 0 : stat(path->path, &status) < 0)
			return err_set(err, CORDON_EINVAL, errno, "cannot show '%s' inside", path->path);
		scene->owners[i] = (struct scene_owner){ status.st_uid, status.st_gid };
		if (!strcmp(path->path, "/") && !scene->top)
			rc = look_at_top(scene, err);
	}
	return rc;
}

static int canonical_list(const char *const *list, size_t count, char ***out, struct cordon_err *err)
{
	*out = calloc(count + 1, sizeof(**out));
	if (!*out)
		return err_nomem(err);
	for (size_t i = 0; i < count; i++) {
		(*out)[i] = scene_canonical(list[i]);
		if (!(*out)[i])
			return err_nomem(err);
	}
	return 0;
}

/* Our ids lie far above any that is given away; should somebody have one all the same, the next is taken. */
static bool is_taken(const char *passwd, uint32_t id)
{
	char text[32];

	snprintf(text, sizeof(text), ":%u:", id);
	return strstr(passwd, text);
}

static uid_t spare_id(void)
{
	cleanup_buf struct buf passwd = { 0 };
	uint32_t id = SPARE_FIRST + (uint32_t)getpid() % SPARE_COUNT;

	buf_init(&passwd, PASSWD_MAX);
	if (file_read(AT_FDCWD, "/etc/passwd", &passwd, NULL) < 0)
		return id; /* no list, nobody on it */
	while (is_taken(buf_text(&passwd), id))
		id++;
	return id;
}

/* Tasks that run under the caller's id: on rung 3 the kernel counts them all against RLIMIT_NPROC. */
static uint64_t count_tasks(uid_t uid)
{
	cleanup_dir DIR *proc = opendir("/proc");
	struct dirent *entry;
	uint64_t count = 0;

	while (proc && (entry = readdir(proc))) {
		char path[300];
		struct stat status;

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		snprintf(path, sizeof(path), "/proc/%s/task", entry->d_name);
		if (stat(path, &status) == 0 && status.st_uid == uid && status.st_nlink > 2)
			count += status.st_nlink - 2;
	}
	return count;
}

int scene_gather(const struct jail_spec *spec, int rung, struct scene *scene, struct cordon_err *err)
{
	int rc;

	*scene = (struct scene){ .uid = geteuid(), .gid = getegid() };
	if (scene->uid == 0)
		scene->spare = spare_id();
	if (rung == 3 && scene->uid != 0)
		scene->tasks = count_tasks(scene->uid);
	rc = look_at_roots(scene, err);
	rc = rc < 0 ? rc : look_at_paths(spec, scene, err);
	rc = rc < 0 ? rc : canonical_list(spec->hidden, spec->hidden_count, &scene->hidden, err);
	rc = rc < 0 ? rc : canonical_list(spec->readonly, spec->readonly_count, &scene->readonly, err);
	if (rc < 0)
		scene_release(scene);
	return rc;
}

static void free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

void scene_release(struct scene *scene)
{
	for (size_t i = 0; i < SCENE_ROOTS; i++)
		free(scene->roots[i].link);
	free_list(scene->top);
	free_list(scene->hidden);
	free_list(scene->readonly);
	free(scene->owners);
	*scene = (struct scene){ .top = NULL };
}
