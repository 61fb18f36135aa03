// SPDX-License-Identifier: Apache-2.0
/*
 * policy_schema.c - each keyword takes what it should and refuses the rest, with a place and a reason; a schema that would be
 * ignored in part is not compiled at all.
 */
#include <criterion/criterion.h>

#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/schema/schema.h"

static json_t *json_of(const char *text)
{
	json_t *value = NULL;
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(jsontext_load(slice_of(text), &value, &err), 0, "%s: %s", text, err.text);
	return value;
}

static int check_in(const char *schema_text, const char *value_text, struct schema_fault *fault)
{
	cleanup_json json_t *document = json_of(schema_text);
	cleanup_json json_t *value = json_of(value_text);
	struct schema *schema = NULL;
	struct cordon_err err = { .code = 0 };
	int rc = schema_compile(document, SCHEMA_WHOLE, &schema, NULL, &err);

	cr_assert_eq(rc, 0, "%s: %s", schema_text, err.text);
	rc = schema_check(schema, value, NULL, fault, &err);
	schema_free(schema);
	return rc;
}

static const struct {
	const char *schema;
	const char *valid;
	const char *invalid;
} keywords[] = {
	{ "{\"type\":\"string\"}", "\"x\"", "1" },
	{ "{\"type\":\"integer\"}", "1.0", "1.5" },
	{ "{\"type\":\"integer\"}", "-9223372036854775808", "true" },
	{ "{\"type\":\"number\"}", "1e300", "\"1\"" },
	{ "{\"type\":[\"null\",\"boolean\"]}", "null", "0" },
	{ "{\"enum\":[1,\"a\",null]}", "1.0", "\"1\"" },
	{ "{\"const\":{\"a\":[1]}}", "{\"a\":[1.0]}", "{\"a\":[2]}" },
	{ "{\"const\":9007199254740993}", "9007199254740993", "9007199254740992" },
	{ "{\"const\":false}", "false", "0" },
	{ "{\"minimum\":9223372036854775807}", "9223372036854775807", "9223372036854775806" },
	{ "{\"maximum\":9007199254740992.0}", "9007199254740992", "9007199254740993" },
	{ "{\"exclusiveMinimum\":0}", "1e-300", "0" },
	{ "{\"exclusiveMaximum\":1}", "0", "1.0" },
	{ "{\"multipleOf\":0.0001}", "0.0075", "0.00751" },
	{ "{\"multipleOf\":2}", "9223372036854775806", "9223372036854775807" },
	{ "{\"minLength\":2}", "\"\xc3\xa4\xf0\x9f\x98\x80\"", "\"\xf0\x9f\x98\x80\"" },
	{ "{\"maxLength\":1}", "\"\xf0\x9f\x98\x80\"", "\"ab\"" },
	{ "{\"pattern\":\"^a+$\"}", "\"aa\"", "\"aa\\n\"" },
	{ "{\"pattern\":\"b\"}", "\"abc\"", "\"acc\"" },
	{ "{\"max-bytes\":\"1K\"}", "\"x\"", NULL },
	{ "{\"one-of\":[\"a\",\"b\"]}", "\"b\"", "\"c\"" },
	{ "{\"match\":\"a|ab\"}", "\"ab\"", "\"abc\"" },
	{ "{\"minItems\":1}", "[0]", "[]" },
	{ "{\"maxItems\":1}", "[0]", "[0,0]" },
	{ "{\"uniqueItems\":true}", "[1,true,\"1\"]", "[1,1.0]" },
	{ "{\"prefixItems\":[{\"type\":\"string\"}],\"items\":false}", "[\"a\"]", "[\"a\",1]" },
	{ "{\"items\":{\"type\":\"integer\"}}", "[1,2]", "[1,\"2\"]" },
	{ "{\"contains\":{\"const\":1}}", "[0,1]", "[0]" },
	{ "{\"contains\":{\"const\":1},\"minContains\":0,\"maxContains\":1}", "[]", "[1,1]" },
	{ "{\"minProperties\":1}", "{\"a\":1}", "{}" },
	{ "{\"maxProperties\":0}", "{}", "{\"a\":1}" },
	{ "{\"required\":[\"a\"]}", "{\"a\":null}", "{\"A\":1}" },
	{ "{\"properties\":{\"a\":{\"type\":\"string\"}}}", "{\"b\":1}", "{\"a\":1}" },
	{ "{\"properties\":{\"a\":true},\"additionalProperties\":false}", "{\"a\":1}", "{\"a\":1,\"b\":1}" },
	{ "{\"patternProperties\":{\"^x\":{\"type\":\"string\"}},\"additionalProperties\":false}", "{\"xa\":\"\"}",
	  "{\"ax\":\"\"}" },
	{ "{\"propertyNames\":{\"maxLength\":1}}", "{\"a\":1}", "{\"ab\":1}" },
	{ "{\"dependentRequired\":{\"a\":[\"b\"]}}", "{\"b\":1}", "{\"a\":1}" },
	{ "{\"dependentSchemas\":{\"a\":{\"required\":[\"b\"]}}}", "{}", "{\"a\":1}" },
	{ "{\"allOf\":[{\"minimum\":1},{\"maximum\":2}]}", "2", "3" },
	{ "{\"anyOf\":[{\"const\":1},{\"const\":2}]}", "2", "3" },
	{ "{\"oneOf\":[{\"minimum\":1},{\"minimum\":2}]}", "1", "2" },
	{ "{\"not\":{\"const\":1}}", "2", "1" },
	{ "{\"if\":{\"const\":1},\"then\":false,\"else\":{\"const\":2}}", "2", "1" },
	{ "{\"$ref\":\"#/$defs/a\",\"$defs\":{\"a\":{\"type\":\"null\"}}}", "null", "0" },
	{ "{\"$ref\":\"#/$defs/a~1b%25\",\"$defs\":{\"a/b%\":{\"type\":\"null\"}}}", "null", "0" },
	{ "{\"$ref\":\"#x\",\"$defs\":{\"a\":{\"$anchor\":\"x\",\"type\":\"null\"}}}", "null", "0" },
	{ "{\"properties\":{\"n\":{\"$ref\":\"#\"}},\"additionalProperties\":false}", "{\"n\":{\"n\":{}}}",
	  "{\"n\":{\"m\":1}}" },
	{ "{\"allOf\":[{\"properties\":{\"a\":true}}],\"unevaluatedProperties\":false}", "{\"a\":1}", "{\"b\":1}" },
	{ "{\"allOf\":[{\"prefixItems\":[true]}],\"unevaluatedItems\":false}", "[1]", "[1,2]" },
	{ "{\"format\":\"email\",\"title\":\"x\",\"description\":\"y\",\"default\":1}", "\"no mail\"", NULL },
	{ "true", "1", NULL },
	{ "false", NULL, "1" },
};

