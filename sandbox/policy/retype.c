// SPDX-License-Identifier: Apache-2.0
/*
 * retype.c - plain scalars get the type that the schema asks for.
 *
 * `pattern: 123` is the text "123" where the schema wants a text; `maxLength: 123` is a number. Where the schema says
 * nothing, a plain scalar is what JSON would read, else a text: `NO` is a text, `yes` is a text, `010` is a text, and the
 * validator then says that a boolean or number was wanted. A quoted scalar is always a text.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/yaml.h"

#define BRANCHES_MAX 24 /* schemas that may apply to one value at once */

struct branches {
	const json_t *root;
	const json_t *list[BRANCHES_MAX];
	size_t count;
};

static const json_t *follow(const json_t *root, const json_t *schema)
{
	for (int hops = 0; hops < 8; hops++) {
		const char *ref = jsontext_get_text(schema, "$ref", NULL);

		if (!ref)
			return schema;
		if (!strcmp(ref, "#")) {
			schema = root;
			continue;
		}
		if (strncmp(ref, "#/$defs/", 8))
			return NULL;
		schema = json_object_get(json_object_get(root, "$defs"), ref + 8);
	}
	return NULL;
}

/* Adds a schema with all that it combines. */
static void add_branch(struct branches *branches, const json_t *schema)
{
	static const char *const combiners[] = { "allOf", "anyOf", "oneOf" };
	const json_t *child;
	size_t index;

	schema = follow(branches->root, schema);
	if (!json_is_object(schema) || branches->count == BRANCHES_MAX)
		return;
	branches->list[branches->count++] = schema;
	for (size_t i = 0; i < ARRAY_LEN(combiners); i++) {
		json_array_foreach(json_object_get(schema, combiners[i]), index, child) add_branch(branches, child);
	}
}

static void branches_of_key(const struct branches *parent, const char *key, struct branches *out)
{
	*out = (struct branches){ .root = parent->root };
	for (size_t i = 0; i < parent->count; i++) {
		const json_t *named = json_object_get(json_object_get(parent->list[i], "properties"), key);

		add_branch(out, named ? named : json_object_get(parent->list[i], "additionalProperties"));
	}
}

static void branches_of_index(const struct branches *parent, size_t index, struct branches *out)
{
	*out = (struct branches){ .root = parent->root };
	for (size_t i = 0; i < parent->count; i++) {
		const json_t *prefix = json_array_get(json_object_get(parent->list[i], "prefixItems"), index);

		add_branch(out, prefix ? prefix : json_object_get(parent->list[i], "items"));
	}
}

/* True where a schema wants a text and none wants a number, boolean or null. */
static bool wants_text(const struct branches *branches)
{
	bool text = false;

	for (size_t i = 0; i < branches->count; i++) {
		const json_t *type = json_object_get(branches->list[i], "type");
		const char *name = json_string_value(type);

		if (!name)
			continue;
		if (!strcmp(name, "string"))
			text = true;
		else if (strcmp(name, "object") && strcmp(name, "array"))
			return false;
	}
	return text;
}

static json_t *as_json(const json_t *text)
{
	json_t *value = NULL;

	if (jsontext_load((struct cordon_slice){ json_string_value(text), json_string_length(text) }, &value, NULL) < 0)
		return NULL;
	if (json_is_number(value) || json_is_boolean(value) || json_is_null(value))
		return value;
	json_decref(value);
	return NULL;
}

static bool is_plain(const struct yaml *yaml, const char *pointer)
{
	return json_integer_value(json_object_get(yaml->places, pointer)) & 1;
}

static int retype_children(struct yaml *yaml, json_t *value, const char *pointer, const struct branches *branches,
			   struct cordon_err *err);

/* *value is replaced by *typed (a new reference) where it changes. */
static int retype_one(struct yaml *yaml, json_t *value, const char *pointer, const struct branches *branches,
		      json_t **typed)
{
	*typed = NULL;
	if (json_is_string(value)) {
		if (is_plain(yaml, pointer) && !wants_text(branches))
			*typed = as_json(value);
		return 0;
	}
	return retype_children(yaml, value, pointer, branches, NULL);
}

static int retype_children(struct yaml *yaml, json_t *value, const char *pointer, const struct branches *branches,
			   struct cordon_err *err)
{
	struct branches below;
	const char *key;
	json_t *child;
	size_t index;
	void *next;

	json_object_foreach_safe(value, next, key, child)
	{
		cleanup_free char *at = yaml_pointer(pointer, key);
		json_t *typed = NULL;

		if (!at)
			return err_nomem(err);
		branches_of_key(branches, key, &below);
		if (retype_one(yaml, child, at, &below, &typed) < 0)
			return err_nomem(err);
		if (typed)
			json_object_set_new(value, key, typed);
	}
	json_array_foreach(value, index, child)
	{
		cleanup_free char *at = NULL;
		json_t *typed = NULL;
		char number[24];

		snprintf(number, sizeof(number), "%zu", index);
		at = yaml_pointer(pointer, number);
		if (!at)
			return err_nomem(err);
		branches_of_index(branches, index, &below);
		if (retype_one(yaml, child, at, &below, &typed) < 0)
			return err_nomem(err);
		if (typed)
			json_array_set_new(value, index, typed);
	}
	return 0;
}

int yaml_retype(struct yaml *yaml, const json_t *schema, struct cordon_err *err)
{
	struct branches top = { .root = schema };

	add_branch(&top, schema);
	return retype_children(yaml, yaml->root, "", &top, err);
}
