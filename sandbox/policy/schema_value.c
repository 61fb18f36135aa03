// SPDX-License-Identifier: Apache-2.0
/*
 * schema_value.c - the rules on one value: its type, what it may equal, numbers and texts (validation 6.1 to 6.3).
 */
#include <math.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/utf8.h"
#include "sandbox/policy/schema_node.h"

#define QUOTE 80

struct type {
	const char *name;
	const char *words; /* in a sentence */
};

static const struct type types[] = {
	{ "null", "null" },	  { "boolean", "true or false" }, { "object", "a mapping" }, { "array", "a list" },
	{ "number", "a number" }, { "integer", "an integer" },	  { "string", "a text" },
};

static bool is_type(const json_t *value, const char *name)
{
	switch (json_typeof(value)) {
	case JSON_NULL:
		return !strcmp(name, "null");
	case JSON_TRUE:
	case JSON_FALSE:
		return !strcmp(name, "boolean");
	case JSON_OBJECT:
		return !strcmp(name, "object");
	case JSON_ARRAY:
		return !strcmp(name, "array");
	case JSON_STRING:
		return !strcmp(name, "string");
	default:
		return !strcmp(name, "number") || (!strcmp(name, "integer") && schema_is_integer(value));
	}
}

static const char *type_words(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (!strcmp(types[i].name, name))
			return types[i].words;
	return name;
}

int rule_type(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	const char *name = json_string_value(check->value);
	char wanted[160] = "";
	char quoted[QUOTE];
	const json_t *item;
	size_t index;

	if (name && is_type(value, name))
		return 0;
	json_array_foreach(check->value, index, item)
	{
		if (is_type(value, json_string_value(item)))
			return 0;
		snprintf(wanted + strlen(wanted), sizeof(wanted) - strlen(wanted), "%s%s", index ? " or " : "",
			 type_words(json_string_value(item)));
	}
	schema_quote(value, quoted, sizeof(quoted));
	return schema_fail(run, check, "%s is not %s", quoted, name ? type_words(name) : wanted);
}

int rule_const(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	char quoted[QUOTE];

	if (schema_equal(check->value, value))
		return 0;
	schema_quote(check->value, quoted, sizeof(quoted));
	return schema_fail(run, check, "must be %s", quoted);
}

int rule_enum(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	char allowed[300], quoted[QUOTE];
	const json_t *item;
	size_t index;

	json_array_foreach(check->value, index, item) if (schema_equal(item, value)) return 0;
	schema_quote(value, quoted, sizeof(quoted));
	schema_quote(check->value, allowed, sizeof(allowed));
	return schema_fail(run, check, "%s is not one of %s", quoted, allowed);
}

int rule_one_of(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return rule_enum(run, check, value);
}

int rule_multiple(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	char quoted[QUOTE];
	double part, quotient;

	if (!json_is_number(value))
		return 0;
	if (json_is_integer(value) && json_is_integer(check->value) && json_integer_value(check->value) > 0) {
		if (json_integer_value(value) % json_integer_value(check->value) == 0)
			return 0;
	} else {
		part = json_number_value(check->value);
		quotient = json_number_value(value) / part;
		if (isfinite(quotient) ? fabs(quotient - rint(quotient)) < 1e-9 * fmax(1, fabs(quotient) * 1e-6)
				       : fabs(fmod(json_number_value(value), part)) == 0)
			return 0;
	}
	schema_quote(check->value, quoted, sizeof(quoted));
	return schema_fail(run, check, "must be a multiple of %s", quoted);
}

static int order(struct schema_run *run, const struct schema_check *check, const json_t *value, bool sound,
		 const char *words)
{
	char bound[QUOTE], quoted[QUOTE];

	if (!json_is_number(value) || sound)
		return 0;
	schema_quote(check->value, bound, sizeof(bound));
	schema_quote(value, quoted, sizeof(quoted));
	return schema_fail(run, check, "%s is not %s %s", quoted, words, bound);
}

int rule_maximum(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return order(run, check, value, schema_compare(value, check->value) <= 0, "at most");
}

int rule_exclusive_maximum(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return order(run, check, value, schema_compare(value, check->value) < 0, "less than");
}

int rule_minimum(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return order(run, check, value, schema_compare(value, check->value) >= 0, "at least");
}

int rule_exclusive_minimum(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	return order(run, check, value, schema_compare(value, check->value) > 0, "more than");
}

static size_t character_count(const json_t *text)
{
	const char *bytes = json_string_value(text);
	size_t count = 0;

	for (size_t i = 0; i < json_string_length(text); i++)
		count += (bytes[i] & 0xc0) != 0x80;
	return count;
}

int rule_max_length(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	size_t count = json_is_string(value) ? character_count(value) : 0;

	if (!json_is_string(value) || (double)count <= json_number_value(check->value))
		return 0;
	return schema_fail(run, check, "%zu characters where at most %.0f are allowed", count,
			   json_number_value(check->value));
}

int rule_min_length(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	size_t count = json_is_string(value) ? character_count(value) : 0;

	if (!json_is_string(value) || (double)count >= json_number_value(check->value))
		return 0;
	return schema_fail(run, check, "%zu characters where at least %.0f are needed", count,
			   json_number_value(check->value));
}

int rule_pattern(struct schema_run *run, const struct schema_check *check, const json_t *value)
{
	int rc;

	if (!json_is_string(value))
		return 0;
	rc = regex_match(check->patterns[0],
			 (struct cordon_slice){ json_string_value(value), json_string_length(value) }, run->err);
	if (rc < 0)
		return rc;
	return rc ? 0 : schema_fail(run, check, "does not match the pattern %.200s", json_string_value(check->value));
}
