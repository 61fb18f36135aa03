// SPDX-License-Identifier: Apache-2.0
/*
 * schema_logic.c - the rules that put schemas together (core 10.2) and references (core 8.2).
 */
#include "sandbox/policy/schema_node.h"

/* As schema_apply(), without telling a fault. */
static int quietly(struct schema_run *run, const struct schema_node *node, const json_t *value)
{
	int rc;

	run->quiet++;
	rc = schema_apply(run, node, value);
	run->quiet--;
	return rc;
}

int rule_ref(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return schema_apply(run, schema_resolve(run->schema, json_string_value(check->value)), value);
}

int rule_all(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc = 0;

	for (size_t i = 0; i < check->count && rc == 0; i++)
		rc = schema_apply(run, check->nodes[i], value);
	return rc;
}

/* How many of the schemas hold; < 0 where that cannot be decided. */
static int count_holding(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int holding = 0;

	for (size_t i = 0; i < check->count; i++) {
		int rc = quietly(run, check->nodes[i], value);

		if (rc < 0)
			return rc;
		holding += rc == 0;
	}
	return holding;
}

/* Where all of several fail, the fault of the one whose type fits says most; else a general word. */
static int tell_best(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	for (size_t i = 0; i < check->count; i++) {
		const struct schema_node *node = check->nodes[i];

		if (!node->count || node->checks[0].keyword->rule != rule_type ||
		    rule_type(&(struct schema_run){ .quiet = 1, .fault = run->fault }, &node->checks[0], value))
			continue;
		return schema_apply(run, node, value);
	}
	return schema_fail(run, check, "fits none of the allowed forms");
}

int rule_any(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int holding = count_holding(run, check, value);

	if (holding)
		return holding < 0 ? holding : 0;
	return tell_best(run, check, value);
}

int rule_one(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int holding = count_holding(run, check, value);

	if (holding < 0 || holding == 1)
		return holding < 0 ? holding : 0;
	if (!holding)
		return tell_best(run, check, value);
	return schema_fail(run, check, "fits %d of the allowed forms, where exactly one is right", holding);
}

int rule_not(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc = quietly(run, check->nodes[0], value);
	char quoted[200];

	if (rc)
		return rc < 0 ? rc : 0;
	schema_quote(check->value, quoted, sizeof(quoted));
	return schema_fail(run, check, "must not be such: %s", quoted);
}

/* The compiled `then` or `else` beside an `if`. */
static const struct schema_node *branch(const struct schema_run *run, const struct schema_check *check,
					const char *name)
{
	const json_t *source = json_object_get(check->siblings, name);

	for (const struct schema_node *node = run->schema->nodes; source && node; node = node->next)
		if (node->source == source)
			return node;
	return NULL;
}

int rule_if(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc = quietly(run, check->nodes[0], value);
	const struct schema_node *node = rc < 0 ? NULL : branch(run, check, rc == 0 ? "then" : "else");

	if (rc < 0)
		return rc;
	return node ? schema_apply(run, node, value) : 0;
}

int rule_dependent_schemas(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *key;
	json_t *source;
	size_t index = 0;
	int rc = 0;

	json_object_foreach((json_t *)(uintptr_t)check->value, key, source)
	{
		if (json_object_get(value, key) && rc == 0)
			rc = schema_apply(run, check->nodes[index], value);
		index++;
	}
	return rc;
}
