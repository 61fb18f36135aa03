// SPDX-License-Identifier: Apache-2.0
/*
 * schema.c - compiling a schema, walking it, and the table of keywords.
 *
 * A schema object becomes a node with one check for each of its keywords, in the order of the table: cheap and telling ones
 * first (type before length before pattern), so that the first fault is the one that helps. A keyword that the table does not
 * have is an error of the schema, and so is one whose own value has the wrong shape.
 */
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/schema_node.h"

const struct schema_keyword schema_keywords[] = {
	{ "type", SHAPE_TYPE, rule_type, false },
	{ "const", SHAPE_ANY, rule_const, false },
	{ "enum", SHAPE_ARRAY, rule_enum, false },
	{ "one-of", SHAPE_ARRAY, rule_one_of, true },
	{ "$ref", SHAPE_REF, rule_ref, false },
	{ "multipleOf", SHAPE_NUMBER, rule_multiple, false },
	{ "maximum", SHAPE_NUMBER, rule_maximum, false },
	{ "exclusiveMaximum", SHAPE_NUMBER, rule_exclusive_maximum, false },
	{ "minimum", SHAPE_NUMBER, rule_minimum, false },
	{ "exclusiveMinimum", SHAPE_NUMBER, rule_exclusive_minimum, false },
	{ "maxLength", SHAPE_COUNT, rule_max_length, false },
	{ "minLength", SHAPE_COUNT, rule_min_length, false },
	{ "max-bytes", SHAPE_BYTES, rule_max_bytes, true },
	{ "pattern", SHAPE_PATTERN, rule_pattern, false },
	{ "under", SHAPE_TEXT, rule_under, true },
	{ "links", SHAPE_TEXT, rule_links, true },
	{ "glob", SHAPE_GLOBS, rule_glob, true },
	{ "match", SHAPE_WHOLE, rule_match, true },
	{ "argv", SHAPE_TEXT, NULL, true },
	{ "required", SHAPE_TEXTS, rule_required, false },
	{ "maxProperties", SHAPE_COUNT, rule_max_properties, false },
	{ "minProperties", SHAPE_COUNT, rule_min_properties, false },
	{ "propertyNames", SHAPE_SCHEMA, rule_names, false },
	{ "dependentRequired", SHAPE_OBJECT, rule_dependent_required, false },
	{ "additionalProperties", SHAPE_SCHEMA, rule_additional, false },
	{ "properties", SHAPE_NAMED, rule_properties, false },
	{ "patternProperties", SHAPE_PATTERNS, rule_pattern_properties, false },
	{ "dependentSchemas", SHAPE_NAMED, rule_dependent_schemas, false },
	{ "maxItems", SHAPE_COUNT, rule_max_items, false },
	{ "minItems", SHAPE_COUNT, rule_min_items, false },
	{ "uniqueItems", SHAPE_FLAG, rule_unique, false },
	{ "prefixItems", SHAPE_SCHEMAS, rule_prefix, false },
	{ "items", SHAPE_SCHEMA, rule_items, false },
	{ "contains", SHAPE_SCHEMA, rule_contains, false },
	{ "minContains", SHAPE_COUNT, NULL, false }, /* read by contains */
	{ "maxContains", SHAPE_COUNT, NULL, false },
	{ "allOf", SHAPE_SCHEMAS, rule_all, false },
	{ "anyOf", SHAPE_SCHEMAS, rule_any, false },
	{ "oneOf", SHAPE_SCHEMAS, rule_one, false },
	{ "not", SHAPE_SCHEMA, rule_not, false },
	{ "if", SHAPE_SCHEMA, rule_if, false },
	{ "then", SHAPE_SCHEMA, NULL, false }, /* read by if */
	{ "else", SHAPE_SCHEMA, NULL, false },
	{ "$defs", SHAPE_NAMED, NULL, false },
	{ "$schema", SHAPE_TEXT, NULL, false },
	{ "$id", SHAPE_TEXT, NULL, false },
	{ "$comment", SHAPE_TEXT, NULL, false },
	{ "title", SHAPE_TEXT, NULL, false },
	{ "description", SHAPE_TEXT, NULL, false },
	{ "default", SHAPE_ANY, NULL, false },
	{ "examples", SHAPE_ARRAY, NULL, false },
	{ "deprecated", SHAPE_FLAG, NULL, false },
	{ "readOnly", SHAPE_FLAG, NULL, false },
	{ "writeOnly", SHAPE_FLAG, NULL, false },
	{ "format", SHAPE_TEXT, NULL, false },
	{ "contentEncoding", SHAPE_TEXT, NULL, false },
	{ "contentMediaType", SHAPE_TEXT, NULL, false },
	{ "contentSchema", SHAPE_SCHEMA, NULL, false },
	{ "$anchor", SHAPE_REFUSED, NULL, false },
	{ "$dynamicRef", SHAPE_REFUSED, NULL, false },
	{ "$dynamicAnchor", SHAPE_REFUSED, NULL, false },
	{ "$vocabulary", SHAPE_REFUSED, NULL, false },
	{ "unevaluatedItems", SHAPE_REFUSED, NULL, false },
	{ "unevaluatedProperties", SHAPE_REFUSED, NULL, false },
	{ "host", SHAPE_REFUSED, NULL, true }, /* need the broker, which parses URLs */
	{ "scheme", SHAPE_REFUSED, NULL, true },
	{ "port", SHAPE_REFUSED, NULL, true },
	{ "private", SHAPE_REFUSED, NULL, true },
};
const size_t schema_keyword_count = ARRAY_LEN(schema_keywords);

