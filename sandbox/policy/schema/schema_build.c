// SPDX-License-Identifier: Apache-2.0
/*
 * schema_build.c - from a schema as written to nodes of rules.
 *
 * Keywords are compiled in the table's order, which is also the order in which they are checked: what is cheap and tells
 * most comes first, unevaluated* last, as they look at what the others saw. `$ref` is resolved when all nodes are there, so
 * a schema may refer to itself. `under` stands once on the way to a value and in no alternative, so that a path argument
 * has one root that does not depend on the value.
 */
#include "sandbox/policy/schema/schema_node.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/near.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/schema/glob.h"

#define NODES_MAX 20000
#define REFS_MAX 20000

struct context { /* where in the schema a node stands */
	const json_t *root; /* what `#` is */
	const char *under; /* the root of the `under` that applies to the same value; NULL: none */
	bool may_under;
};

struct pending { /* a `$ref` whose target is not compiled yet */
	struct rule *rule;
	const json_t *root;
};

struct compiler {
	struct schema *schema;
	struct schema_place *place;
	struct cordon_err *err;
	const struct trail *trail;
	struct pending *refs;
	size_t ref_count;
	size_t ref_room;
	enum schema_form form;
};

static int compile_node(struct compiler *compiler, json_t *source, const struct context *context, struct node **out);

static int refuse(struct compiler *compiler, const char *format, ...) PRINTF_LIKE(2, 3);
static int refuse(struct compiler *compiler, const char *format, ...)
{
	char text[600];
	va_list list;

	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	if (compiler->place && !trail_text(compiler->trail, compiler->place->pointer))
		compiler->place->pointer[0] = '\0';
	return err_set(compiler->err, CORDON_ECONFIG, 0, "%s", text);
}

/* ---- one keyword ---- */

static int add_kid(struct compiler *compiler, struct rule *rule, json_t *source, const struct context *context)
{
	struct kid *kid = &rule->kids[rule->kid_count++];

	return compile_node(compiler, source, context, &kid->node);
}

/* The context for schemas behind a keyword. */
static struct context context_behind(const struct rule *rule, const struct context *context)
{
	struct context below = *context;

	below.may_under = context->may_under && rule->word->carries_under;
	below.under = rule->word->reach == REACH_SAME ? rule->root : NULL;
	return below;
}

static int compile_schema(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	const char *const also[] = { "then", "else" };
	struct context below = context_behind(rule, context);
	int rc;

	rule->kids = calloc(3, sizeof(*rule->kids));
	if (!rule->kids)
		return err_nomem(compiler->err);
	rc = add_kid(compiler, rule, rule->value, &below);
	if (!strcmp(rule->word->name, "if")) {
		for (size_t i = 0; i < ARRAY_LEN(also) && rc == 0; i++) {
			json_t *branch = json_object_get(rule->node->source, also[i]);
			struct trail trail = { compiler->trail ? compiler->trail->up : NULL, also[i], 0 };

			compiler->trail = &trail;
			if (branch)
				rc = add_kid(compiler, rule, branch, &below);
			else
				rule->kid_count++; /* an empty place: always valid */
			compiler->trail = NULL;
		}
	}
	return rc;
}

static int compile_schemas(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	struct context below = context_behind(rule, context);
	const struct trail *up = compiler->trail;
	json_t *item;
	size_t index;
	int rc = 0;

	if (!json_is_array(rule->value) || !json_array_size(rule->value))
		return refuse(compiler, "'%s' is a list of at least one schema", rule->word->name);
	rule->kids = calloc(json_array_size(rule->value), sizeof(*rule->kids));
	if (!rule->kids)
		return err_nomem(compiler->err);
	json_array_foreach(rule->value, index, item)
	{
		struct trail trail = { up, NULL, index };

		compiler->trail = &trail;
		rc = rc < 0 ? rc : add_kid(compiler, rule, item, &below);
	}
	compiler->trail = up;
	return rc;
}

