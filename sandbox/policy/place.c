// SPDX-License-Identifier: Apache-2.0
/*
 * place.c - which config file holds, whether it may be believed, and the folders around it.
 *
 * A cordon.yaml that merely lies in the current folder may have come with a cloned repository. It is believed only if the
 * caller or root owns it, nobody else may write it, and this user has approved exactly these bytes. What was read is what
 * was hashed: one descriptor, read once.
 */
#include "sandbox/policy/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/policy/state.h"
#include "sandbox/policy/yaml.h"

#define LOCAL "cordon.yaml"

int place_join(const char *base, const char *path, char **out, struct cordon_err *err)
{
	cleanup_free char *joined = NULL;
	char *clean = NULL;
	char *to;
	char *token;
	char *rest;

	if (asprintf(&joined, "%s/%s", path[0] == '/' ? "" : base, path) < 0)
		return err_nomem(err);
	clean = malloc(strlen(joined) + 2);
	if (!clean)
		return err_nomem(err);
	to = clean;
	rest = joined;
	while ((token = strsep(&rest, "/"))) {
		if (!*token || !strcmp(token, "."))
			continue;
		if (!strcmp(token, "..")) {
			while (to > clean && *--to != '/')
				;
			continue;
		}
		*to++ = '/';
		to = stpcpy(to, token);
	}
	if (to == clean)
		*to++ = '/';
	*to = '\0';
	*out = clean;
	return 0;
}

int place_canonical(const char *path, char **out, struct cordon_err *err)
{
	cleanup_free char *head = strdup(path);
	char resolved[PATH_MAX];
	char *slash;

	if (!head)
		return err_nomem(err);
	while (!realpath(head, resolved)) {
		if (errno != ENOENT && errno != ENOTDIR && errno != EACCES)
			return err_set(err, CORDON_ESYS, errno, "cannot resolve '%s'", path);
		slash = strrchr(head, '/');
		if (!slash || slash == head) {
			head[0] = '\0';
			resolved[0] = '\0';
			break;
		}
		*slash = '\0';
	}
	return place_join(resolved, path + strlen(head) + (path[strlen(head)] == '/'), out, err);
}

static int default_data(const struct policy_place *where, char **out, struct cordon_err *err)
{
	if (where->cordon_data && where->cordon_data[0])
		return place_join(where->cwd, where->cordon_data, out, err);
	if (where->xdg_data && where->xdg_data[0] == '/')
		return place_join(where->xdg_data, "cordon", out, err);
	if (where->home && where->home[0] == '/')
		return place_join(where->home, ".local/share/cordon", out, err);
	return err_set(err, CORDON_ECONFIG, 0,
		       "no place for the data folder: set HOME or CORDON_DATA, or write 'data:'");
}

/* One that was found, not named. */
static int check_trust(const struct place *place, const struct stat *status, uid_t uid, struct cordon_err *err)
{
	char hex[65];
	int rc;

	if (status->st_uid != uid && status->st_uid != 0)
		return err_set(
			err, CORDON_ECONFIG, 0,
			"'./%s' belongs to somebody else (uid %u), so it is not used: name it with --config %s if "
			"you mean it",
			LOCAL, status->st_uid, LOCAL);
	if (status->st_mode & 022)
		return err_set(err, CORDON_ECONFIG, 0, "'./%s' may be written by others: chmod go-w %s", LOCAL, LOCAL);
	digest_hex(&place->digest, hex);
	rc = state_trusted(place->default_data, hex, err);
	if (rc < 0)
		return rc;
	return rc ? 0
		  : err_set(err, CORDON_ECONFIG, 0,
			    "'./%s' is not approved by you as it is now: read it, then type: cordon trust", LOCAL);
}

static int read_config(const struct policy_place *where, const char *path, bool found, struct place *out,
		       struct cordon_err *err)
{
	cleanup_close int fd = -1;
	struct stat status;
	int rc;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return err_set(err, CORDON_ECONFIG, errno, "cannot read the config '%s'", path);
	if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
		return err_set(err, CORDON_ECONFIG, 0, "the config '%s' is not a regular file", path);
	buf_init(&out->text, YAML_BYTES_MAX + 1);
	rc = file_read_fd(fd, &out->text, err);
	if (rc < 0)
		return err_wrap(err, CORDON_ECONFIG, "the config '%s'", path);
	rc = digest_of(buf_slice(&out->text), &out->digest, err);
	return rc < 0 || !found ? rc : check_trust(out, &status, where->uid, err);
}

