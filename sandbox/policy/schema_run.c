// SPDX-License-Identifier: Apache-2.0
/*
 * schema_run.c - checking a value: the walk, the words of a fault, and what is asked of a schema besides.
 *
 * The first fault that is met outside anyOf, oneOf, not and if is the one that is told. Steps and depth are counted, so a
 * schema that refers to itself ends, and what cannot be decided in time is refused by the caller.
 */
#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/schema_node.h"

int schema_apply(struct schema_run *run, const struct schema_node *node, const json_t *value)
{
	int rc = 0;

	if (node->fixed) {
		if (node->fixed > 0)
			return 0;
		return schema_fail(run, NULL, "nothing is allowed here");
	}
	if (++run->depth > SCHEMA_DEPTH_MAX) {
		run->depth--;
		return err_set(run->err, CORDON_ELIMIT, 0, "a schema that refers to itself too often");
	}
	for (size_t i = 0; i < node->count && rc == 0; i++) {
		const struct schema_check *check = &node->checks[i];

		if (++run->steps > SCHEMA_STEPS_MAX)
			rc = err_set(run->err, CORDON_ELIMIT, 0, "a value that takes too long to check");
		else if (check->keyword->rule)
			rc = check->keyword->rule(run, check, value);
	}
	run->depth--;
	return rc;
}

int schema_apply_at(struct schema_run *run, const struct schema_node *node, const json_t *value, const char *key,
		    size_t index)
{
	size_t before = run->pointer_len;
	char number[24];
	int rc;

	snprintf(number, sizeof(number), "%zu", index);
	for (const char *from = key ? key : number, *start = from; *from || from == start; from++) {
		const char *piece = *from == '~' ? "~0" : *from == '/' ? "~1" : NULL;

		if (run->pointer_len + 4 >= sizeof(run->pointer))
			break; /* a fault deeper than that is named by its beginning */
		if (from == start)
			run->pointer[run->pointer_len++] = '/';
		if (!*from)
			break;
		if (!piece)
			run->pointer[run->pointer_len++] = *from;
		else
			run->pointer_len += (size_t)snprintf(run->pointer + run->pointer_len, 3, "%s", piece);
	}
	run->pointer[run->pointer_len] = '\0';
	rc = schema_apply(run, node, value);
	run->pointer_len = before;
	run->pointer[before] = '\0';
	return rc;
}

int schema_fail(struct schema_run *run, const struct schema_check *check, const char *format, ...)
{
	struct cordon_err text = { 0 };
	char sentence[1000];
	va_list list;

	if (run->quiet || run->fault->text[0])
		return 1;
	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	err_set(&text, CORDON_EINVAL, 0, "%s", sentence);
	snprintf(run->fault->text, sizeof(run->fault->text), "%.399s", text.text);
	snprintf(run->fault->keyword, sizeof(run->fault->keyword), "%s", check ? check->keyword->name : "false");
	snprintf(run->fault->pointer, sizeof(run->fault->pointer), "%s", run->pointer);
	return 1;
}

int schema_check(const struct schema *schema, const json_t *value, const struct facts *facts,
		 struct schema_fault *fault, struct cordon_err *err)
{
	struct schema_run run = { .schema = schema, .facts = facts, .fault = fault, .err = err };

	*fault = (struct schema_fault){ 0 };
	return schema_apply(&run, schema->root, value);
}

/* One token of a JSON pointer inside $ref, unescaped in place. */
static void unescape(char *token)
{
	char *to = token;

	for (; *token; token++) {
		if (token[0] == '~' && (token[1] == '0' || token[1] == '1'))
			*to++ = *++token == '0' ? '~' : '/';
		else
			*to++ = *token;
	}
	*to = '\0';
}

const struct schema_node *schema_resolve(const struct schema *schema, const char *ref)
{
	const json_t *at = schema->document;
	cleanup_free char *path = strdup(ref);
	char *rest = path;
	char *token;

	if (!path || path[0] != '#' || (path[1] && path[1] != '/'))
		return NULL;
	strsep(&rest, "/"); /* the '#' */
	while ((token = strsep(&rest, "/"))) {
		uint64_t index;

		unescape(token);
		if (json_is_array(at))
			at = parse_u64(slice_of(token), &index, NULL) == 0 ? json_array_get(at, index) : NULL;
		else
			at = json_object_get(at, token);
	}
	for (const struct schema_node *node = schema->nodes; at && node; node = node->next)
		if (node->source == at)
			return node;
	return NULL;
}

bool schema_is_integer(const json_t *value)
{
	double real = json_real_value(value);

	return json_is_integer(value) || (json_is_real(value) && isfinite(real) && fabs(real - rint(real)) == 0);
}

