// SPDX-License-Identifier: Apache-2.0
/*
 * confinement.c - the spec of a jail: a profile's paths, the very objects that were checked, a clean environment.
 *
 * A path argument was resolved once, by the kernel, and its descriptor is bound at its place: whoever swaps a link
 * afterwards changes nothing that the tool can reach. A fact grants nothing of its own: it is bound with what the
 * profile gives to that place, and not at all where the profile gives nothing.
 *
 * The environment is made from nothing, one row a name; of the caller's only what a row or the profile's pass-env lists.
 */
#include "sandbox/confinement.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/err.h"

static const char *const runtime_roots[] = { "/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32" };

static const struct {
	const char *name;
	const char *value; /* NULL: the caller's */
} base_environment[] = {
	{ "PATH", "/usr/local/bin:/usr/bin:/bin" },
	{ "HOME", "/tmp" },
	{ "TMPDIR", "/tmp" },
	{ "LANG", NULL }, /* messages in the caller's language */
	{ "TERM", NULL }, /* colour and width, where the caller asks for them */
	{ "TZ", NULL },
};

/* ---- paths ---- */

static bool is_beneath(const char *path, const char *root)
{
	size_t len = strlen(root);

	if (len == 1 && root[0] == '/')
		return true;
	return !strncmp(path, root, len) && (path[len] == '/' || path[len] == '\0');
}

static bool any_covers(char *const *roots, const char *path)
{
	for (size_t i = 0; roots && roots[i]; i++)
		if (is_beneath(path, roots[i]))
			return true;
	return false;
}

enum jail_grant confinement_grant(const struct profile *profile, const char *path)
{
	if (any_covers(profile->write, path))
		return JAIL_WRITE;
	if (any_covers(profile->read, path))
		return JAIL_READ;
	for (size_t i = 0; i < ARRAY_LEN(runtime_roots); i++)
		if (is_beneath(path, runtime_roots[i]))
			return JAIL_READ;
	return JAIL_HIDE;
}

static size_t count_of(char *const *list)
{
	size_t count = 0;

	while (list && list[count])
		count++;
	return count;
}

/* Adds a row, or gives an equal path the descriptor that was checked. */
static void put_path(struct confinement *c, const char *path, enum jail_grant grant, int fd)
{
	for (size_t i = 0; i < c->spec.path_count; i++) {
		struct jail_path *row = &c->paths[i];

		if (strcmp(row->path, path))
			continue;
		if (fd >= 0)
			row->fd = fd;
		if (grant > row->grant)
			row->grant = grant;
		return;
	}
	c->paths[c->spec.path_count++] = (struct jail_path){ .path = path, .grant = grant, .fd = fd };
}

/* The object's own path: of what exists the canonical one, else that of the folder where it would be made. */
static int path_of_fact(const struct fact_path *fact, char **out, struct cordon_err *err)
{
	char link[32];
	char path[PATH_MAX];
	ssize_t len;

	if (fact->exists) {
		*out = strdup(fact->canonical);
		return *out ? 0 : err_nomem(err);
	}
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fact->fd);
	len = readlink(link, path, sizeof(path));
	if (len <= 0 || (size_t)len >= sizeof(path) || path[0] != '/')
		return err_set(err, CORDON_ESYS, 0, "cannot tell the folder of argument '%s'", fact->pointer);
	*out = strndup(path, (size_t)len);
	return *out ? 0 : err_nomem(err);
}

static int put_facts(struct confinement *c, const struct profile *profile, const struct facts *facts,
		     struct cordon_err *err)
{
	size_t owned = 0;

	for (size_t i = 0; i < facts->path_count; i++) {
		const struct fact_path *fact = &facts->paths[i];
		enum jail_grant grant;
		int rc;

		if (fact->fd < 0)
			continue;
		rc = path_of_fact(fact, &c->owned[owned], err);
		if (rc < 0)
			return rc;
		grant = confinement_grant(profile, c->owned[owned]);
		if (grant != JAIL_HIDE)
			put_path(c, c->owned[owned], grant, fact->fd);
		owned++;
	}
	return 0;
}

static int put_paths(struct confinement *c, const struct profile *profile, const struct facts *facts,
		     struct cordon_err *err)
{
	size_t fact_count = facts ? facts->path_count : 0;

	c->paths = calloc(count_of(profile->read) + count_of(profile->write) + fact_count + 1, sizeof(*c->paths));
	c->owned = calloc(fact_count + 1, sizeof(*c->owned));
	if (!c->paths || !c->owned)
		return err_nomem(err);
	for (size_t i = 0; profile->read && profile->read[i]; i++)
		put_path(c, profile->read[i], JAIL_READ, -1);
	for (size_t i = 0; profile->write && profile->write[i]; i++)
		put_path(c, profile->write[i], JAIL_WRITE, -1);
	return facts ? put_facts(c, profile, facts, err) : 0;
}

