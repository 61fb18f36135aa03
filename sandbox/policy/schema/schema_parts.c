// SPDX-License-Identifier: Apache-2.0
/*
 * schema_parts.c - what the keywords of lists and objects ask: how many, which, and what each part must be.
 *
 * An unknown key names the known one that is nearest, as it is most often a slip of the hand.
 */
#include "sandbox/policy/schema/schema_node.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/near.h"
#include "sandbox/base/slice.h"

/* ---- lists ---- */

int check_min_items(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_array(value) || json_array_size(value) >= rule->count)
		return 0;
	return blame(checker, rule, "%zu items where at least %zu are asked for", json_array_size(value), rule->count);
}

int check_max_items(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_array(value) || json_array_size(value) <= rule->count)
		return 0;
	return blame(checker, rule, "%zu items where at most %zu are allowed", json_array_size(value), rule->count);
}

int check_unique(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	size_t size = json_is_array(value) ? json_array_size(value) : 0;

	(void)seen;
	if (!json_is_true(rule->value))
		return 0;
	for (size_t i = 1; i < size; i++) {
		for (size_t j = 0; j < i; j++)
			if (values_equal(json_array_get(value, i), json_array_get(value, j), &checker->steps))
				return blame(checker, rule, "items %zu and %zu are equal, where each may stand once", j,
					     i);
		if (checker->steps > SCHEMA_STEPS_MAX)
			return err_set(checker->err, CORDON_ELIMIT, 0, "a list too long to look for equal items");
	}
	return 0;
}

int check_prefix(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	size_t size = json_is_array(value) ? json_array_size(value) : 0;
	int rc = 0;

	for (size_t i = 0; i < rule->kid_count && i < size && rc == 0; i++)
		rc = check_item(checker, rule->kids[i].node, i, json_array_get(value, i));
	size = size < rule->kid_count ? size : rule->kid_count;
	if (seen && size > seen->prefix)
		seen->prefix = size;
	return rc;
}

int check_items(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const struct rule *prefix = node_rule(rule->node, "prefixItems");
	size_t size = json_is_array(value) ? json_array_size(value) : 0;
	int rc = 0;

	for (size_t i = prefix ? prefix->kid_count : 0; i < size && rc == 0; i++)
		rc = check_item(checker, rule->kids[0].node, i, json_array_get(value, i));
	if (seen && size)
		seen->prefix = size;
	return rc;
}

int check_contains(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const struct rule *least = node_rule(rule->node, "minContains");
	const struct rule *most = node_rule(rule->node, "maxContains");
	size_t wanted = 1;
	size_t found = 0;
	const json_t *item;
	size_t index;

	if (!json_is_array(value))
		return 0;
	/* Both are compiled after this one, so their numbers are there when values are checked. */
	if (least)
		wanted = least->count;
	json_array_foreach(value, index, item)
	{
		int rc;

		checker->quiet++;
		rc = check_item(checker, rule->kids[0].node, index, item);
		checker->quiet--;
		if (rc < 0)
			return rc;
		found += rc == 0;
		if (rc == 0 && seen_item(seen, index, checker->err) < 0)
			return CORDON_ENOMEM;
	}
	if (found < wanted)
		return blame(checker, rule, "%zu items are as asked for, where at least %zu must be", found, wanted);
	if (most && found > most->count)
		return blame(checker, rule, "%zu items are of a kind of which at most %zu may be there", found,
			     most->count);
	return 0;
}

int check_unevaluated_items(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	size_t size = json_is_array(value) ? json_array_size(value) : 0;
	int rc = 0;

	for (size_t i = 0; i < size && rc == 0; i++)
		if (!seen_has_item(seen, i))
			rc = check_item(checker, rule->kids[0].node, i, json_array_get(value, i));
	if (seen && size)
		seen->prefix = size;
	return rc;
}

/* ---- objects ---- */

int check_min_properties(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_object(value) || json_object_size(value) >= rule->count)
		return 0;
	return blame(checker, rule, "%zu keys where at least %zu are asked for", json_object_size(value), rule->count);
}

int check_max_properties(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_object(value) || json_object_size(value) <= rule->count)
		return 0;
	return blame(checker, rule, "%zu keys where at most %zu are allowed", json_object_size(value), rule->count);
}

int check_required(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const json_t *name;
	size_t index;

	(void)seen;
	if (!json_is_object(value))
		return 0;
	json_array_foreach(rule->value, index, name)
	{
		if (!json_object_get(value, json_string_value(name)))
			return blame(checker, rule, "'%s' is missing", json_string_value(name));
	}
	return 0;
}