static int compile_entry(struct compiler *compiler, struct rule *rule, const char *key, const struct context *context)
{
	struct kid *kid = &rule->kids[rule->kid_count++];

	kid->key = strdup(key);
	if (!kid->key)
		return err_nomem(compiler->err);
	if (strcmp(rule->word->name, "patternProperties"))
		return compile_node(compiler, json_object_get(rule->value, key), context, &kid->node);
	if (regex_compile(slice_of(key), REGEX_ANYWHERE, &kid->pattern, compiler->err) < 0)
		return refuse(compiler, "a key of 'patternProperties' is no pattern: '%s'", key);
	return compile_node(compiler, json_object_get(rule->value, key), context, &kid->node);
}

static int compile_schema_map(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	struct context below = context_behind(rule, context);
	bool own_roots = compiler->form == SCHEMA_ARGS && rule->node == compiler->schema->nodes[0];
	const struct trail *up = compiler->trail;
	const char *key;
	json_t *value;
	int rc = 0;

	if (!json_is_object(rule->value))
		return refuse(compiler, "'%s' is a map from names to schemas", rule->word->name);
	rule->kids = calloc(json_object_size(rule->value) + 1, sizeof(*rule->kids));
	if (!rule->kids)
		return err_nomem(compiler->err);
	json_object_foreach(rule->value, key, value)
	{
		struct trail trail = { up, key, 0 };

		compiler->trail = &trail;
		if (own_roots && !strcmp(rule->word->name, "properties"))
			below.root = value;
		rc = rc < 0 ? rc : compile_entry(compiler, rule, key, &below);
	}
	compiler->trail = up;
	return rc;
}

static int compile_ref(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	const char *target = json_string_value(rule->value);

	if (!target)
		return refuse(compiler, "'%s' is a text", rule->word->name);
	if (target[0] != '#')
		return refuse(compiler,
			      "'%s': '%s' is outside of this schema: only '#...' is followed, nothing is fetched",
			      rule->word->name, target);
	if (compiler->ref_count >= REFS_MAX)
		return refuse(compiler, "more than %d references", REFS_MAX);
	if (compiler->ref_count == compiler->ref_room) {
		size_t room = compiler->ref_room ? 2 * compiler->ref_room : 16;
		struct pending *refs = realloc(compiler->refs, room * sizeof(*refs));

		if (!refs)
			return err_nomem(compiler->err);
		compiler->refs = refs;
		compiler->ref_room = room;
	}
	rule->kids = calloc(1, sizeof(*rule->kids));
	if (!rule->kids)
		return err_nomem(compiler->err);
	rule->kid_count = 1;
	compiler->refs[compiler->ref_count++] = (struct pending){ rule, context->root };
	return 0;
}

static int compile_count(struct compiler *compiler, struct rule *rule)
{
	double number = json_number_value(rule->value);

	if (!json_is_number(rule->value) || number < 0 || number != floor(number))
		return refuse(compiler, "'%s' is a whole number, 0 or more", rule->word->name);
	rule->count = number > 9e15 ? (size_t)9e15 : (size_t)number;
	return 0;
}

static const char *const type_names[] = { "object", "array", "string", "integer", "number", "boolean", "null" };

static int add_type(struct compiler *compiler, struct rule *rule, const char *name)
{
	for (size_t i = 0; name && i < ARRAY_LEN(type_names); i++) {
		if (strcmp(type_names[i], name))
			continue;
		rule->count |= (size_t)1 << i;
		return 0;
	}
	return refuse(compiler,
		      "'type' is one or a list of string, integer, number, boolean, array, object, null; not '%s'",
		      name ? name : "another value");
}

static int compile_type(struct compiler *compiler, struct rule *rule)
{
	json_t *item;
	size_t index;
	int rc = 0;

	if (!json_is_array(rule->value))
		return add_type(compiler, rule, json_string_value(rule->value));
	if (!json_array_size(rule->value))
		return refuse(compiler, "'type' has an empty list: nothing could match");
	json_array_foreach(rule->value, index, item)
	{
		rc = rc < 0 ? rc : add_type(compiler, rule, json_string_value(item));
	}
	return rc;
}

