// SPDX-License-Identifier: Apache-2.0
/*
 * schema_words.c - the table of keywords, and what each asks of a value; schema_parts.c has those of lists and objects.
 *
 * The table's order is the order in which a node's rules are compiled and checked: what is cheap and tells most comes first,
 * unevaluated* last, as they look at what the others saw.
 *
 * Numbers are compared by value, whatever their spelling: 1.0 is an integer and equal to 1, and an int64 is never rounded
 * to a double to be compared. Lengths of texts are counted in code points, as JSON Schema asks; `max-bytes` in bytes.
 */
#include "sandbox/policy/schema/schema_node.h"

#include <math.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/schema/glob.h"

/* ---- values ---- */

static int compare_int_double(json_int_t a, double b)
{
	double whole = floor(b);

	if (b >= 0x1p63)
		return -1;
	if (b < -0x1p63)
		return 1;
	if (a != (json_int_t)whole)
		return a < (json_int_t)whole ? -1 : 1;
	return whole < b ? -1 : 0;
}

int numbers_compare(const json_t *a, const json_t *b)
{
	if (json_is_integer(a) && json_is_integer(b))
		return (json_integer_value(a) > json_integer_value(b)) -
		       (json_integer_value(a) < json_integer_value(b));
	if (json_is_integer(a))
		return compare_int_double(json_integer_value(a), json_real_value(b));
	if (json_is_integer(b))
		return -compare_int_double(json_integer_value(b), json_real_value(a));
	return (json_real_value(a) > json_real_value(b)) - (json_real_value(a) < json_real_value(b));
}

static bool objects_equal(const json_t *a, const json_t *b, size_t *steps)
{
	const char *key;
	json_t *value;

	if (json_object_size(a) != json_object_size(b))
		return false;
	/* jansson's iterators take what they do not change without const. */
	for (void *at = json_object_iter((json_t *)(uintptr_t)a); at;
	     at = json_object_iter_next((json_t *)(uintptr_t)a, at)) {
		key = json_object_iter_key(at);
		value = json_object_iter_value(at);
		if (!values_equal(value, json_object_get(b, key), steps))
			return false;
	}
	return true;
}

bool values_equal(const json_t *a, const json_t *b, size_t *steps)
{
	const json_t *item;
	size_t index;

	++*steps;
	if (json_is_number(a) && json_is_number(b))
		return numbers_compare(a, b) == 0;
	if (!a || !b || json_typeof(a) != json_typeof(b))
		return false;
	if (json_is_object(a))
		return objects_equal(a, b, steps);
	if (!json_is_array(a))
		return json_equal(a, b);
	if (json_array_size(a) != json_array_size(b))
		return false;
	json_array_foreach(a, index, item)
	{
		if (!values_equal(item, json_array_get(b, index), steps))
			return false;
	}
	return true;
}

static size_t type_bits(const json_t *value)
{
	enum { OBJECT = 1, ARRAY = 2, STRING = 4, INTEGER = 8, NUMBER = 16, BOOLEAN = 32, NIL = 64 };
	double real;

	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return OBJECT;
	case JSON_ARRAY:
		return ARRAY;
	case JSON_STRING:
		return STRING;
	case JSON_INTEGER:
		return INTEGER | NUMBER;
	case JSON_REAL:
		real = json_real_value(value);
		return isfinite(real) && floor(real) == real ? INTEGER | NUMBER : NUMBER;
	case JSON_TRUE:
	case JSON_FALSE:
		return BOOLEAN;
	case JSON_NULL:
		return NIL;
	}
	return 0;
}

static size_t code_points(const json_t *text)
{
	const char *at = json_string_value(text);
	size_t len = json_string_length(text);
	size_t count = 0;

	for (size_t i = 0; i < len; i++)
		count += ((unsigned char)at[i] & 0xc0) != 0x80;
	return count;
}

