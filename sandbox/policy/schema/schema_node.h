/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_node.h - what a schema is compiled to: nodes of rules, one rule a keyword, in the order of the table of words.
 */
#ifndef SCHEMA_SCHEMA_NODE_H
#define SCHEMA_SCHEMA_NODE_H

#include "sandbox/policy/schema/regex.h"
#include "sandbox/policy/schema/schema.h"

#define SCHEMA_STEPS_MAX 4000000 /* about 100 ms: more is a refusal */
#define SCHEMA_DEPTH_MAX 256 /* 64 levels of a value, some schemas each */

struct node;
struct rule;
struct seen;

struct checker { /* one run of schema_check() */
	const struct schema *schema;
	const struct facts *facts;
	struct schema_fault *fault;
	struct cordon_err *err;
	const struct trail *trail; /* where in the value */
	unsigned int quiet; /* inside `not`, `anyOf`, ...: what fails there is no fault yet */
	size_t depth;
	size_t steps;
};

struct trail { /* the way to a value, leaf first */
	const struct trail *up;
	const char *key; /* NULL: index */
	size_t index;
};

/* 0 valid, 1 invalid, < 0 undecided. seen (NULL: not wanted) collects what was evaluated, for unevaluated*. */
typedef int rule_check(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen);

enum word_shape { /* what may stand behind the keyword */
		  SHAPE_NOTE, /* an annotation: anything, without effect */
		  SHAPE_BESIDE, /* read by another keyword; its shape is checked there */
		  SHAPE_REFUSED, /* this build does not enforce it */
		  SHAPE_COUNT,
		  SHAPE_NUMBER,
		  SHAPE_FLAG,
		  SHAPE_TYPE,
		  SHAPE_VALUE,
		  SHAPE_VALUES,
		  SHAPE_NAMES,
		  SHAPE_NAME_MAP,
		  SHAPE_PATTERN,
		  SHAPE_SCHEMA,
		  SHAPE_SCHEMAS,
		  SHAPE_SCHEMA_MAP,
		  SHAPE_DEFS,
		  SHAPE_REF,
		  SHAPE_SIZE,
		  SHAPE_UNDER,
		  SHAPE_GLOB,
		  SHAPE_MATCH,
		  SHAPE_OPTION,
		  SHAPE_SINGLE
};

enum word_reach { /* on which values the schemas behind it look */
		  REACH_NONE,
		  REACH_SAME,
		  REACH_MEMBERS,
		  REACH_NAMED,
		  REACH_ITEMS,
		  REACH_PREFIX
};

struct word {
	const char *name;
	enum word_shape shape;
	enum word_reach reach;
	rule_check *check;
	bool own; /* Cordon's, not JSON Schema's */
	bool carries_under; /* an `under` may stand in the schemas behind it */
};

struct kid { /* a schema behind a keyword */
	char *key; /* of properties, patternProperties, dependentSchemas */
	struct regex *pattern;
	struct node *node;
};

struct rule {
	const struct word *word;
	const struct node *node; /* in which it stands */
	json_t *value; /* as written */
	struct kid *kids;
	size_t kid_count;
	size_t count; /* of SHAPE_COUNT and SHAPE_SIZE; bits of json types of SHAPE_TYPE */
	struct regex *regex;
	const char *root; /* of `under`, also for glob and match beside it; lives in a schema's `under` value */
};

struct node {
	enum { NODE_NEVER, NODE_ALWAYS, NODE_RULES } kind;
	json_t *source;
	struct rule *rules;
	size_t rule_count;
};

struct schema {
	struct node **nodes; /* all of them; nodes[0] is the whole */
	size_t node_count;
	size_t node_room;
	json_t *document; /* owned */
	bool tracks; /* has unevaluated* */
	bool has_under;
};

/* What a node's rules have evaluated of an object or array. */
struct seen {
	json_t *keys; /* object used as a set; NULL: none */
	json_t *items; /* the same, with indices as keys */
	size_t prefix; /* items [0, prefix) */
};

extern const struct word schema_words[];
extern const size_t schema_word_count;

const struct word *schema_word(const char *name);
const struct rule *node_rule(const struct node *node, const char *word);

/* ---- schema_check.c ---- */
int check_node(struct checker *checker, const struct node *node, const json_t *value, struct seen *seen);
int check_member(struct checker *checker, const struct node *node, const char *key, const json_t *value);
int check_item(struct checker *checker, const struct node *node, size_t index, const json_t *value);
/* Notes the fault, if it is one yet, and returns 1. */
int blame(struct checker *checker, const struct rule *rule, const char *format, ...) PRINTF_LIKE(3, 4);
int seen_key(struct seen *seen, const char *key, struct cordon_err *err);
int seen_item(struct seen *seen, size_t index, struct cordon_err *err);
bool seen_has_key(const struct seen *seen, const char *key);
bool seen_has_item(const struct seen *seen, size_t index);
/* RFC 6901 text of the trail; false where it does not fit. */
bool trail_text(const struct trail *trail, char out[SCHEMA_POINTER_MAX]);
/* What an RFC 6901 pointer (percent-encoded, as behind '#') leads to from value; NULL: nothing. Borrowed. */
json_t *pointer_follow(json_t *value, const char *pointer);
/* The schema with this $anchor or $dynamicAnchor; NULL: none. Borrowed. */
json_t *anchor_find(const struct schema *schema, const char *anchor);
/* The value for a sentence: at most some 60 bytes. */
const char *shown(const json_t *value, char out[96]);

/* ---- schema_words.c, schema_parts.c ---- */
bool values_equal(const json_t *a, const json_t *b, size_t *steps);
int numbers_compare(const json_t *a, const json_t *b);
#define X(name) rule_check check_##name;
/* Laid out by hand: clang-format takes each X(...) for a statement and never settles. */
/* clang-format off */
#define SCHEMA_CHECKS(X) \
	X(ref) X(type) X(enum) X(const) X(multiple) X(maximum) X(exclusive_maximum) X(minimum) \
	X(exclusive_minimum) X(max_length) X(min_length) X(pattern) X(max_items) X(min_items) X(unique) \
	X(contains) X(max_properties) X(min_properties) X(required) X(dependent_required) X(properties) \
	X(patterns) X(additional) X(names) X(dependent) X(prefix) X(items) X(all_of) X(any_of) X(one_of) \
	X(not) X(if) X(unevaluated_items) X(unevaluated_properties) X(max_bytes) X(under) X(glob) X(match) \
	X(links)
/* clang-format on */
SCHEMA_CHECKS(X)
#undef X

#endif