struct compiler {
	struct schema *schema;
	struct cordon_err *err;
	size_t depth;
};

static int compile_node(struct compiler *compiler, const json_t *source, struct schema_node **out);

static const struct schema_keyword *find_keyword(const char *name)
{
	for (size_t i = 0; i < schema_keyword_count; i++)
		if (!strcmp(schema_keywords[i].name, name))
			return &schema_keywords[i];
	return NULL;
}

static bool is_texts(const json_t *value)
{
	const json_t *item;
	size_t index;

	json_array_foreach(value, index, item) if (!json_is_string(item)) return false;
	return json_is_array(value);
}

/* NULL where the keyword's value has its shape; else what it has to be. */
static const char *shape_fault(enum schema_shape shape, const json_t *value)
{
	uint64_t bytes;

	switch (shape) {
	case SHAPE_COUNT:
		return json_is_number(value) && schema_is_integer(value) && json_number_value(value) >= 0
			       ? NULL
			       : "an integer of at least 0";
	case SHAPE_NUMBER:
		return json_is_number(value) ? NULL : "a number";
	case SHAPE_FLAG:
		return json_is_boolean(value) ? NULL : "true or false";
	case SHAPE_TEXT:
	case SHAPE_PATTERN:
	case SHAPE_WHOLE:
	case SHAPE_REF:
		return json_is_string(value) ? NULL : "a text";
	case SHAPE_TEXTS:
		return is_texts(value) ? NULL : "a list of texts";
	case SHAPE_GLOBS:
	case SHAPE_TYPE:
		return json_is_string(value) || is_texts(value) ? NULL : "a text or a list of texts";
	case SHAPE_ARRAY:
	case SHAPE_SCHEMAS:
		return json_is_array(value) ? NULL : "a list";
	case SHAPE_NAMED:
	case SHAPE_PATTERNS:
	case SHAPE_OBJECT:
		return json_is_object(value) ? NULL : "a mapping";
	case SHAPE_BYTES:
		if (json_is_string(value) && parse_bytes(slice_of(json_string_value(value)), &bytes, NULL) == 0)
			return NULL;
		return "a size, as in 64K";
	case SHAPE_ANY:
	case SHAPE_SCHEMA:
	case SHAPE_REFUSED:
		break;
	}
	return NULL;
}