static void list_values(const json_t *list, char out[240])
{
	const json_t *item;
	size_t index;
	size_t used = 0;
	char one[96];

	out[0] = '\0';
	if (!json_is_array(list)) {
		snprintf(out, 240, "%s", shown(list, one));
		return;
	}
	json_array_foreach(list, index, item)
	{
		int wrote = snprintf(out + used, 240 - used, "%s%s", index ? ", " : "", shown(item, one));

		if (wrote < 0 || (size_t)wrote >= 240 - used - 4) {
			snprintf(out + used, 240 - used, ", ...");
			return;
		}
		used += (size_t)wrote;
	}
}

/* ---- any value ---- */

int check_ref(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	return check_node(checker, rule->kids[0].node, value, seen);
}

int check_type(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	char have[96];
	char wanted[240];

	(void)seen;
	if (type_bits(value) & rule->count)
		return 0;
	list_values(rule->value, wanted);
	return blame(checker, rule, "%s is not of type %s", shown(value, have), wanted);
}

int check_enum(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const json_t *item;
	size_t index;
	char have[96];
	char wanted[240];

	(void)seen;
	json_array_foreach(rule->value, index, item)
	{
		if (values_equal(item, value, &checker->steps))
			return 0;
	}
	list_values(rule->value, wanted);
	return blame(checker, rule, "%s is none of %s", shown(value, have), wanted);
}

int check_const(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	char have[96];
	char wanted[96];

	(void)seen;
	if (values_equal(rule->value, value, &checker->steps))
		return 0;
	return blame(checker, rule, "%s is not %s", shown(value, have), shown(rule->value, wanted));
}

/* ---- numbers ---- */

static int bound(struct checker *checker, const struct rule *rule, const json_t *value, const char *words)
{
	char have[96];
	char limit[96];

	return blame(checker, rule, "%s is %s %s", shown(value, have), words, shown(rule->value, limit));
}

int check_minimum(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_number(value) || numbers_compare(value, rule->value) >= 0)
		return 0;
	return bound(checker, rule, value, "less than the least,");
}

int check_maximum(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_number(value) || numbers_compare(value, rule->value) <= 0)
		return 0;
	return bound(checker, rule, value, "more than the most,");
}

int check_exclusive_minimum(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_number(value) || numbers_compare(value, rule->value) > 0)
		return 0;
	return bound(checker, rule, value, "not above");
}

int check_exclusive_maximum(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_number(value) || numbers_compare(value, rule->value) < 0)
		return 0;
	return bound(checker, rule, value, "not below");
}

static bool is_multiple(const json_t *value, const json_t *by)
{
	double number = json_number_value(value);
	double step = json_number_value(by);
	double quotient = number / step;

	if (json_is_integer(value) && json_is_integer(by))
		return json_integer_value(value) % json_integer_value(by) == 0;
	/* Every integer is a multiple of 1e-8, also one whose quotient a double cannot hold. */
	if (floor(number) == number && step < 1 && fabs(1 / step - round(1 / step)) <= 1e-9 / step)
		return true;
	if (!isfinite(quotient) || fabs(quotient) >= 0x1p53)
		return fmod(number, step) == 0;
	/* 0.0075 is 75 times 0.0001 to whoever wrote it, though not in binary. */
	return fabs(quotient - round(quotient)) <= 1e-9 * fmax(1, fabs(quotient));
}

int check_multiple(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_number(value) || is_multiple(value, rule->value))
		return 0;
	return bound(checker, rule, value, "no multiple of");
}

/* ---- texts ---- */

int check_min_length(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_string(value) || code_points(value) >= rule->count)
		return 0;
	return blame(checker, rule, "%zu characters where at least %zu are asked for", code_points(value), rule->count);
}

int check_max_length(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_string(value) || json_string_length(value) <= rule->count || code_points(value) <= rule->count)
		return 0;
	return blame(checker, rule, "%zu characters where at most %zu are allowed", code_points(value), rule->count);
}

int check_max_bytes(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	(void)seen;
	if (!json_is_string(value) || json_string_length(value) <= rule->count)
		return 0;
	return blame(checker, rule, "%zu bytes where at most %zu are allowed", json_string_length(value), rule->count);
}