static int check_name_list(struct compiler *compiler, const struct rule *rule, const json_t *list)
{
	const json_t *item;
	size_t index;

	if (!json_is_array(list))
		return refuse(compiler, "'%s' is a list of names", rule->word->name);
	json_array_foreach(list, index, item)
	{
		if (!json_is_string(item))
			return refuse(compiler, "'%s' is a list of names", rule->word->name);
	}
	return 0;
}

static int check_name_map(struct compiler *compiler, const struct rule *rule)
{
	const char *key;
	json_t *list;
	int rc = json_is_object(rule->value) ? 0 : refuse(compiler, "'dependentRequired' maps names to lists of names");

	json_object_foreach(rule->value, key, list)
	{
		rc = rc < 0 ? rc : check_name_list(compiler, rule, list);
	}
	return rc;
}

static int compile_pattern(struct compiler *compiler, struct rule *rule, enum regex_anchor anchor)
{
	struct cordon_err fault = { .code = 0 };
	int rc;

	if (!json_is_string(rule->value))
		return refuse(compiler, "'%s' is a text", rule->word->name);
	rc = regex_compile((struct cordon_slice){ json_string_value(rule->value), json_string_length(rule->value) },
			   anchor, &rule->regex, &fault);
	if (rc == CORDON_ENOMEM)
		return err_nomem(compiler->err);
	return rc < 0 ? refuse(compiler, "'%s': %s", rule->word->name, fault.text) : 0;
}

static int compile_size(struct compiler *compiler, struct rule *rule)
{
	struct cordon_err fault = { .code = 0 };
	uint64_t bytes = 0;

	if (!json_is_string(rule->value))
		return refuse(compiler, "'%s' is a size with its unit, such as 16K", rule->word->name);
	if (parse_bytes(slice_of(json_string_value(rule->value)), &bytes, &fault) < 0)
		return refuse(compiler, "'%s': %s", rule->word->name, fault.text);
	rule->count = bytes;
	return 0;
}

static int compile_under(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	const char *root = json_string_value(rule->value);

	if (!root || root[0] != '/')
		return refuse(compiler, "'under' is an absolute folder, or ${workspace}");
	if (!context->may_under)
		return refuse(
			compiler,
			"'under' stands where it may not apply: put it beside the argument's 'type', not inside an "
			"alternative, a reference or 'not'");
	rule->root = root;
	compiler->schema->has_under = true;
	return 0;
}

static int compile_glob(struct compiler *compiler, struct rule *rule)
{
	const char *pattern = json_string_value(rule->value);
	const char *fault = pattern ? glob_fault(pattern) : "'glob' is a text";

	if (!rule->root)
		return refuse(compiler, "'%s' sees the path below an 'under', and there is none beside or around it",
			      rule->word->name);
	return fault ? refuse(compiler, "'glob': %s", fault) : 0;
}

static int compile_word(struct compiler *compiler, struct rule *rule, const char *wanted)
{
	const char *text = json_string_value(rule->value);

	if (!text || strcmp(text, wanted))
		return refuse(compiler, "'%s' can be '%s', nothing else", rule->word->name, wanted);
	if (rule->word->check && !rule->root)
		return refuse(compiler, "'%s' needs an 'under' beside it", rule->word->name);
	return 0;
}

/* `$defs` is compiled where it stands, so that what nobody refers to is checked too. */
static int compile_defs(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	struct context below = { .root = context->root };

	return compile_schema_map(compiler, rule, &below);
}

