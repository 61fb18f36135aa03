// SPDX-License-Identifier: Apache-2.0
/*
 * schema_own.c - Cordon's own keywords on paths and bytes.
 *
 * `under` is not decided on the text: the kernel has resolved it before (facts.c), and what is looked at here is what it
 * said. `glob` and `match` see the resolved path below the root where there is one, and the text where there is none.
 */
#include <string.h>

#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/glob.h"
#include "sandbox/policy/schema_node.h"

/* The fact for the value that is being looked at; root NULL: any root. */
static const struct fact_path *find_fact(const struct schema_run *run, const char *root)
{
	for (size_t i = 0; run->facts && i < run->facts->path_count; i++) {
		const struct fact_path *fact = &run->facts->paths[i];

		if (!strcmp(fact->pointer, run->pointer) && (!root || !strcmp(fact->root, root)))
			return fact;
	}
	return NULL;
}

int rule_under(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const struct fact_path *fact = find_fact(run, json_string_value(check->value));

	if (!json_is_string(value))
		return schema_fail(run, check, "is not a path");
	if (fact && !fact->fault)
		return 0;
	return schema_fail(run, check, "%s", fact && fact->fault ? fact->fault : "is not a path below its root");
}

int rule_links(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const struct fact_path *fact = find_fact(run, NULL);

	if (!json_is_string(value) || strcmp(json_string_value(check->value), "single"))
		return 0;
	if (fact && !fact->fault && (!fact->exists || fact->links <= 1))
		return 0;
	return schema_fail(run, check, "is a file with more than one name");
}

/* What glob and match look at. */
static struct cordon_slice subject(const struct schema_run *run, const json_t *value)
{
	const struct fact_path *fact = find_fact(run, NULL);

	if (fact && fact->below)
		return slice_of(fact->below);
	return (struct cordon_slice){ json_string_value(value), json_string_length(value) };
}

int rule_glob(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const json_t *item;
	size_t index;
	char quoted[200];

	if (!json_is_string(value))
		return 0;
	if (json_is_string(check->value) && glob_match(json_string_value(check->value), subject(run, value).data))
		return 0;
	json_array_foreach(check->value, index,
			   item) if (glob_match(json_string_value(item), subject(run, value).data)) return 0;
	schema_quote(check->value, quoted, sizeof(quoted));
	return schema_fail(run, check, "does not match %s", quoted);
}

int rule_match(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc;

	if (!json_is_string(value))
		return 0;
	rc = regex_match(check->patterns[0], subject(run, value), run->err);
	if (rc < 0)
		return rc;
	return rc ? 0 : schema_fail(run, check, "does not match %.200s", json_string_value(check->value));
}

int rule_max_bytes(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	uint64_t limit = 0;

	if (!json_is_string(value))
		return 0;
	if (parse_bytes(slice_of(json_string_value(check->value)), &limit, run->err) < 0)
		return CORDON_EINVAL;
	if (json_string_length(value) <= limit)
		return 0;
	return schema_fail(run, check, "%zu bytes where at most %s are allowed", json_string_length(value),
			   json_string_value(check->value));
}
