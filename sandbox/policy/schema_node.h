/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_node.h - a compiled schema from the inside: nodes of checks, one check a keyword, in the order of the table.
 */
#ifndef POLICY_SCHEMA_NODE_H
#define POLICY_SCHEMA_NODE_H

#include "sandbox/policy/regex.h"
#include "sandbox/policy/schema.h"

#define SCHEMA_DEPTH_MAX 128 /* of schemas inside schemas, and of $ref while checking */
#define SCHEMA_NODES_MAX 100000
#define SCHEMA_STEPS_MAX 5000000 /* checks in one validation: about a second at worst */

struct schema_node;
struct schema_run;

struct schema_check {
	const struct schema_keyword *keyword;
	const json_t *value; /* the keyword's; borrowed from schema->document */
	const json_t *siblings; /* the object it stands in */
	struct schema_node **nodes; /* compiled subschemas, in the order of value's elements or keys */
	struct regex **patterns; /* of patternProperties, pattern, match */
	size_t count;
};

/* 0: valid; 1: not, and schema_fail() has said why; < 0: cannot be decided. */
typedef int schema_rule(struct schema_run *run, const struct schema_check *check, const json_t *value);

enum schema_shape { /* what the keyword's own value has to be, and what of it is compiled */
		    SHAPE_ANY,
		    SHAPE_COUNT, /* an integer of at least 0 */
		    SHAPE_NUMBER,
		    SHAPE_FLAG,
		    SHAPE_TEXT,
		    SHAPE_TEXTS, /* an array of texts */
		    SHAPE_ARRAY,
		    SHAPE_TYPE, /* a type's name or an array of them */
		    SHAPE_SCHEMA, /* one subschema */
		    SHAPE_SCHEMAS, /* an array of them */
		    SHAPE_NAMED, /* an object of them */
		    SHAPE_PATTERNS, /* the same, keys are patterns */
		    SHAPE_PATTERN,
		    SHAPE_WHOLE, /* a pattern anchored at both ends */
		    SHAPE_BYTES, /* 64K */
		    SHAPE_GLOBS, /* a text or an array of texts */
		    SHAPE_OBJECT,
		    SHAPE_REF,
		    SHAPE_REFUSED /* this build does not enforce it */
};

struct schema_keyword {
	const char *name;
	enum schema_shape shape;
	schema_rule *rule; /* NULL: an annotation */
	bool cordon; /* Cordon's own: not shown to a model */
};

struct schema_node {
	int fixed; /* the schemas true (1) and false (-1); 0: checks */
	const json_t *source;
	struct schema_check *checks;
	size_t count;
	struct schema_node *next; /* all nodes of a schema */
};

struct schema {
	json_t *document; /* owned copy */
	struct schema_node *root;
	struct schema_node *nodes;
	size_t node_count;
};

struct schema_run {
	const struct schema *schema;
	const struct facts *facts;
	struct schema_fault *fault;
	struct cordon_err *err;
	char pointer[SCHEMA_POINTER_MAX];
	size_t pointer_len;
	size_t steps, depth;
	int quiet; /* inside anyOf, not, ...: faults are not told */
};

extern const struct schema_keyword schema_keywords[];
extern const size_t schema_keyword_count;

/* Checks value against node; results as schema_rule. */
int schema_apply(struct schema_run *run, const struct schema_node *node, const json_t *value);
/* The same for a member or element: the pointer is lengthened meanwhile. key NULL: index. */
int schema_apply_at(struct schema_run *run, const struct schema_node *node, const json_t *value, const char *key,
		    size_t index);
/* Writes the fault, unless one is there or faults are quiet; returns 1. */
int schema_fail(struct schema_run *run, const struct schema_check *check, const char *format, ...) PRINTF_LIKE(3, 4);
/* The node that "$ref": "#..." names; NULL: none. */
const struct schema_node *schema_resolve(const struct schema *schema, const char *ref);

/* Equality and order by value: 1 and 1.0 are equal. */
bool schema_equal(const json_t *a, const json_t *b);
int schema_compare(const json_t *a, const json_t *b);
/* True where a number has no fraction. */
bool schema_is_integer(const json_t *value);
/* At most len bytes of a value as JSON, for a sentence. */
void schema_quote(const json_t *value, char *text, size_t len);

/* The rules, by file: schema_value.c, schema_shape.c (containers), schema_logic.c, schema_own.c (Cordon's). */
schema_rule rule_type, rule_enum, rule_const, rule_one_of, rule_multiple, rule_maximum, rule_exclusive_maximum,
	rule_minimum, rule_exclusive_minimum, rule_max_length, rule_min_length, rule_pattern;
schema_rule rule_max_items, rule_min_items, rule_unique, rule_contains, rule_prefix, rule_items, rule_max_properties,
	rule_min_properties, rule_required, rule_dependent_required, rule_properties, rule_pattern_properties,
	rule_additional, rule_names;
schema_rule rule_all, rule_any, rule_one, rule_not, rule_if, rule_dependent_schemas, rule_ref;
schema_rule rule_under, rule_glob, rule_match, rule_links, rule_max_bytes;

#endif