static int compile_rule(struct compiler *compiler, struct rule *rule, const struct context *context)
{
	const char *name = rule->word->name;

	switch (rule->word->shape) {
	case SHAPE_NOTE:
	case SHAPE_BESIDE:
	case SHAPE_VALUE:
		return 0;
	case SHAPE_REFUSED:
		return refuse(compiler, "'%s' is not enforced by this build", name);
	case SHAPE_COUNT:
		return compile_count(compiler, rule);
	case SHAPE_NUMBER:
		if (!json_is_number(rule->value) ||
		    (!strcmp(name, "multipleOf") && json_number_value(rule->value) <= 0))
			return refuse(compiler, "'%s' is a number%s", name,
				      strcmp(name, "multipleOf") ? "" : " above 0");
		return 0;
	case SHAPE_FLAG:
		return json_is_boolean(rule->value) ? 0 : refuse(compiler, "'%s' is true or false", name);
	case SHAPE_TYPE:
		return compile_type(compiler, rule);
	case SHAPE_VALUES:
		return json_array_size(rule->value) ? 0
						    : refuse(compiler, "'%s' is a list of at least one value", name);
	case SHAPE_NAMES:
		return check_name_list(compiler, rule, rule->value);
	case SHAPE_NAME_MAP:
		return check_name_map(compiler, rule);
	case SHAPE_PATTERN:
		return compile_pattern(compiler, rule, REGEX_ANYWHERE);
	case SHAPE_SCHEMA:
		return compile_schema(compiler, rule, context);
	case SHAPE_SCHEMAS:
		return compile_schemas(compiler, rule, context);
	case SHAPE_SCHEMA_MAP:
		return compile_schema_map(compiler, rule, context);
	case SHAPE_DEFS:
		return compile_defs(compiler, rule, context);
	case SHAPE_REF:
		return compile_ref(compiler, rule, context);
	case SHAPE_SIZE:
		return compile_size(compiler, rule);
	case SHAPE_UNDER:
		return compile_under(compiler, rule, context);
	case SHAPE_GLOB:
		return compile_glob(compiler, rule);
	case SHAPE_MATCH:
		return compile_pattern(compiler, rule, REGEX_WHOLE);
	case SHAPE_OPTION:
		return compile_word(compiler, rule, "option");
	case SHAPE_SINGLE:
		return compile_word(compiler, rule, "single");
	}
	return refuse(compiler, "'%s' is not known", name);
}

/* ---- one node ---- */

static int refuse_unknown(struct compiler *compiler, const char *key)
{
	for (size_t i = 0; i < schema_word_count; i++)
		if (near_is_meant(key, schema_words[i].name))
			return refuse(compiler, "unknown keyword '%s': did you mean '%s'?", key, schema_words[i].name);
	return refuse(compiler, "unknown keyword '%s': this build does not enforce it", key);
}

static struct node *add_node(struct compiler *compiler, json_t *source)
{
	struct schema *schema = compiler->schema;
	struct node *node;

	if (schema->node_count == schema->node_room) {
		size_t room = schema->node_room ? 2 * schema->node_room : 32;
		struct node **nodes = realloc(schema->nodes, room * sizeof(struct node *));

		if (!nodes)
			return NULL;
		schema->nodes = nodes;
		schema->node_room = room;
	}
	node = calloc(1, sizeof(*node));
	if (!node)
		return NULL;
	node->source = source;
	schema->nodes[schema->node_count++] = node;
	return node;
}

static int check_keys(struct compiler *compiler, json_t *source)
{
	const struct trail *up = compiler->trail;
	const char *key;
	json_t *value;

	json_object_foreach(source, key, value)
	{
		struct trail trail = { up, key, 0 };
		int rc;

		if (schema_word(key))
			continue;
		compiler->trail = &trail;
		rc = refuse_unknown(compiler, key);
		compiler->trail = up;
		return rc;
	}
	return 0;
}

static int compile_keywords(struct compiler *compiler, struct node *node, struct context *context)
{
	const struct trail *up = compiler->trail;
	const char *beside = json_string_value(json_object_get(node->source, "under"));
	int rc = 0;

	if (beside)
		context->under = beside;
	for (size_t i = 0; i < schema_word_count && rc == 0; i++) {
		json_t *value = json_object_get(node->source, schema_words[i].name);
		struct trail trail = { up, schema_words[i].name, 0 };
		struct rule *rule = &node->rules[node->rule_count];

		if (!value)
			continue;
		*rule = (struct rule){ &schema_words[i], node, value, NULL, 0, 0, NULL, context->under };
		node->rule_count++;
		compiler->trail = &trail;
		rc = compile_rule(compiler, rule, context);
		if (!strncmp(schema_words[i].name, "unevaluated", 11))
			compiler->schema->tracks = true;
	}
	compiler->trail = up;
	return rc;
}