int check_dependent_required(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	json_t *wanted = rule->value;
	const char *key;
	json_t *list;
	const json_t *name;
	size_t index;

	(void)seen;
	json_object_foreach(wanted, key, list)
	{
		if (!json_object_get(value, key))
			continue;
		json_array_foreach(list, index, name)
		{
			if (!json_object_get(value, json_string_value(name)))
				return blame(checker, rule, "'%s' is missing, which '%s' asks for",
					     json_string_value(name), key);
		}
	}
	return 0;
}

int check_properties(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	if (!json_is_object(value))
		return 0;
	for (size_t i = 0; i < rule->kid_count; i++) {
		const json_t *member = json_object_get(value, rule->kids[i].key);
		int rc;

		if (!member)
			continue;
		rc = check_member(checker, rule->kids[i].node, rule->kids[i].key, member);
		if (rc == 0)
			rc = seen_key(seen, rule->kids[i].key, checker->err);
		if (rc)
			return rc;
	}
	return 0;
}

int check_patterns(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		const char *key = json_object_iter_key(at);

		for (size_t i = 0; i < rule->kid_count; i++) {
			int rc = regex_matches(rule->kids[i].pattern, slice_of(key), checker->err);

			if (rc < 0)
				return rc;
			if (rc == 0)
				continue;
			rc = check_member(checker, rule->kids[i].node, key, json_object_iter_value(at));
			if (rc == 0)
				rc = seen_key(seen, key, checker->err);
			if (rc)
				return rc;
		}
	}
	return 0;
}

/* 1 where `properties` or `patternProperties` beside the rule cover the key, 0 where not, < 0 undecided. */
static int is_covered(struct checker *checker, const struct node *node, const char *key)
{
	const struct rule *patterns = node_rule(node, "patternProperties");
	int rc = 0;

	if (json_object_get(json_object_get(node->source, "properties"), key))
		return 1;
	for (size_t i = 0; patterns && i < patterns->kid_count && rc == 0; i++)
		rc = regex_matches(patterns->kids[i].pattern, slice_of(key), checker->err);
	return rc;
}

static int blame_key(struct checker *checker, const struct rule *rule, const char *key)
{
	json_t *known = json_object_get(rule->node->source, "properties");
	struct trail trail = { checker->trail, key, 0 };
	char list[240] = "none";
	const char *name;
	json_t *unused;
	size_t used = 0;
	int rc;

	checker->trail = &trail;
	json_object_foreach(known, name, unused)
	{
		int wrote = snprintf(list + used, sizeof(list) - used, "%s%s", used ? ", " : "", name);

		(void)unused;
		if (near_is_meant(key, name)) {
			rc = blame(checker, rule, "unknown key '%s': did you mean '%s'?", key, name);
			checker->trail = trail.up;
			return rc;
		}
		used += wrote > 0 && (size_t)wrote < sizeof(list) - used ? (size_t)wrote : 0;
	}
	rc = blame(checker, rule, "unknown key '%s': the known ones are %s", key, list);
	checker->trail = trail.up;
	return rc;
}

int check_additional(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const struct node *kid = rule->kids[0].node;

	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		const char *key = json_object_iter_key(at);
		int rc = is_covered(checker, rule->node, key);

		if (rc < 0)
			return rc;
		if (rc)
			continue;
		if (kid->kind == NODE_NEVER)
			return blame_key(checker, rule, key);
		rc = check_member(checker, kid, key, json_object_iter_value(at));
		if (rc == 0)
			rc = seen_key(seen, key, checker->err);
		if (rc)
			return rc;
	}
	return 0;
}

int check_unevaluated_properties(struct checker *checker, const struct rule *rule, const json_t *value,
				 struct seen *seen)
{
	const struct node *kid = rule->kids[0].node;

	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		const char *key = json_object_iter_key(at);
		int rc;

		if (seen_has_key(seen, key))
			continue;
		if (kid->kind == NODE_NEVER)
			return blame_key(checker, rule, key);
		rc = check_member(checker, kid, key, json_object_iter_value(at));
		if (rc == 0)
			rc = seen_key(seen, key, checker->err);
		if (rc)
			return rc;
	}
	return 0;
}

int check_names(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		json_t *key = json_string(json_object_iter_key(at));
		int rc;

		if (!key)
			return err_nomem(checker->err);
		rc = check_member(checker, rule->kids[0].node, json_object_iter_key(at), key);
		json_decref(key);
		if (rc)
			return rc;
	}
	return 0;
}

int check_dependent(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int rc = 0;

	for (size_t i = 0; i < rule->kid_count && rc == 0; i++)
		if (json_object_get(value, rule->kids[i].key))
			rc = check_node(checker, rule->kids[i].node, value, seen);
	return rc;
}
