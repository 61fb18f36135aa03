// SPDX-License-Identifier: Apache-2.0
/*
 * schema_view.c - looking at a schema without checking a value: its paths, its options, and what a model is shown of it.
 *
 * Paths are visited wherever an `under` may apply, whether or not the value would pass: a fact too many costs a system
 * call, a fact too few would be a refusal. What a model is shown is the schema less Cordon's own keywords, `under` first
 * among them, as it has paths of the host. A keyword whose meaning would turn around without its inside (`not: {glob: ..}`)
 * goes as a whole.
 */
#include "sandbox/policy/schema/schema_node.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"

struct visitor {
	schema_visit *visit;
	void *ctx;
	struct cordon_err *err;
	const struct trail *trail;
	size_t depth;
};

static int visit_node(struct visitor *visitor, const struct node *node, const json_t *value);

static int visit_below(struct visitor *visitor, const struct node *node, const json_t *value, struct trail trail)
{
	const struct trail *up = visitor->trail;
	int rc;

	trail.up = up;
	visitor->trail = &trail;
	rc = visit_node(visitor, node, value);
	visitor->trail = up;
	return rc;
}

static int visit_under(struct visitor *visitor, const struct rule *rule, const json_t *value)
{
	char pointer[SCHEMA_POINTER_MAX];

	if (!json_is_string(value))
		return 0;
	if (!trail_text(visitor->trail, pointer))
		return err_set(visitor->err, CORDON_EINVAL, 0, "a path argument too deep inside");
	if (strlen(json_string_value(value)) != json_string_length(value))
		return err_set(visitor->err, CORDON_EINVAL, 0, "a NUL in '%s'", pointer);
	return visitor->visit(visitor->ctx, pointer, json_string_value(value), rule->root, visitor->err);
}

static int visit_rule(struct visitor *visitor, const struct rule *rule, const json_t *value)
{
	size_t prefix;
	int rc = 0;

	switch (rule->word->reach) {
	case REACH_SAME:
		for (size_t i = 0; i < rule->kid_count && rc == 0; i++)
			rc = visit_node(visitor, rule->kids[i].node, value);
		return rc;
	case REACH_NAMED:
		for (size_t i = 0; i < rule->kid_count && rc == 0; i++) {
			const json_t *member = json_object_get(value, rule->kids[i].key);

			if (member)
				rc = visit_below(visitor, rule->kids[i].node, member,
						 (struct trail){ .key = rule->kids[i].key });
		}
		return rc;
	case REACH_PREFIX:
		for (size_t i = 0; i < rule->kid_count && i < json_array_size(value) && rc == 0; i++)
			rc = visit_below(visitor, rule->kids[i].node, json_array_get(value, i),
					 (struct trail){ .index = i });
		return rc;
	case REACH_ITEMS:
		prefix = json_array_size(json_object_get(rule->node->source, "prefixItems"));
		for (size_t i = prefix; i < json_array_size(value) && rc == 0; i++)
			rc = visit_below(visitor, rule->kids[0].node, json_array_get(value, i),
					 (struct trail){ .index = i });
		return rc;
	case REACH_MEMBERS: /* an `under` cannot stand there */
	case REACH_NONE:
		return rule->word->shape == SHAPE_UNDER ? visit_under(visitor, rule, value) : 0;
	}
	return 0;
}

static int visit_node(struct visitor *visitor, const struct node *node, const json_t *value)
{
	int rc = 0;

	if (!node || node->kind != NODE_RULES)
		return 0;
	if (visitor->depth >= SCHEMA_DEPTH_MAX)
		return err_set(visitor->err, CORDON_ELIMIT, 0, "the arguments go more than %d schemas deep",
			       SCHEMA_DEPTH_MAX);
	visitor->depth++;
	for (size_t i = 0; i < node->rule_count && rc == 0; i++)
		if (node->rules[i].word->carries_under || node->rules[i].word->shape == SHAPE_UNDER)
			rc = visit_rule(visitor, &node->rules[i], value);
	visitor->depth--;
	return rc;
}

int schema_each_path(const struct schema *schema, const json_t *value, schema_visit *visit, void *ctx,
		     struct cordon_err *err)
{
	struct visitor visitor = { .visit = visit, .ctx = ctx, .err = err };

