// SPDX-License-Identifier: Apache-2.0
/*
 * schema_check.c - one run over a value: the walk, what was evaluated, and the words for what is wrong.
 *
 * A valid value costs no allocation, unless the schema has unevaluated*. The way to a value is a list on the C stack and
 * becomes a JSON pointer only when something is wrong. Steps and depth are bounded: a check that runs into a bound is
 * undecided, and what is undecided is refused, also inside `not`.
 */
#include "sandbox/policy/schema/schema_node.h"

#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define SHOWN_MAX 60

static bool add_step(char **to, const char *end, const struct trail *trail)
{
	char number[24];
	const char *key = trail->key;

	if (!key) {
		snprintf(number, sizeof(number), "%zu", trail->index);
		key = number;
	}
	if (*to >= end)
		return false;
	*(*to)++ = '/';
	for (; *key; key++) {
		bool escaped = *key == '~' || *key == '/';

		if (*to + escaped >= end)
			return false;
		if (escaped)
			*(*to)++ = '~';
		*(*to)++ = !escaped ? *key : *key == '~' ? '0' : '1';
	}
	return true;
}

bool trail_text(const struct trail *trail, char out[SCHEMA_POINTER_MAX])
{
	const struct trail *steps[SCHEMA_DEPTH_MAX];
	size_t count = 0;
	char *to = out;

	out[0] = '\0';
	for (; trail; trail = trail->up) {
		if (count == SCHEMA_DEPTH_MAX)
			return false;
		steps[count++] = trail;
	}
	while (count > 0) {
		if (!add_step(&to, out + SCHEMA_POINTER_MAX - 1, steps[--count])) {
			out[0] = '\0';
			return false;
		}
	}
	*to = '\0';
	return true;
}

/* One step of a JSON pointer, unescaped (percent, then ~), into out. False where it is malformed. */
static bool unescape_step(struct cordon_slice step, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < step.len; i++) {
		unsigned int byte = (unsigned char)step.data[i];

		if (byte == '%') {
			if (i + 2 >= step.len || sscanf(step.data + i + 1, "%2x", &byte) != 1)
				return false;
			i += 2;
		} else if (byte == '~') {
			if (i + 1 >= step.len || (step.data[i + 1] != '0' && step.data[i + 1] != '1'))
				return false;
			byte = step.data[++i] == '0' ? '~' : '/';
		}
		out[used++] = (char)byte;
	}
	out[used] = '\0';
	return true;
}

json_t *pointer_follow(json_t *value, const char *pointer)
{
	while (value && *pointer == '/') {
		struct cordon_slice step = { pointer + 1, strcspn(pointer + 1, "/") };
		cleanup_free char *key = malloc(step.len + 1);
		uint64_t index;

		if (!key || !unescape_step(step, key))
			return NULL;
		if (json_is_array(value))
			value = parse_u64(slice_of(key), &index, NULL) < 0 ? NULL : json_array_get(value, index);
		else
			value = json_object_get(value, key);
		pointer = step.data + step.len;
	}
	return *pointer ? NULL : value;
}

json_t *anchor_find(const struct schema *schema, const char *anchor)
{
	for (size_t i = 0; i < schema->node_count; i++) {
		json_t *source = schema->nodes[i]->source;

		if (!strcmp(jsontext_get_text(source, "$anchor", ""), anchor) ||
		    !strcmp(jsontext_get_text(source, "$dynamicAnchor", ""), anchor))
			return source;
	}
	return NULL;
}

const char *shown(const json_t *value, char out[96])
{
	cleanup_buf struct buf text = { .limit = 1u << 20 };
	size_t len;

	if (json_is_object(value) || json_is_array(value)) {
		snprintf(out, 96, "%s of %zu", json_is_object(value) ? "an object" : "a list",
			 json_is_object(value) ? json_object_size(value) : json_array_size(value));
		return out;
	}
	if (json_is_string(value)) {
		struct cordon_slice all = { json_string_value(value), json_string_length(value) };
		struct cordon_slice head = { all.data, all.len < SHOWN_MAX ? all.len : SHOWN_MAX };

		head.len = utf8_valid_until(head);
		snprintf(out, 96, "'%.*s%s'", (int)head.len, head.data, head.len < all.len ? "..." : "");
		return out;
	}
	if (jsontext_dump(value, &text, NULL) < 0)
		return "the value";
	len = text.len < SHOWN_MAX ? text.len : SHOWN_MAX;
	snprintf(out, 96, "%.*s", (int)len, buf_text(&text));
	return out;
}