int check_pattern(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	char have[96];
	int rc;

	(void)seen;
	if (!json_is_string(value))
		return 0;
	rc = regex_matches(rule->regex, (struct cordon_slice){ json_string_value(value), json_string_length(value) },
			   checker->err);
	if (rc)
		return rc < 0 ? rc : 0;
	return blame(checker, rule, "%s does not match the pattern '%s'", shown(value, have),
		     json_string_value(rule->value));
}

/* ---- combinations ---- */

int check_all_of(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int rc = 0;

	for (size_t i = 0; i < rule->kid_count && rc == 0; i++)
		rc = check_node(checker, rule->kids[i].node, value, seen);
	return rc;
}

/* How many alternatives hold; < 0 undecided. All are looked at, as unevaluated* counts on each that holds. */
static int count_matches(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int found = 0;

	checker->quiet++;
	for (size_t i = 0; i < rule->kid_count; i++) {
		int rc = check_node(checker, rule->kids[i].node, value, seen);

		if (rc < 0) {
			checker->quiet--;
			return rc;
		}
		found += rc == 0;
	}
	checker->quiet--;
	return found;
}

int check_any_of(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int found = count_matches(checker, rule, value, seen);
	char have[96];

	if (found)
		return found < 0 ? found : 0;
	return blame(checker, rule, "%s is none of the %zu things that may stand here", shown(value, have),
		     rule->kid_count);
}

int check_one_of(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int found = count_matches(checker, rule, value, seen);
	char have[96];

	if (found == 1 || found < 0)
		return found < 0 ? found : 0;
	return blame(checker, rule, "%s is %d of the %zu things of which exactly one may stand here",
		     shown(value, have), found, rule->kid_count);
}

int check_not(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	char have[96];
	int rc;

	(void)seen;
	checker->quiet++;
	rc = check_node(checker, rule->kids[0].node, value, NULL);
	checker->quiet--;
	if (rc)
		return rc < 0 ? rc : 0;
	return blame(checker, rule, "%s is what 'not' rules out", shown(value, have));
}

int check_if(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	int rc;

	checker->quiet++;
	rc = check_node(checker, rule->kids[0].node, value, seen);
	checker->quiet--;
	if (rc < 0)
		return rc;
	return check_node(checker, rule->kids[rc ? 2 : 1].node, value, seen);
}

/* ---- Cordon's own, on paths ---- */

/* The fact for the value at hand; NULL with *err set where there is none: that is never a match, and never a miss. */
static const struct fact_path *fact_of(struct checker *checker, const struct rule *rule)
{
	char pointer[SCHEMA_POINTER_MAX];

	if (checker->facts && trail_text(checker->trail, pointer)) {
		for (size_t i = 0; i < checker->facts->path_count; i++) {
			const struct fact_path *fact = &checker->facts->paths[i];

			if (!strcmp(fact->pointer, pointer) && !strcmp(fact->root, rule->root))
				return fact;
		}
	}
	err_set(checker->err, CORDON_EINVAL, 0, "a path that was not resolved");
	return NULL;
}

int check_under(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const struct fact_path *fact;
	char have[96];

	(void)seen;
	if (!json_is_string(value))
		return 0;
	fact = fact_of(checker, rule);
	if (!fact)
		return CORDON_EINVAL;
	if (!fact->fault && fact->fd >= 0 && fact->below)
		return 0;
	return blame(checker, rule, "%s %s: a path must stay below its folder, where relative ones begin",
		     shown(value, have), fact->fault ? fact->fault : "cannot be resolved");
}

int check_links(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	const struct fact_path *fact;
	char have[96];

	(void)seen;
	if (!json_is_string(value))
		return 0;
	fact = fact_of(checker, rule);
	if (!fact)
		return CORDON_EINVAL;
	if (fact->links <= 1)
		return 0;
	return blame(checker, rule, "%s has %lu names, where 'links: single' allows one", shown(value, have),
		     fact->links);
}

