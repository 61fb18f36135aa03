// SPDX-License-Identifier: Apache-2.0
/*
 * schema_shape.c - the rules on lists and mappings (validation 6.4 and 6.5, core 10.3).
 */
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/nearest.h"
#include "sandbox/policy/schema_node.h"

static int count_rule(struct schema_run *run, const struct schema_check *check, size_t count, bool most,
		      const char *things)
{
	double bound = json_number_value(check->value);

	if (most ? (double)count <= bound : (double)count >= bound)
		return 0;
	return schema_fail(run, check, "%zu %s where at %s %.0f are %s", count, things, most ? "most" : "least", bound,
			   most ? "allowed" : "needed");
}

int rule_max_items(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return json_is_array(value) ? count_rule(run, check, json_array_size(value), true, "items") : 0;
}

int rule_min_items(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return json_is_array(value) ? count_rule(run, check, json_array_size(value), false, "items") : 0;
}

int rule_max_properties(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return json_is_object(value) ? count_rule(run, check, json_object_size(value), true, "keys") : 0;
}

int rule_min_properties(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return json_is_object(value) ? count_rule(run, check, json_object_size(value), false, "keys") : 0;
}

int rule_unique(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	size_t size = json_array_size(value);

	if (!json_is_array(value) || !json_is_true(check->value))
		return 0;
	for (size_t i = 0; i < size; i++)
		for (size_t j = 0; j < i; j++) {
			if (++run->steps > SCHEMA_STEPS_MAX)
				return err_set(run->err, CORDON_ELIMIT, 0, "a list that takes too long to check");
			if (schema_equal(json_array_get(value, i), json_array_get(value, j)))
				return schema_fail(run, check, "items %zu and %zu are equal", j, i);
		}
	return 0;
}

int rule_contains(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const json_t *least = json_object_get(check->siblings, "minContains");
	const json_t *most = json_object_get(check->siblings, "maxContains");
	const json_t *item;
	size_t found = 0;
	size_t index;

	if (!json_is_array(value))
		return 0;
	json_array_foreach(value, index, item)
	{
		int rc;

		run->quiet++;
		rc = schema_apply_at(run, check->nodes[0], item, NULL, index);
		run->quiet--;
		if (rc < 0)
			return rc;
		found += rc == 0;
	}
	if ((double)found < (least ? json_number_value(least) : 1) || (most && (double)found > json_number_value(most)))
		return schema_fail(run, check, "%zu of the items are as wanted, which is not the right number", found);
	return 0;
}

int rule_prefix(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc = 0;

	for (size_t i = 0; i < check->count && i < json_array_size(value) && rc == 0; i++)
		rc = schema_apply_at(run, check->nodes[i], json_array_get(value, i), NULL, i);
	return rc;
}

int rule_items(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	size_t from = json_array_size(json_object_get(check->siblings, "prefixItems"));
	int rc = 0;

	for (size_t i = from; i < json_array_size(value) && rc == 0; i++)
		rc = schema_apply_at(run, check->nodes[0], json_array_get(value, i), NULL, i);
	return rc;
}

int rule_required(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const json_t *name;
	size_t index;

	if (!json_is_object(value))
		return 0;
	json_array_foreach(
		check->value, index,
		name) if (!json_object_get(value, json_string_value(name))) return schema_fail(run, check,
											       "'%s' is missing",
											       json_string_value(name));
	return 0;
}

int rule_dependent_required(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *key;
	json_t *names;

	json_object_foreach((json_t *)(uintptr_t)check->value, key, names)
	{
		const json_t *name;
		size_t index;

		if (!json_object_get(value, key))
			continue;
		json_array_foreach(
			names, index,
			name) if (!json_object_get(value,
						   json_string_value(
							   name))) return schema_fail(run, check,
										      "'%s' is missing beside '%s'",
										      json_string_value(name), key);
	}
	return 0;
}

int rule_properties(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *key;
	json_t *schema;
	size_t index = 0;
	int rc = 0;

	if (!json_is_object(value))
		return 0;
	json_object_foreach((json_t *)(uintptr_t)check->value, key, schema)
	{
		const json_t *member = json_object_get(value, key);

		if (member && rc == 0)
			rc = schema_apply_at(run, check->nodes[index], member, key, 0);
		index++;
	}
	return rc;
}

/* 1: key matches pattern `index` of patternProperties. */
static int key_matches(struct schema_run *run, const struct schema_check *check, size_t index, const char *key)
{
	return regex_match(check->patterns[index], slice_of(key), run->err);
}

int rule_pattern_properties(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, key, member) for (size_t i = 0; i < check->count; i++)
	{
		int rc = key_matches(run, check, i, key);

		if (rc > 0)
			rc = schema_apply_at(run, check->nodes[i], member, key, 0);
		if (rc)
			return rc;
	}
	return 0;
}

/* The check of patternProperties beside additionalProperties, compiled in the same node. */
static const struct schema_check *beside(const struct schema_run *run, const struct schema_check *check,
					 const char *keyword)
{
	for (const struct schema_node *node = run->schema->nodes; node; node = node->next) {
		if (node->source != check->siblings)
			continue;
		for (size_t i = 0; i < node->count; i++)
			if (!strcmp(node->checks[i].keyword->name, keyword))
				return &node->checks[i];
	}
	return NULL;
}

static int unknown_key(struct schema_run *run, const struct schema_check *check, const char *key)
{
	const json_t *known = json_object_get(check->siblings, "properties");
	const char *best = nearest_key(known, key);

	if (best)
		return schema_fail(run, check, "unknown key '%s': did you mean '%s'?", key, best);
	return schema_fail(run, check, "unknown key '%s'", key);
}

int rule_additional(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const json_t *named = json_object_get(check->siblings, "properties");
	const struct schema_check *patterns = NULL;
	const char *key;
	json_t *member;

	if (json_object_get(check->siblings, "patternProperties"))
		patterns = beside(run, check, "patternProperties");
	json_object_foreach((json_t *)(uintptr_t)value, key, member)
	{
		int rc = json_object_get(named, key) ? 1 : 0;

		for (size_t i = 0; patterns && i < patterns->count && rc == 0; i++)
			rc = key_matches(run, patterns, i, key);
		if (rc < 0)
			return rc;
		if (rc)
			continue;
		rc = json_is_false(check->value) ? unknown_key(run, check, key)
						 : schema_apply_at(run, check->nodes[0], member, key, 0);
		if (rc)
			return rc;
	}
	return 0;
}

int rule_names(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *key;
	json_t *member;

	json_object_foreach((json_t *)(uintptr_t)value, key, member)
	{
		cleanup_json json_t *name = json_string(key);
		int rc = name ? schema_apply_at(run, check->nodes[0], name, key, 0) : err_nomem(run->err);

		if (rc)
			return rc;
	}
	return 0;
}