static int compile_pattern(struct compiler *compiler, const char *text, enum regex_anchor anchor, struct regex **out)
{
	int rc = regex_compile(text, anchor, out, compiler->err);

	return rc == CORDON_EINVAL ? CORDON_ECONFIG : rc;
}

static int compile_named(struct compiler *compiler, struct schema_check *check)
{
	const char *key;
	json_t *child;
	int rc = 0;

	json_object_foreach((json_t *)(uintptr_t)check->value, key, child)
	{
		if (check->keyword->shape == SHAPE_PATTERNS)
			rc = compile_pattern(compiler, key, REGEX_SEARCH, &check->patterns[check->count]);
		rc = rc < 0 ? rc : compile_node(compiler, child, &check->nodes[check->count]);
		if (rc < 0)
			return err_wrap(compiler->err, rc, "'%s'", key);
		check->count++;
	}
	return 0;
}

static int compile_parts(struct compiler *compiler, struct schema_check *check)
{
	enum schema_shape shape = check->keyword->shape;
	size_t parts = json_is_array(check->value) ? json_array_size(check->value) : json_object_size(check->value);
	int rc = 0;

	check->nodes = calloc(parts + 1, sizeof(struct schema_node *));
	check->patterns = calloc(parts + 1, sizeof(struct regex *));
	if (!check->nodes || !check->patterns)
		return err_nomem(compiler->err);
	if (shape == SHAPE_NAMED || shape == SHAPE_PATTERNS)
		return compile_named(compiler, check);
	if (shape == SHAPE_PATTERN || shape == SHAPE_WHOLE) {
		rc = compile_pattern(compiler, json_string_value(check->value),
				     shape == SHAPE_WHOLE ? REGEX_WHOLE : REGEX_SEARCH, &check->patterns[0]);
		check->count = 1;
	}
	if (shape == SHAPE_SCHEMA) {
		rc = compile_node(compiler, check->value, &check->nodes[0]);
		check->count = 1;
	}
	for (size_t i = 0; shape == SHAPE_SCHEMAS && i < parts && rc == 0; i++, check->count++)
		rc = compile_node(compiler, json_array_get(check->value, i), &check->nodes[i]);
	return rc;
}

static int compile_keyword(struct compiler *compiler, struct schema_node *node, const struct schema_keyword *keyword,
			   const json_t *value)
{
	struct schema_check *check = &node->checks[node->count];
	const char *fault = shape_fault(keyword->shape, value);
	int rc;

	if (keyword->shape == SHAPE_REFUSED)
		return err_set(compiler->err, CORDON_ECONFIG, 0,
			       "the schema keyword '%s' is not enforced by this build", keyword->name);
	if (fault)
		return err_set(compiler->err, CORDON_ECONFIG, 0, "the schema keyword '%s' must be %s", keyword->name,
			       fault);
	*check = (struct schema_check){ .keyword = keyword, .value = value, .siblings = node->source };
	node->count++;
	rc = compile_parts(compiler, check);
	return rc < 0 ? err_wrap(compiler->err, rc, "%s", keyword->name) : 0;
}

static int compile_keywords(struct compiler *compiler, struct schema_node *node)
{
	const char *key;
	json_t *value;
	int rc = 0;

	json_object_foreach((json_t *)(uintptr_t)node->source, key, value) if (!find_keyword(key)) return err_set(
		compiler->err, CORDON_ECONFIG, 0, "unknown schema keyword '%s'", key);
	node->checks = calloc(json_object_size(node->source) + 1, sizeof(*node->checks));
	if (!node->checks)
		return err_nomem(compiler->err);
	for (size_t i = 0; i < schema_keyword_count && rc == 0; i++) {
		value = json_object_get(node->source, schema_keywords[i].name);
		if (value)
			rc = compile_keyword(compiler, node, &schema_keywords[i], value);
	}
	return rc;
}