/* The text that glob and match see: of a path what is below the root, "" for the root itself. */
static int subject_of(struct checker *checker, const struct rule *rule, const json_t *value, struct cordon_slice *out)
{
	const struct fact_path *fact;

	*out = (struct cordon_slice){ json_string_value(value), json_string_length(value) };
	if (!rule->root)
		return 0;
	fact = fact_of(checker, rule);
	if (!fact)
		return CORDON_EINVAL;
	if (fact->fault || !fact->below)
		return err_set(checker->err, CORDON_EINVAL, 0, "a path that cannot be resolved: %s",
			       fact->fault ? fact->fault : "nothing is known of it");
	*out = strcmp(fact->below, ".") ? slice_of(fact->below) : SLICE("");
	return 0;
}

int check_glob(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	struct cordon_slice subject;
	int rc;

	(void)seen;
	if (!json_is_string(value))
		return 0;
	rc = subject_of(checker, rule, value, &subject);
	if (rc < 0 || glob_matches(json_string_value(rule->value), subject.data))
		return rc;
	return blame(checker, rule, "'%.60s' does not match '%s'", subject.len ? subject.data : ".",
		     json_string_value(rule->value));
}

int check_match(struct checker *checker, const struct rule *rule, const json_t *value, struct seen *seen)
{
	struct cordon_slice subject;
	int rc;

	(void)seen;
	if (!json_is_string(value))
		return 0;
	rc = subject_of(checker, rule, value, &subject);
	if (rc == 0)
		rc = regex_matches(rule->regex, subject, checker->err);
	if (rc)
		return rc < 0 ? rc : 0;
	return blame(checker, rule, "'%.60s' does not match '%s' from end to end", subject.data,
		     json_string_value(rule->value));
}

/* ---- the table ---- */