Test(schema, takes_what_each_keyword_allows_and_refuses_the_rest)
{
	for (size_t i = 0; i < ARRAY_LEN(keywords); i++) {
		struct schema_fault fault;

		if (keywords[i].valid)
			cr_expect_eq(check_in(keywords[i].schema, keywords[i].valid, &fault), 0, "%s takes %s: %s",
				     keywords[i].schema, keywords[i].valid, fault.text);
		if (keywords[i].invalid) {
			cr_expect_eq(check_in(keywords[i].schema, keywords[i].invalid, &fault), 1, "%s refuses %s",
				     keywords[i].schema, keywords[i].invalid);
			cr_expect_neq(fault.text[0], '\0', "a reason of %s", keywords[i].schema);
		}
	}
}

static const struct {
	const char *schema;
	const char *words; /* in the sentence */
} unsound[] = {
	{ "{\"tipe\":\"string\"}", "did you mean 'type'" },
	{ "{\"x-mine\":1}", "does not enforce" },
	{ "{\"$ref\":\"http://example.com/x\"}", "nothing is fetched" },
	{ "{\"$ref\":\"#/$defs/none\"}", "there is no" },
	{ "{\"$ref\":\"other.json\"}", "outside of this schema" },
	{ "{\"$id\":\"http://example.com/\"}", "not enforced by this build" },
	{ "{\"type\":\"text\"}", "'type' is one" },
	{ "{\"type\":[]}", "nothing could match" },
	{ "{\"enum\":[]}", "at least one value" },
	{ "{\"maxLength\":-1}", "whole number" },
	{ "{\"maxLength\":1.5}", "whole number" },
	{ "{\"multipleOf\":0}", "above 0" },
	{ "{\"pattern\":\"(\"}", "not a pattern" },
	{ "{\"pattern\":1}", "is a text" },
	{ "{\"properties\":[]}", "map from names" },
	{ "{\"properties\":{\"a\":1}}", "true or false" },
	{ "{\"allOf\":[]}", "at least one schema" },
	{ "{\"required\":\"a\"}", "list of names" },
	{ "{\"max-bytes\":1024}", "with its unit" },
	{ "{\"max-bytes\":\"1024\"}", "max-bytes" },
	{ "{\"under\":\"relative\"}", "absolute folder" },
	{ "{\"not\":{\"under\":\"/tmp\"}}", "may not apply" },
	{ "{\"anyOf\":[{\"under\":\"/tmp\"}]}", "may not apply" },
	{ "{\"additionalProperties\":{\"under\":\"/tmp\"}}", "may not apply" },
	{ "{\"glob\":\"*\"}", "there is none" },
	{ "{\"under\":\"/tmp\",\"glob\":\"../x\"}", "'..'" },
	{ "{\"under\":\"/tmp\",\"links\":\"double\"}", "single" },
	{ "{\"links\":\"single\"}", "needs an 'under'" },
	{ "{\"argv\":\"flag\"}", "'option'" },
	{ "{\"host\":[\"a\"]}", "not enforced by this build" },
	{ "{\"scheme\":[\"https\"]}", "not enforced by this build" },
	{ "{\"port\":[443]}", "not enforced by this build" },
	{ "{\"private\":\"allow\"}", "not enforced by this build" },
};