int schema_compare(const json_t *a, const json_t *b)
{
	long double left, right;

	if (json_is_integer(a) && json_is_integer(b))
		return json_integer_value(a) < json_integer_value(b) ? -1
								     : json_integer_value(a) > json_integer_value(b);
	left = json_is_integer(a) ? (long double)json_integer_value(a) : (long double)json_real_value(a);
	right = json_is_integer(b) ? (long double)json_integer_value(b) : (long double)json_real_value(b);
	return left < right ? -1 : left > right;
}

bool schema_equal(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *child;
	size_t index;

	if (json_is_number(a) && json_is_number(b))
		return schema_compare(a, b) == 0;
	if (json_typeof(a) != json_typeof(b))
		return false;
	if (json_is_object(a)) {
		if (json_object_size(a) != json_object_size(b))
			return false;
		json_object_foreach((json_t *)(uintptr_t)a, key, child)
		{
			const json_t *other = json_object_get(b, key);

			if (!other || !schema_equal(child, other))
				return false;
		}
		return true;
	}
	if (!json_is_array(a))
		return json_equal(a, b);
	if (json_array_size(a) != json_array_size(b))
		return false;
	json_array_foreach(a, index, child) if (!schema_equal(child, json_array_get(b, index))) return false;
	return true;
}

void schema_quote(const json_t *value, char *text, size_t len)
{
	cleanup_buf struct buf dump = { 0 };

	buf_init(&dump, 1u << 20);
	if (jsontext_dump(value, &dump, NULL) < 0)
		snprintf(text, len, "a long value");
	else if (dump.len < len)
		snprintf(text, len, "%s", buf_text(&dump));
	else
		snprintf(text, len, "%.*s…", (int)(len > 8 ? len - 8 : 0), buf_text(&dump));
}

struct visit {
	schema_visit *call;
	void *ctx;
	struct cordon_err *err;
};

/* Every `under` that stands at this place of the schema, through allOf, anyOf and the like. */
static int visit_node(const struct schema *schema, const struct schema_node *node, const json_t *value,
		      const char *pointer, const struct visit *visit, size_t depth);

static int visit_below(const struct schema *schema, const struct schema_check *check, const json_t *value,
		       const char *pointer, const struct visit *visit, size_t depth)
{
	bool items = !strcmp(check->keyword->name, "items");
	char below[SCHEMA_POINTER_MAX];
	const char *key;
	json_t *child;
	size_t index = 0;
	int rc = 0;

	if (!strcmp(check->keyword->name, "properties"))
		json_object_foreach((json_t *)(uintptr_t)check->value, key, child)
		{
			const json_t *member = json_object_get(value, key);

			snprintf(below, sizeof(below), "%s/%s", pointer, key);
			if (member && rc == 0)
				rc = visit_node(schema, check->nodes[index], member, below, visit, depth + 1);
			index++;
		}
	if (items)
		json_array_foreach(value, index, child)
		{
			snprintf(below, sizeof(below), "%s/%zu", pointer, index);
			rc = rc < 0 ? rc : visit_node(schema, check->nodes[0], child, below, visit, depth + 1);
		}
	return rc;
}

static int visit_node(const struct schema *schema, const struct schema_node *node, const json_t *value,
		      const char *pointer, const struct visit *visit, size_t depth)
{
	int rc = 0;

	if (depth > SCHEMA_DEPTH_MAX)
		return err_set(visit->err, CORDON_ELIMIT, 0, "a schema that refers to itself too often");
	for (size_t i = 0; i < node->count && rc == 0; i++) {
		const struct schema_check *check = &node->checks[i];
		const char *name = check->keyword->name;

		if (check->keyword->rule == rule_under && json_is_string(value))
			rc = visit->call(visit->ctx, pointer, json_string_value(value), json_string_value(check->value),
					 visit->err);
		else if (check->keyword->rule == rule_ref)
			rc = visit_node(schema, schema_resolve(schema, json_string_value(check->value)), value, pointer,
					visit, depth + 1);
		else if (check->keyword->shape == SHAPE_SCHEMAS && strcmp(name, "prefixItems"))
			for (size_t part = 0; part < check->count && rc == 0; part++)
				rc = visit_node(schema, check->nodes[part], value, pointer, visit, depth + 1);
		else
			rc = visit_below(schema, check, value, pointer, visit, depth);
	}
	return rc;
}

int schema_each_path(const struct schema *schema, const json_t *value, schema_visit *visit, void *ctx,
		     struct cordon_err *err)
{
	const struct visit all = { visit, ctx, err };

	return visit_node(schema, schema->root, value, "", &all, 0);
}

bool schema_is_option(const struct schema *schema, const char *argument)
{
	const json_t *properties = json_object_get(schema->document, "properties");
	const char *argv = jsontext_get_text(json_object_get(properties, argument), "argv", "");

	return !strcmp(argv, "option");
}