/* ---- what stays out, what stays as it is ---- */

static int put_guards(struct confinement *c, const struct policy *policy, struct cordon_err *err)
{
	size_t count = 0;

	c->hidden[0] = policy->data;
	c->spec.hidden = c->hidden;
	c->spec.hidden_count = policy->data ? 1 : 0;
	if (policy->path) {
		c->readonly[count++] = policy->path;
		if (asprintf(&c->lock, "%s/cordon.lock", policy->folder ? policy->folder : "") < 0) {
			c->lock = NULL;
			return err_nomem(err);
		}
		if (!access(c->lock, F_OK))
			c->readonly[count++] = c->lock;
	}
	c->spec.readonly = c->readonly;
	c->spec.readonly_count = count;
	return 0;
}

/* ---- environment ---- */

static const char *lookup(const char *const *environment, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; environment && environment[i]; i++)
		if (!strncmp(environment[i], name, len) && environment[i][len] == '=')
			return environment[i] + len + 1;
	return NULL;
}

/* A later value of the same name replaces the earlier one. */
static int put_variable(char **env, const char *name, const char *value, struct cordon_err *err)
{
	size_t len = strlen(name);
	size_t at = 0;
	char *text;

	while (env[at] && (strncmp(env[at], name, len) || env[at][len] != '='))
		at++;
	if (asprintf(&text, "%s=%s", name, value) < 0)
		return err_nomem(err);
	free(env[at]);
	env[at] = text;
	return 0;
}

static int put_environment(struct confinement *c, const struct profile *profile, const char *const *caller,
			   struct cordon_err *err)
{
	int rc = 0;

	c->env = calloc(ARRAY_LEN(base_environment) + count_of(profile->env) + count_of(profile->pass_env) + 1,
			sizeof(*c->env));
	if (!c->env)
		return err_nomem(err);
	for (size_t i = 0; i < ARRAY_LEN(base_environment) && rc == 0; i++) {
		const char *value = base_environment[i].value;

		value = value ? value : lookup(caller, base_environment[i].name);
		rc = value ? put_variable(c->env, base_environment[i].name, value, err) : 0;
	}
	for (size_t i = 0; profile->pass_env && profile->pass_env[i] && rc == 0; i++) {
		const char *value = lookup(caller, profile->pass_env[i]);

		rc = value ? put_variable(c->env, profile->pass_env[i], value, err) : 0;
	}
	for (size_t i = 0; profile->env && profile->env[i] && rc == 0; i++) {
		cleanup_free char *name = strndup(profile->env[i], strcspn(profile->env[i], "="));
		const char *value = strchr(profile->env[i], '=');

		rc = !name ? err_nomem(err) : put_variable(c->env, name, value ? value + 1 : "", err);
	}
	c->spec.env = (const char *const *)c->env;
	return rc;
}

static const char *visible_cwd(const struct policy *policy, const struct profile *profile, const char *cwd)
{
	bool hidden = policy->data && cwd && is_beneath(cwd, policy->data);

	if (cwd && !hidden && confinement_grant(profile, cwd) != JAIL_HIDE)
		return cwd;
	if (policy->workspace && confinement_grant(profile, policy->workspace) != JAIL_HIDE)
		return policy->workspace;
	return "/";
}

static void free_list(char **list)
{
	for (size_t i = 0; list && list[i]; i++)
		free(list[i]);
	free(list);
}

int confinement_make(const struct confinement_order *order, struct confinement *out, struct cordon_err *err)
{
	const struct policy *policy = order->supervisor->policy;
	const struct profile *profile = order->profile;
	int rc;

	*out = (struct confinement){ .spec = { .limits = profile->limits, .allow_missing = profile->allow_missing } };
	rc = put_paths(out, profile, order->facts, err);
	if (rc == 0)
		rc = put_guards(out, policy, err);
	if (rc == 0)
		rc = put_environment(out, profile, order->supervisor->environment, err);
	if (rc < 0) {
		confinement_release(out);
		return rc;
	}
	out->spec.paths = out->paths;
	out->spec.cwd = visible_cwd(policy, profile, order->cwd);
	return 0;
}

void confinement_release(struct confinement *confinement)
{
	free(confinement->paths);
	free_list(confinement->owned);
	free_list(confinement->env);
	free(confinement->lock);
	*confinement = (struct confinement){ .paths = NULL };
}