const struct word schema_words[] = {
	{ "$ref", SHAPE_REF, REACH_SAME, check_ref, false, false },
	{ "$dynamicRef", SHAPE_REF, REACH_SAME, check_ref, false, false }, /* one resource: the same as $ref */
	{ "type", SHAPE_TYPE, REACH_NONE, check_type, false, false },
	{ "const", SHAPE_VALUE, REACH_NONE, check_const, false, false },
	{ "enum", SHAPE_VALUES, REACH_NONE, check_enum, false, false },
	{ "one-of", SHAPE_VALUES, REACH_NONE, check_enum, true, false },
	{ "minimum", SHAPE_NUMBER, REACH_NONE, check_minimum, false, false },
	{ "maximum", SHAPE_NUMBER, REACH_NONE, check_maximum, false, false },
	{ "exclusiveMinimum", SHAPE_NUMBER, REACH_NONE, check_exclusive_minimum, false, false },
	{ "exclusiveMaximum", SHAPE_NUMBER, REACH_NONE, check_exclusive_maximum, false, false },
	{ "multipleOf", SHAPE_NUMBER, REACH_NONE, check_multiple, false, false },
	{ "minLength", SHAPE_COUNT, REACH_NONE, check_min_length, false, false },
	{ "maxLength", SHAPE_COUNT, REACH_NONE, check_max_length, false, false },
	{ "max-bytes", SHAPE_SIZE, REACH_NONE, check_max_bytes, true, false },
	{ "pattern", SHAPE_PATTERN, REACH_NONE, check_pattern, false, false },
	{ "minItems", SHAPE_COUNT, REACH_NONE, check_min_items, false, false },
	{ "maxItems", SHAPE_COUNT, REACH_NONE, check_max_items, false, false },
	{ "uniqueItems", SHAPE_FLAG, REACH_NONE, check_unique, false, false },
	{ "minProperties", SHAPE_COUNT, REACH_NONE, check_min_properties, false, false },
	{ "maxProperties", SHAPE_COUNT, REACH_NONE, check_max_properties, false, false },
	{ "properties", SHAPE_SCHEMA_MAP, REACH_NAMED, check_properties, false, true },
	{ "patternProperties", SHAPE_SCHEMA_MAP, REACH_MEMBERS, check_patterns, false, false },
	{ "additionalProperties", SHAPE_SCHEMA, REACH_MEMBERS, check_additional, false, false },
	{ "required", SHAPE_NAMES, REACH_NONE, check_required, false,
	  false }, /* after it: a mistyped key comes first */
	{ "propertyNames", SHAPE_SCHEMA, REACH_NONE, check_names, false, false },
	{ "dependentRequired", SHAPE_NAME_MAP, REACH_NONE, check_dependent_required, false, false },
	{ "dependentSchemas", SHAPE_SCHEMA_MAP, REACH_SAME, check_dependent, false, false },
	{ "prefixItems", SHAPE_SCHEMAS, REACH_PREFIX, check_prefix, false, true },
	{ "items", SHAPE_SCHEMA, REACH_ITEMS, check_items, false, true },
	{ "contains", SHAPE_SCHEMA, REACH_NONE, check_contains, false, false },
	{ "allOf", SHAPE_SCHEMAS, REACH_SAME, check_all_of, false, true },
	{ "anyOf", SHAPE_SCHEMAS, REACH_SAME, check_any_of, false, false },
	{ "oneOf", SHAPE_SCHEMAS, REACH_SAME, check_one_of, false, false },
	{ "not", SHAPE_SCHEMA, REACH_SAME, check_not, false, false },
	{ "if", SHAPE_SCHEMA, REACH_SAME, check_if, false, false }, /* takes `then` and `else` in as kids */
	{ "under", SHAPE_UNDER, REACH_NONE, check_under, true, false },
	{ "links", SHAPE_SINGLE, REACH_NONE, check_links, true, false },
	{ "glob", SHAPE_GLOB, REACH_NONE, check_glob, true, false },
	{ "match", SHAPE_MATCH, REACH_NONE, check_match, true, false },
	{ "argv", SHAPE_OPTION, REACH_NONE, NULL, true, false },
	{ "unevaluatedItems", SHAPE_SCHEMA, REACH_NONE, check_unevaluated_items, false, false },
	{ "unevaluatedProperties", SHAPE_SCHEMA, REACH_NONE, check_unevaluated_properties, false, false },
	{ "$defs", SHAPE_DEFS, REACH_NONE, NULL, false, false },
	{ "definitions", SHAPE_DEFS, REACH_NONE, NULL, false, false },
	{ "then", SHAPE_BESIDE, REACH_NONE, NULL, false, false },
	{ "else", SHAPE_BESIDE, REACH_NONE, NULL, false, false },
	{ "minContains", SHAPE_COUNT, REACH_NONE, NULL, false, false },
	{ "maxContains", SHAPE_COUNT, REACH_NONE, NULL, false, false },
	{ "$anchor", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "$dynamicAnchor", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "$schema", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "$comment", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "title", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "description", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "default", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "examples", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "deprecated", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "readOnly", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "writeOnly", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "format", SHAPE_NOTE, REACH_NONE, NULL, false, false }, /* an annotation in 2020-12 */
	{ "contentEncoding", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "contentMediaType", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "contentSchema", SHAPE_NOTE, REACH_NONE, NULL, false, false },
	{ "$id", SHAPE_REFUSED, REACH_NONE, NULL, false, false },
	{ "$vocabulary", SHAPE_REFUSED, REACH_NONE, NULL, false, false },
	{ "host", SHAPE_REFUSED, REACH_NONE, NULL, true, false },
	{ "scheme", SHAPE_REFUSED, REACH_NONE, NULL, true, false },
	{ "port", SHAPE_REFUSED, REACH_NONE, NULL, true, false },
	{ "private", SHAPE_REFUSED, REACH_NONE, NULL, true, false },
};
const size_t schema_word_count = ARRAY_LEN(schema_words);

const struct word *schema_word(const char *name)
{
	for (size_t i = 0; i < schema_word_count; i++)
		if (!strcmp(schema_words[i].name, name))
			return &schema_words[i];
	return NULL;
}

const struct rule *node_rule(const struct node *node, const char *word)
{
	for (size_t i = 0; i < node->rule_count; i++)
		if (!strcmp(node->rules[i].word->name, word))
			return &node->rules[i];
	return NULL;
}