/* Where the config is: *path malloc()ed or NULL, *found where it was not named. */
static int look_for_config(const struct policy_place *where, char **path, bool *found, struct cordon_err *err)
{
	cleanup_free char *local = NULL;
	cleanup_free char *xdg = NULL;
	int rc = 0;

	*found = false;
	if (where->config)
		return place_join(where->cwd, where->config, path, err);
	rc = place_join(where->cwd, LOCAL, &local, err);
	if (rc == 0 && access(local, F_OK) == 0) {
		*found = true;
		*path = TAKE(local);
		return 0;
	}
	if (rc == 0 && where->xdg_config && where->xdg_config[0] == '/')
		rc = place_join(where->xdg_config, "cordon/" LOCAL, &xdg, err);
	else if (rc == 0 && where->home && where->home[0] == '/')
		rc = place_join(where->home, ".config/cordon/" LOCAL, &xdg, err);
	if (rc == 0 && xdg && access(xdg, F_OK) == 0)
		*path = TAKE(xdg);
	return rc;
}

static int set_folder(struct place *place, const char *path, const char *cwd, struct cordon_err *err)
{
	cleanup_free char *folder = NULL;
	int rc = path ? place_join(path, "..", &folder, err) : place_join("/", cwd, &folder, err);

	return rc < 0 ? rc : place_canonical(folder, &place->folder, err);
}

int place_find(const struct policy_place *where, struct place *out, struct cordon_err *err)
{
	cleanup_free char *path = NULL;
	struct place place = { 0 };
	bool found = false;
	int rc = default_data(where, &place.default_data, err);

	buf_init(&place.text, 0);
	rc = rc < 0 ? rc : look_for_config(where, &path, &found, err);
	if (rc == 0 && path)
		rc = read_config(where, path, found, &place, err);
	rc = rc < 0 ? rc : set_folder(&place, path, where->cwd, err);
	if (rc == 0 && path) {
		place.path = strdup(found ? LOCAL : where->config ? where->config : path);
		rc = place.path ? 0 : err_nomem(err);
	}
	if (rc < 0) {
		place_release(&place);
		return rc;
	}
	*out = place;
	return 0;
}

void place_release(struct place *place)
{
	free(place->path);
	free(place->folder);
	free(place->default_data);
	buf_release(&place->text);
	*place = (struct place){ 0 };
}

int place_trust(const struct policy_place *where, const char *file, char hex[65], struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	cleanup_free char *data = NULL;
	cleanup_free char *path = NULL;
	struct digest digest;
	int rc;

	buf_init(&text, YAML_BYTES_MAX);
	if ((rc = default_data(where, &data, err)) < 0 || (rc = place_join(where->cwd, file, &path, err)) < 0 ||
	    (rc = file_read(AT_FDCWD, path, &text, err)) < 0 || (rc = digest_of(buf_slice(&text), &digest, err)) < 0)
		return rc == CORDON_ENOMEM ? rc : CORDON_ECONFIG;
	digest_hex(&digest, hex);
	return state_trust(data, hex, err);
}

static bool holds(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	return !strcmp(folder, "/") || (!strncmp(path, folder, len) && (path[len] == '/' || !path[len]));
}

int place_workspace(const struct policy_place *where, const char *path, const char *data, char **out,
		    struct cordon_err *err)
{
	cleanup_free char *workspace = NULL;
	cleanup_free char *home = NULL;
	struct stat status;
	int rc = place_canonical(path, &workspace, err);

	if (rc == 0 && where->home && where->home[0] == '/')
		rc = place_canonical(where->home, &home, err);
	if (rc < 0)
		return rc;
	if (where->use == WORKSPACE_UNUSED) {
		*out = TAKE(workspace);
		return 0;
	}
	if (stat(workspace, &status) < 0 || !S_ISDIR(status.st_mode))
		return err_set(err, CORDON_ECONFIG, 0, "the workspace '%s' is not a folder", path);
	if (!strcmp(workspace, "/") || (home && holds(workspace, home)))
		return err_set(err, CORDON_ECONFIG, 0,
			       "the workspace '%s' is %s: choose a folder of its own with --workspace DIR", workspace,
			       strcmp(workspace, "/") ? "the home folder or holds it" : "the root of the file system");
	if (holds(workspace, data))
		return err_set(
			err, CORDON_ECONFIG, 0,
			"the workspace '%s' holds the data folder '%s': choose another with --workspace DIR or set "
			"CORDON_DATA",
			workspace, data);
	*out = TAKE(workspace);
	return 0;
}