static int compile_node(struct compiler *compiler, const json_t *source, struct schema_node **out)
{
	struct schema_node *node;
	int rc = 0;

	if (compiler->depth >= SCHEMA_DEPTH_MAX || compiler->schema->node_count >= SCHEMA_NODES_MAX)
		return err_set(compiler->err, CORDON_ECONFIG, 0, "a schema that is too deep or too large");
	if (!json_is_object(source) && !json_is_boolean(source))
		return err_set(compiler->err, CORDON_ECONFIG, 0, "a schema must be a mapping, true or false");
	node = calloc(1, sizeof(*node));
	if (!node)
		return err_nomem(compiler->err);
	node->next = compiler->schema->nodes;
	compiler->schema->nodes = node;
	compiler->schema->node_count++;
	node->source = source;
	node->fixed = json_is_true(source) ? 1 : json_is_false(source) ? -1 : 0;
	compiler->depth++;
	if (!node->fixed)
		rc = compile_keywords(compiler, node);
	compiler->depth--;
	*out = node;
	return rc;
}

/* Every $ref must lead somewhere. */
static int check_refs(const struct schema *schema, struct cordon_err *err)
{
	for (const struct schema_node *node = schema->nodes; node; node = node->next)
		for (size_t i = 0; i < node->count; i++)
			if (node->checks[i].keyword->shape == SHAPE_REF &&
			    !schema_resolve(schema, json_string_value(node->checks[i].value)))
				return err_set(err, CORDON_ECONFIG, 0,
					       "'$ref: %s' leads nowhere: only '#/...' in the same schema is followed",
					       json_string_value(node->checks[i].value));
	return 0;
}

int schema_compile(const json_t *document, struct schema **out, struct cordon_err *err)
{
	struct schema *schema = calloc(1, sizeof(*schema));
	struct compiler compiler = { .schema = schema, .err = err };
	int rc;

	if (!schema)
		return err_nomem(err);
	schema->document = json_deep_copy(document);
	rc = schema->document ? compile_node(&compiler, schema->document, &schema->root) : err_nomem(err);
	rc = rc < 0 ? rc : check_refs(schema, err);
	if (rc < 0) {
		schema_free(schema);
		return rc;
	}
	*out = schema;
	return 0;
}

void schema_free(struct schema *schema)
{
	struct schema_node *node = schema ? schema->nodes : NULL;

	while (node) {
		struct schema_node *next = node->next;

		for (size_t i = 0; i < node->count; i++) {
			for (size_t part = 0; part < node->checks[i].count; part++)
				regex_free(node->checks[i].patterns[part]);
			free(node->checks[i].nodes);
			free(node->checks[i].patterns);
		}
		free(node->checks);
		free(node);
		node = next;
	}
	if (schema)
		json_decref(schema->document);
	free(schema);
}

json_t *schema_public(const json_t *document)
{
	json_t *copy = json_is_object(document) ? json_object() : json_is_array(document) ? json_array() : NULL;
	const char *key;
	json_t *child;
	size_t index;

	if (!copy)
		return json_incref((json_t *)(uintptr_t)document);
	json_object_foreach((json_t *)(uintptr_t)document, key, child)
	{
		const struct schema_keyword *keyword = find_keyword(key);
		bool named = keyword && (keyword->shape == SHAPE_NAMED || keyword->shape == SHAPE_PATTERNS);
		json_t *part = named ? json_object() : NULL;
		const char *name;
		json_t *schema;

		if (keyword && keyword->cordon)
			continue;
		json_object_foreach(named ? child : NULL, name, schema)
			json_object_set_new(part, name, schema_public(schema));
		if (keyword && keyword->shape == SHAPE_SCHEMA && json_is_object(child))
			part = schema_public(child);
		if (part && !json_object_size(part) && !strcmp(key, "not"))
			json_decref(part); /* a `not` of Cordon's keywords alone would forbid everything */
		else
			json_object_set_new(copy, key, part ? part : schema_public(child));
	}
	json_array_foreach(document, index, child) json_array_append_new(copy, schema_public(child));
	return copy;
}