	return schema->has_under ? visit_node(&visitor, schema->nodes[0], value) : 0;
}

bool schema_is_option(const struct schema *schema, const char *argument)
{
	const json_t *properties = json_object_get(schema->document, "properties");

	return jsontext_get_text(json_object_get(properties, argument), "argv", NULL) != NULL;
}

/* ---- what a model is shown ---- */

static bool has_own(const json_t *value)
{
	const json_t *item;
	size_t index;

	for (void *at = json_object_iter((json_t *)(uintptr_t)value); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)value, at)) {
		const struct word *word = schema_word(json_object_iter_key(at));

		if ((word && word->own) || has_own(json_object_iter_value(at)))
			return true;
	}
	json_array_foreach(value, index, item)
	{
		if (has_own(item))
			return true;
	}
	return false;
}

static bool turns_around(const struct word *word)
{
	static const char *const words[] = { "not", "if", "then", "else", "oneOf", "anyOf", "contains", "maxContains" };

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (!strcmp(word->name, words[i]))
			return true;
	return false;
}

/* `if` has its meaning from `then` and `else`, `maxContains` from `contains`; the others from what is inside. */
static bool stands_alone(const struct word *word)
{
	return word->shape != SHAPE_BESIDE && word->shape != SHAPE_COUNT && strcmp(word->name, "if") != 0;
}

static json_t *strip(const json_t *source, const char *base);

static json_t *strip_map(const json_t *source, const char *base)
{
	json_t *out = json_object();

	for (void *at = json_object_iter((json_t *)(uintptr_t)source); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)source, at))
		json_object_set_new(out, json_object_iter_key(at), strip(json_object_iter_value(at), base));
	return out;
}

static json_t *strip_list(const json_t *source, const char *base)
{
	json_t *out = json_array();
	const json_t *item;
	size_t index;

	json_array_foreach(source, index, item)
	{
		json_array_append_new(out, strip(item, base));
	}
	return out;
}

/* In the whole `#/x` of an argument's own schema is `#/properties/NAME/x`. */
static json_t *rebased(const char *target, const char *base)
{
	return json_sprintf("#%s%s", base, target[0] == '#' ? target + 1 : target);
}

static json_t *strip_word(const struct word *word, const json_t *value, const char *base)
{
	switch (word->shape) {
	case SHAPE_SCHEMA:
	case SHAPE_BESIDE:
		return strip(value, base);
	case SHAPE_SCHEMAS:
		return strip_list(value, base);
	case SHAPE_SCHEMA_MAP:
	case SHAPE_DEFS:
		return strip_map(value, base);
	case SHAPE_REF:
		return rebased(json_string_value(value), base);
	default:
		return json_deep_copy(value);
	}
}

static json_t *strip(const json_t *source, const char *base)
{
	json_t *out;

	if (!json_is_object(source))
		return json_deep_copy(source);
	out = json_object();
	for (void *at = json_object_iter((json_t *)(uintptr_t)source); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)source, at)) {
		const struct word *word = schema_word(json_object_iter_key(at));
		const json_t *value = json_object_iter_value(at);

		if (!word || (turns_around(word) && has_own(stands_alone(word) ? value : source)))
			continue;
		if (!strcmp(word->name, "one-of") && !json_object_get(source, "enum"))
			json_object_set_new(out, "enum", json_deep_copy(value));
		if (!word->own)
			json_object_set_new(out, word->name, strip_word(word, value, base));
	}
	return out;
}

static json_t *strip_args(const json_t *properties)
{
	json_t *out = json_object();

	for (void *at = json_object_iter((json_t *)(uintptr_t)properties); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)properties, at)) {
		char base[128];

		snprintf(base, sizeof(base), "/properties/%.100s", json_object_iter_key(at));
		json_object_set_new(out, json_object_iter_key(at), strip(json_object_iter_value(at), base));
	}
	return out;
}

json_t *schema_public(const json_t *document, enum schema_form form)
{
	json_t *out = strip(document, "");

	if (form == SCHEMA_ARGS)
		json_object_set_new(out, "properties", strip_args(json_object_get(document, "properties")));
	return out;
}