int blame(struct checker *checker, const struct rule *rule, const char *format, ...)
{
	struct cordon_err printable = { .code = 0 };
	struct schema_fault *fault = checker->fault;
	char text[1200];
	va_list list;

	if (checker->quiet || !fault)
		return 1;
	va_start(list, format);
	vsnprintf(text, sizeof(text), format, list);
	va_end(list);
	err_set(&printable, CORDON_EINVAL, 0, "%s", text);
	printable.text[sizeof(fault->text) - 1] = '\0';
	printable.text[utf8_valid_until((struct cordon_slice){ printable.text, strlen(printable.text) })] = '\0';
	snprintf(fault->text, sizeof(fault->text), "%.399s", printable.text);
	snprintf(fault->keyword, sizeof(fault->keyword), "%.31s", rule ? rule->word->name : "false");
	(void)trail_text(checker->trail, fault->pointer);
	return 1;
}

/* ---- what was evaluated ---- */

int seen_key(struct seen *seen, const char *key, struct cordon_err *err)
{
	if (!seen)
		return 0;
	if (!seen->keys)
		seen->keys = json_object();
	return json_object_set_new(seen->keys, key, json_null()) < 0 ? err_nomem(err) : 0;
}

int seen_item(struct seen *seen, size_t index, struct cordon_err *err)
{
	char number[24];

	if (!seen || index < seen->prefix)
		return 0;
	if (!seen->items)
		seen->items = json_object();
	snprintf(number, sizeof(number), "%zu", index);
	return json_object_set_new(seen->items, number, json_null()) < 0 ? err_nomem(err) : 0;
}

bool seen_has_key(const struct seen *seen, const char *key)
{
	return seen && json_object_get(seen->keys, key);
}

bool seen_has_item(const struct seen *seen, size_t index)
{
	char number[24];

	if (seen && index < seen->prefix)
		return true;
	snprintf(number, sizeof(number), "%zu", index);
	return seen && json_object_get(seen->items, number);
}

static int seen_merge(struct seen *into, const struct seen *from, struct cordon_err *err)
{
	if (!into)
		return 0;
	if (from->prefix > into->prefix)
		into->prefix = from->prefix;
	if (from->keys && !into->keys)
		into->keys = json_object();
	if (from->items && !into->items)
		into->items = json_object();
	if ((from->keys && json_object_update(into->keys, from->keys) < 0) ||
	    (from->items && json_object_update(into->items, from->items) < 0))
		return err_nomem(err);
	return 0;
}

static void seen_release(struct seen *seen)
{
	json_decref(seen->keys);
	json_decref(seen->items);
}

/* ---- the walk ---- */

static int check_rules(struct checker *checker, const struct node *node, const json_t *value, struct seen *seen)
{
	for (size_t i = 0; i < node->rule_count; i++) {
		const struct rule *rule = &node->rules[i];
		int rc = rule->word->check ? rule->word->check(checker, rule, value, seen) : 0;

		if (rc)
			return rc;
	}
	return 0;
}

int check_node(struct checker *checker, const struct node *node, const json_t *value, struct seen *seen)
{
	CLEANUP(seen_release) struct seen own = { .keys = NULL };
	int rc;

	if (!node || node->kind == NODE_ALWAYS)
		return 0;
	if (node->kind == NODE_NEVER)
		return blame(checker, NULL, "nothing is allowed here");
	if (++checker->steps > SCHEMA_STEPS_MAX)
		return err_set(checker->err, CORDON_ELIMIT, 0, "the check takes more than %d steps", SCHEMA_STEPS_MAX);
	if (checker->depth >= SCHEMA_DEPTH_MAX)
		return err_set(checker->err, CORDON_ELIMIT, 0, "the check goes more than %d schemas deep",
			       SCHEMA_DEPTH_MAX);
	checker->depth++;
	rc = check_rules(checker, node, value, checker->schema->tracks ? &own : NULL);
	checker->depth--;
	return rc ? rc : seen_merge(seen, &own, checker->err);
}

int check_member(struct checker *checker, const struct node *node, const char *key, const json_t *value)
{
	struct trail trail = { checker->trail, key, 0 };
	int rc;

	checker->trail = &trail;
	rc = check_node(checker, node, value, NULL);
	checker->trail = trail.up;
	return rc;
}

int check_item(struct checker *checker, const struct node *node, size_t index, const json_t *value)
{
	struct trail trail = { checker->trail, NULL, index };
	int rc;

	checker->trail = &trail;
	rc = check_node(checker, node, value, NULL);
	checker->trail = trail.up;
	return rc;
}

int schema_check(const struct schema *schema, const json_t *value, const struct facts *facts,
		 struct schema_fault *fault, struct cordon_err *err)
{
	struct checker checker = { .schema = schema, .facts = facts, .fault = fault, .err = err };

	if (fault)
		*fault = (struct schema_fault){ .pointer = "" };
	return check_node(&checker, schema->nodes[0], value, NULL);
}
