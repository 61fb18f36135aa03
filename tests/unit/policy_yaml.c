// SPDX-License-Identifier: Apache-2.0
/*
 * policy_yaml.c - each looseness of YAML is an error with its line; what is typed is typed by the schema.
 */
#include <criterion/criterion.h>

#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/yaml.h"

static const struct {
	const char *text;
	const char *words;
} traps[] = {
	{ "", "f:1: empty" },
	{ "# only a comment\n", "f:1: empty" },
	{ "\xef\xbb\xbf"
	  "a: 1\n",
	  "f:1: a byte order mark" },
	{ "a: 1\nb: \xff\n", "f:2: bytes that are not UTF-8" },
	{ "a: 1\nb: 2\na: 3\n", "f:3: the key 'a' is there already, on line 1" },
	{ "a: {x: 1,\n x: 2}\n", "f:2: the key 'x'" },
	{ "a: 1\n\"a\": 2\n", "f:2: the key 'a'" },
	{ "a: &x 1\n", "f:1: an anchor" },
	{ "a: [1]\nb: *x\n", "f:2:" },
	{ "a: !!str 1\n", "f:1: a tag" },
	{ "a: !x {}\n", "f:1: a tag" },
	{ "&x a: 1\n", "f:1: an anchor" },
	{ "a: 1\n---\nb: 2\n", "f:2: a second document" },
	{ "{a: 1}\n...\n{b: 2}\n", "f:3:" },
	{ "? [a]\n: 1\n", "f:1: a key that is not a text" },
	{ "a: [1\n", "f:" },
	{ "a:\n\t- 1\n", "f:2" },
	{ "\"a\\0b\": 1\n", "NUL" },
	{ "a: \"x\\0y\"\n", "NUL" },
};

Test(yaml, refuses_each_trap_with_its_line)
{
	for (size_t i = 0; i < ARRAY_LEN(traps); i++) {
		struct yaml yaml = { 0 };
		struct cordon_err err = { .code = 0 };

		cr_expect_eq(yaml_load("f", slice_of(traps[i].text), &yaml, &err), CORDON_ECONFIG, "case %zu", i);
		cr_expect(strstr(err.text, traps[i].words), "case %zu: %s", i, err.text);
		yaml_release(&yaml);
	}
}

Test(yaml, refuses_what_is_too_deep_and_too_long)
{
	struct yaml yaml = { 0 };
	struct cordon_err err = { .code = 0 };
	char deep[400];
	char *big = calloc(1, YAML_BYTES_MAX + 2);

	memset(deep, '[', 199);
	deep[199] = '\0';
	cr_expect_eq(yaml_load("f", slice_of(deep), &yaml, &err), CORDON_ECONFIG);
	cr_expect(strstr(err.text, "64 levels"), "%s", err.text);
	cr_assert_not_null(big);
	memset(big, '#', YAML_BYTES_MAX + 1);
	cr_expect_eq(yaml_load("f", slice_of(big), &yaml, &err), CORDON_ECONFIG);
	cr_expect(strstr(err.text, "4 MiB"), "%s", err.text);
	free(big);
}

static const char typing[] = "{\"properties\":{\"text\":{\"type\":\"string\"},\"flag\":{\"type\":\"boolean\"},"
			     "\"number\":{\"type\":\"integer\"},\"list\":{\"items\":{\"type\":\"string\"}}}}";

static const struct {
	const char *text;
	const char *json;
} typed[] = {
	{ "text: NO\n", "{\"text\":\"NO\"}" },
	{ "text: 12:30:45\n", "{\"text\":\"12:30:45\"}" },
	{ "text: 010\n", "{\"text\":\"010\"}" },
	{ "text: true\n", "{\"text\":\"true\"}" },
	{ "text: 1.0\n", "{\"text\":\"1.0\"}" },
	{ "text: ~\n", "{\"text\":\"~\"}" },
	{ "flag: true\n", "{\"flag\":true}" },
	{ "flag: yes\n", "{\"flag\":\"yes\"}" }, /* which the schema then refuses */
	{ "flag: \"true\"\n", "{\"flag\":\"true\"}" },
	{ "number: 12\n", "{\"number\":12}" },
	{ "number: 010\n", "{\"number\":\"010\"}" },
	{ "number: 0o20\n", "{\"number\":\"0o20\"}" },
	{ "number: 1_000\n", "{\"number\":\"1_000\"}" },
	{ "number: +1\n", "{\"number\":\"+1\"}" },
	{ "number: .5\n", "{\"number\":\".5\"}" },
	{ "number: 0x10\n", "{\"number\":\"0x10\"}" },
	{ "number: '12'\n", "{\"number\":\"12\"}" },
	{ "list: [1, no, 'x']\n", "{\"list\":[\"1\",\"no\",\"x\"]}" },
	{ "other: [1, 1.5, null, yes, \"2\", true]\n", "{\"other\":[1,1.5,null,\"yes\",\"2\",true]}" },
	{ "{\"text\": \"a\\u00e4\", \"other\": {\"x\": -1e3}}", "{\"text\":\"a\xc3\xa4\",\"other\":{\"x\":-1000.0}}" },
	{ "text: a\r\nnumber: 1\r\n", "{\"text\":\"a\",\"number\":1}" },
};

Test(yaml, types_scalars_by_the_schema_and_guesses_nothing)
{
	cleanup_json json_t *schema = NULL;

	cr_assert_eq(jsontext_load(SLICE(typing), &schema, NULL), 0);
	for (size_t i = 0; i < ARRAY_LEN(typed); i++) {
		cleanup_json json_t *wanted = NULL;
		struct yaml yaml = { 0 };
		struct cordon_err err = { .code = 0 };

		cr_assert_eq(jsontext_load(slice_of(typed[i].json), &wanted, &err), 0, "%s", err.text);
		cr_assert_eq(yaml_load("f", slice_of(typed[i].text), &yaml, &err), 0, "%s", err.text);
		cr_assert_eq(yaml_retype(&yaml, schema, &err), 0);
		cr_expect(json_equal(yaml.root, wanted), "%s", typed[i].text);
		yaml_release(&yaml);
	}
}

Test(yaml, remembers_the_line_of_each_value)
{
	struct yaml yaml = { 0 };
	struct cordon_err err = { .code = 0 };

	cr_assert_eq(yaml_load("f", SLICE("a: 1\nb:\n  c:\n    - x\n    - {d/e: 2}\n"), &yaml, &err), 0);
	cr_expect_eq(yaml_line(&yaml, "/a"), 1);
	cr_expect_eq(yaml_line(&yaml, "/b/c"), 3);
	cr_expect_eq(yaml_line(&yaml, "/b/c/0"), 4);
	cr_expect_eq(yaml_line(&yaml, "/b/c/1/d~1e"), 5);
	cr_expect_eq(yaml_line(&yaml, "/b/c/9"), 3, "the nearest thing around it");
	yaml_release(&yaml);
}