Test(schema, does_not_compile_what_it_would_ignore)
{
	for (size_t i = 0; i < ARRAY_LEN(unsound); i++) {
		cleanup_json json_t *document = json_of(unsound[i].schema);
		struct schema *schema = NULL;
		struct cordon_err err = { .code = 0 };

		cr_expect_eq(schema_compile(document, SCHEMA_WHOLE, &schema, NULL, &err), CORDON_ECONFIG, "%s",
			     unsound[i].schema);
		cr_expect(strstr(err.text, unsound[i].words), "%s: %s", unsound[i].schema, err.text);
		cr_expect_null(schema);
	}
}

Test(schema, names_the_place_and_the_nearest_key)
{
	struct schema_fault fault;
	const char *schema = "{\"properties\":{\"a/b\":{\"items\":{\"properties\":{\"tools\":true},"
			     "\"additionalProperties\":false}}}}";

	cr_assert_eq(check_in(schema, "{\"a/b\":[{},{\"tolls\":1}]}", &fault), 1);
	cr_expect_str_eq(fault.pointer, "/a~1b/1/tolls");
	cr_expect_str_eq(fault.keyword, "additionalProperties");
	cr_expect(strstr(fault.text, "did you mean 'tools'?"), "%s", fault.text);
}

Test(schema, escapes_what_a_terminal_could_act_on)
{
	struct schema_fault fault;

	cr_assert_eq(check_in("{\"const\":1}", "\"\\u001b[2J\\u202e\"", &fault), 1);
	cr_expect_null(strchr(fault.text, 0x1b));
	cr_expect_null(strstr(fault.text, "\xe2\x80\xae"));
}