static int compile_node(struct compiler *compiler, json_t *source, const struct context *context, struct node **out)
{
	struct context own = *context;
	struct node *node;
	int rc;

	if (!json_is_object(source) && !json_is_boolean(source))
		return refuse(compiler, "a schema is a map of keywords, or true or false");
	if (compiler->schema->node_count >= NODES_MAX)
		return refuse(compiler, "more than %d schemas in one", NODES_MAX);
	node = add_node(compiler, source);
	if (!node)
		return err_nomem(compiler->err);
	*out = node;
	if (!json_is_object(source)) {
		node->kind = json_is_true(source) ? NODE_ALWAYS : NODE_NEVER;
		return 0;
	}
	node->kind = NODE_RULES;
	rc = check_keys(compiler, source);
	node->rules = calloc(json_object_size(source) + 1, sizeof(*node->rules));
	if (!node->rules)
		return err_nomem(compiler->err);
	return rc < 0 ? rc : compile_keywords(compiler, node, &own);
}

/* ---- references ---- */

static int resolve_one(struct compiler *compiler, const struct pending *ref)
{
	const char *target = json_string_value(ref->rule->value) + 1;
	struct context context = { .root = ref->root };
	struct cordon_slice whole;
	json_t *source = NULL;

	/* The root is borrowed from the schema's own document, which outlives this. */
	whole = slice_of(target);
	if (!whole.len || target[0] == '/') {
		for (size_t i = 0; i < compiler->schema->node_count && !source; i++)
			if (compiler->schema->nodes[i]->source == ref->root)
				source = pointer_follow(compiler->schema->nodes[i]->source, target);
	} else {
		source = anchor_find(compiler->schema, target);
	}
	if (!source)
		return refuse(compiler, "'%s': there is no '#%s' in this schema", ref->rule->word->name, target);
	for (size_t i = 0; i < compiler->schema->node_count; i++) {
		if (compiler->schema->nodes[i]->source != source)
			continue;
		ref->rule->kids[0].node = compiler->schema->nodes[i];
		return 0;
	}
	return compile_node(compiler, source, &context, &ref->rule->kids[0].node);
}

static void free_rule(struct rule *rule)
{
	for (size_t i = 0; i < rule->kid_count; i++)
		free(rule->kids[i].key);
	for (size_t i = 0; i < rule->kid_count; i++)
		regex_free(rule->kids[i].pattern);
	free(rule->kids);
	regex_free(rule->regex);
}

int schema_compile(const json_t *document, enum schema_form form, struct schema **out, struct schema_place *place,
		   struct cordon_err *err)
{
	struct schema *schema = calloc(1, sizeof(*schema));
	struct compiler compiler = { .schema = schema, .place = place, .err = err, .form = form };
	struct context top = { .may_under = true };
	struct node *root = NULL;
	int rc;

	if (!schema)
		return err_nomem(err);
	schema->document = json_deep_copy(document);
	if (!schema->document) {
		free(schema);
		return err_nomem(err);
	}
	top.root = schema->document;
	rc = compile_node(&compiler, schema->document, &top, &root);
	for (size_t i = 0; i < compiler.ref_count && rc == 0; i++) {
		struct pending ref = compiler.refs[i]; /* the list may move while it grows */

		rc = resolve_one(&compiler, &ref);
	}
	free(compiler.refs);
	if (rc < 0) {
		schema_free(schema);
		return rc;
	}
	*out = schema;
	return 0;
}

void schema_free(struct schema *schema)
{
	if (!schema)
		return;
	for (size_t i = 0; i < schema->node_count; i++) {
		for (size_t j = 0; j < schema->nodes[i]->rule_count; j++)
			free_rule(&schema->nodes[i]->rules[j]);
		free(schema->nodes[i]->rules);
		free(schema->nodes[i]);
	}
	free(schema->nodes);
	json_decref(schema->document);
	free(schema);
}
