// SPDX-License-Identifier: Apache-2.0
/*
 * config_profile.c - the section `profiles`.
 *
 * A list that is left out is empty; a limit that is left out has the value of `tool`, the file's own where it has one.
 * Space for all profiles is taken at once, because tools point into the array.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/config.h"

#define NEW_NAMES 8192 /* DESIGN, limits: at most so many new names */

enum unit { UNIT_TIME, UNIT_BYTES, UNIT_COUNT };

static const struct limit_row {
	const char *key;
	enum unit unit;
	size_t offset;
} limit_rows[] = {
	{ "wall", UNIT_TIME, offsetof(struct jail_limits, wall_ms) },
	{ "cpu", UNIT_TIME, offsetof(struct jail_limits, cpu_ms) },
	{ "memory", UNIT_BYTES, offsetof(struct jail_limits, memory_bytes) },
	{ "pids", UNIT_COUNT, offsetof(struct jail_limits, pids) },
	{ "output", UNIT_BYTES, offsetof(struct jail_limits, output_bytes) },
	{ "disk", UNIT_BYTES, offsetof(struct jail_limits, disk_bytes) },
};

static int read_limit(const struct loading *loading, const struct limit_row *row, const json_t *value,
		      struct jail_limits *limits)
{
	struct cordon_slice text = slice_of(json_is_string(value) ? json_string_value(value) : "");
	uint64_t number = 0;
	int rc = 0;

	if (row->unit == UNIT_COUNT)
		number = (uint64_t)json_integer_value(value);
	else if (row->unit == UNIT_TIME)
		rc = parse_duration_ms(text, &number, loading->err);
	else
		rc = parse_bytes(text, &number, loading->err);
	if (rc == 0 && !number)
		rc = err_set(loading->err, CORDON_ECONFIG, 0, "a limit of nothing: a program needs some");
	memcpy((char *)limits + row->offset, &number, sizeof(number));
	return rc;
}

static int read_limits(const struct loading *loading, const json_t *source, const char *pointer,
		       struct jail_limits *limits)
{
	const struct profile *tool = policy_profile(loading->policy, "tool");

	if (tool)
		*limits = tool->limits;
	limits->new_names = NEW_NAMES;
	for (size_t i = 0; i < ARRAY_LEN(limit_rows); i++) {
		const json_t *value = json_object_get(source, limit_rows[i].key);
		char at[300];
		int rc;

		if (!value)
			continue;
		snprintf(at, sizeof(at), "%s/limits/%s", pointer, limit_rows[i].key);
		rc = read_limit(loading, &limit_rows[i], value, limits);
		if (rc < 0)
			return config_place(loading, at, rc);
	}
	return 0;
}

static int read_paths(const struct loading *loading, const json_t *list, const char *pointer, const char *key,
		      char ***out)
{
	char **paths = calloc(json_array_size(list) + 1, sizeof(*paths));
	const json_t *item;
	size_t index;

	if (!paths)
		return err_nomem(loading->err);
	json_array_foreach(list, index, item)
	{
		char at[300];
		int rc = config_path(loading, json_string_value(item), &paths[index]);

		if (rc < 0) {
			config_free_texts(paths);
			snprintf(at, sizeof(at), "%s/%s/%zu", pointer, key, index);
			return config_place(loading, at, rc);
		}
	}
	*out = paths;
	return 0;
}

static int read_env(const struct loading *loading, const json_t *source, char ***out)
{
	char **env = calloc(json_object_size(source) + 1, sizeof(*env));
	size_t count = 0;
	const char *name;
	json_t *value;

	if (!env)
		return err_nomem(loading->err);
	json_object_foreach((json_t *)(uintptr_t)source, name,
			    value) if (asprintf(&env[count++], "%s=%s", name, json_string_value(value)) < 0)
	{
		env[count - 1] = NULL;
		config_free_texts(env);
		return err_nomem(loading->err);
	}
	*out = env;
	return 0;
}

static uint32_t read_missing(const json_t *list)
{
	uint32_t bits = 0;
	const json_t *item;
	size_t index;

	json_array_foreach(list, index, item) for (int promise = 0; promise < JAIL_PROMISE_COUNT;
						   promise++) if (!strcmp(jail_promise_name((enum jail_promise)promise),
									  json_string_value(item))) bits |= 1U
													    << promise;
	return bits;
}

static int read_profile(const struct loading *loading, const char *name, const json_t *source)
{
	struct profile *profile = &loading->policy->profiles[loading->policy->profile_count];
	char pointer[200];
	int rc;

	snprintf(pointer, sizeof(pointer), "/profiles/%s", name);
	*profile = (struct profile){ .allow_missing = read_missing(json_object_get(source, "allow-missing")) };
	rc = read_limits(loading, json_object_get(source, "limits"), pointer, &profile->limits);
	loading->policy->profile_count++;
	profile->name = strdup(name);
	if (!profile->name)
		return err_nomem(loading->err);
	rc = rc < 0 ? rc : config_where(loading, pointer, &profile->where);
	rc = rc < 0 ? rc : read_paths(loading, json_object_get(source, "read"), pointer, "read", &profile->read);
	rc = rc < 0 ? rc : read_paths(loading, json_object_get(source, "write"), pointer, "write", &profile->write);
	rc = rc < 0 ? rc : read_env(loading, json_object_get(source, "env"), &profile->env);
	return rc < 0 ? rc : config_texts(loading, json_object_get(source, "pass-env"), &profile->pass_env);
}

int config_profiles(const struct loading *loading, const json_t *profiles)
{
	struct policy *policy = loading->policy;
	struct profile *grown;
	const json_t *tool = json_object_get(profiles, "tool");
	const char *name;
	json_t *source;
	int rc = 0;

	if (!profiles)
		return 0;
	grown = realloc(policy->profiles, (policy->profile_count + json_object_size(profiles)) * sizeof(*grown));
	if (!grown)
		return err_nomem(loading->err);
	policy->profiles = grown;
	if (tool) /* first: the others' limits come from it */
		rc = read_profile(loading, "tool", tool);
	json_object_foreach((json_t *)(uintptr_t)profiles, name, source) if (rc == 0 && strcmp(name, "tool")) rc =
		read_profile(loading, name, source);
	return rc;
}