Test(schema, is_undecided_where_it_would_not_end)
{
	struct schema_fault fault;
	char text[2100];

	cr_expect_lt(check_in("{\"$ref\":\"#\"}", "1", &fault), 0);
	cr_expect_lt(check_in("{\"not\":{\"$ref\":\"#\"}}", "1", &fault), 0, "undecided inside 'not' is no match");
	memset(text, 'a', 2000);
	text[0] = '"';
	memcpy(text + 1990, "!\"", 3);
	cr_expect_lt(check_in("{\"pattern\":\"^(a+)+$\"}", text, &fault), 0, "backtracking is bounded");
}

Test(schema, refuses_a_path_without_a_fact_also_inside_not)
{
	struct schema_fault fault;

	cr_expect_lt(check_in("{\"under\":\"/tmp\"}", "\"x\"", &fault), 0);
	cr_expect_lt(check_in("{\"under\":\"/tmp\",\"not\":{\"glob\":\"*\"}}", "\"x\"", &fault), 0);
}

static struct schema *args_schema(const char *text)
{
	cleanup_json json_t *document = json_of(text);
	struct schema *schema = NULL;
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(schema_compile(document, SCHEMA_ARGS, &schema, NULL, &err), 0, "%s", err.text);
	return schema;
}

Test(schema, takes_the_root_of_a_reference_from_the_argument_in_the_short_form)
{
	struct schema *schema =
		args_schema("{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/t\","
			    "\"$defs\":{\"t\":{\"type\":\"string\"}}}},\"additionalProperties\":false}");
	cleanup_json json_t *good = json_of("{\"a\":\"x\"}");
	cleanup_json json_t *bad = json_of("{\"a\":1}");

	cr_expect_eq(schema_check(schema, good, NULL, NULL, NULL), 0);
	cr_expect_eq(schema_check(schema, bad, NULL, NULL, NULL), 1);
	schema_free(schema);
}

static int note_path(void *ctx, const char *pointer, const char *text, const char *root, struct cordon_err *err)
{
	return buf_addf(ctx, err, "%s=%s@%s;", pointer, text, root);
}

Test(schema, visits_each_path_argument)
{
	struct schema *schema = args_schema("{\"properties\":{\"p\":{\"items\":{\"under\":\"/r\"}}}}");
	cleanup_json json_t *args = json_of("{\"p\":[\"x\"],\"q\":\"y\"}");
	cleanup_buf struct buf seen = { .limit = 1000 };

	cr_expect_eq(schema_each_path(schema, args, note_path, &seen, NULL), 0);
	cr_expect_str_eq(buf_text(&seen), "/p/0=x@/r;");
	schema_free(schema);
}

Test(schema, shows_a_model_nothing_of_the_host)
{
	cleanup_json json_t *document = json_of(
		"{\"type\":\"object\",\"properties\":{\"p\":{\"type\":\"string\",\"under\":\"/home/"
		"me\",\"not\":{\"glob\":\"**/.*\"},"
		"\"one-of\":[\"a\"],\"max-bytes\":\"1K\",\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"maxLength\":3}}}},"
		"\"additionalProperties\":false}");
	cleanup_json json_t *shown = schema_public(document, SCHEMA_ARGS);
	cleanup_buf struct buf text = { .limit = 4096 };

	cr_assert_eq(jsontext_dump(shown, &text, NULL), 0);
	cr_expect_null(strstr(buf_text(&text), "/home/me"));
	cr_expect_null(strstr(buf_text(&text), "glob"));
	cr_expect_null(strstr(buf_text(&text), "\"not\""), "without its inside it would refuse everything");
	cr_expect(strstr(buf_text(&text), "#/properties/p/$defs/t"), "%s", buf_text(&text));
	cr_expect(strstr(buf_text(&text), "\"enum\":[\"a\"]"), "%s", buf_text(&text));
}

Test(schema, reads_the_option_word_of_one_argument)
{
	struct schema *schema = args_schema("{\"properties\":{\"a\":{\"argv\":\"option\"},\"b\":{}}}");

	cr_expect(schema_is_option(schema, "a"));
	cr_expect_not(schema_is_option(schema, "b"));
	cr_expect_not(schema_is_option(schema, "c"));
	schema_free(schema);
}
