// SPDX-License-Identifier: Apache-2.0
/*
 * base_json.c - strict loading: one value, no name twice, no NUL, no number that neither int64 nor double holds; and what
 * is written reads back equal.
 */
#include "sandbox/base/json.h"

#include <math.h>

#include "tests/unit/base_scratch.h"

TestSuite(json, .init = scratch_make, .fini = scratch_drop);

static json_t *load(struct cordon_slice text)
{
	json_t *value = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(jsontext_load(text, &value, &err), 0, "'%.100s': %s", text.data, err.text);
	return value;
}

static void refused(struct cordon_slice text)
{
	json_t *value = NULL;
	struct cordon_err err = { 0 };

	cr_expect_eq(jsontext_load(text, &value, &err), CORDON_EINVAL, "'%.100s' was taken", text.data);
	cr_expect_null(value);
	cr_expect(!strncmp(err.text, "line ", 5), "'%.100s': no place in: %s", text.data, err.text);
}

static char *dumped(const json_t *value)
{
	struct buf out = { 0 };

	buf_init(&out, 1 << 20);
	cr_assert_eq(jsontext_dump(value, &out, NULL), 0);
	return buf_take(&out);
}

/* Text in, the same value written compactly. */
Test(json, writes_what_it_read)
{
	static const struct {
		const char *text, *again;
	} cases[] = {
		{ " {\"b\" : 1, \"a\":[ ] }\n", "{\"b\":1,\"a\":[]}" },
		{ "{}", "{}" },
		{ "[true,false,null,\"x\"]", "[true,false,null,\"x\"]" },
		{ "\"\\u00e4\\ud83d\\ude00\\n\\\"\\\\\\u0001\\u007f\"",
		  "\"\xc3\xa4\xf0\x9f\x98\x80\\n\\\"\\\\\\u0001\\u007f\"" },
		{ "9223372036854775807", "9223372036854775807" },
		{ "-9223372036854775808", "-9223372036854775808" },
		{ "1.0", "1.0" },
		{ "0.1", "0.1" },
		{ "-0.0", "-0.0" },
		{ "100.0", "1e+02" },
		{ "5e-324", "5e-324" },
		{ "1.7976931348623157e308", "1.7976931348623157e+308" },
		{ "0.30000000000000004", "0.30000000000000004" },
		{ "[[1,2],{\"x\":{\"y\":[3]}}]", "[[1,2],{\"x\":{\"y\":[3]}}]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_json json_t *value = load(slice_of(cases[i].text));
		cleanup_free char *text = dumped(value);
		cleanup_json json_t *again = load(slice_of(text));

		cr_expect_str_eq(text, cases[i].again);
		cr_expect(json_equal(value, again), "%s", text);
	}
}

/* Integers past int64 become the double that holds them, wherever they stand; look-alikes in strings stay as they are. */
Test(json, takes_integers_that_only_a_double_holds)
{
	static const struct {
		const char *text;
		double value;
	} cases[] = {
		{ "9223372036854775808", 9223372036854775808.0 },
		{ "-9223372036854775809", -9223372036854775808.0 },
		{ "18446744073709551616", 18446744073709551616.0 },
		{ "100000000000000000000000000000000000000000", 1e41 },
	};
	cleanup_json json_t *mixed =
		load(SLICE("{\"18446744073709551616\":\"18446744073709551616\\\"18446744073709551616\","
			   "\"n\":[18446744073709551616,1,-18446744073709551616]}"));
	const json_t *numbers = json_object_get(mixed, "n");

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_json json_t *value = load(slice_of(cases[i].text));

		cr_assert(json_is_real(value), "%s", cases[i].text);
		cr_expect_eq(fabs(json_real_value(value) - cases[i].value), 0, "%s", cases[i].text);
	}
	cr_expect_str_eq(jsontext_get_text(mixed, "18446744073709551616", ""),
			 "18446744073709551616\"18446744073709551616");
	cr_expect(json_is_real(json_array_get(numbers, 0)));
	cr_expect(json_is_integer(json_array_get(numbers, 1)));
	cr_expect(json_is_real(json_array_get(numbers, 2)));
}

Test(json, refuses_numbers_that_nothing_holds)
{
	cleanup_free char *digits = malloc(401);

	cr_assert_not_null(digits);
	memset(digits, '9', 400);
	refused((struct cordon_slice){ digits, 400 });
	digits[400] = '\0';
	refused(SLICE("1e999"));
	refused(SLICE("-1e999"));
}

Test(json, refuses_what_is_not_json)
{
	static const char *const wrong[] = {
		"",
		" ",
		"{",
		"[",
		"]",
		"[1",
		"[1,]",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{'a':1}",
		"nul",
		"True",
		"01",
		"-",
		"+1",
		"1.",
		".5",
		"1e",
		"0x10",
		"NaN",
		"Infinity",
		"-Infinity",
		"1 2",
		"{} {}",
		"[]x",
		"\"",
		"\"\\",
		"\"\\x\"",
		"\"\\u12\"",
		"\"a\nb\"",
		"\"\t\"",
		"// x\n1",
		"/**/1",
		"[1 2]",
		"--1",
		"1-2",
		"\xef\xbb\xbf{}",
		"\"\\ud800\"",
		"\"\\udc00\\ud800\"",
		"00000000000000000000",
		"-00000000000000000000",
		"00000000000000000000000001",
	};

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++)
		refused(slice_of(wrong[i]));
}

Test(json, refuses_a_name_twice_at_any_depth)
{
	refused(SLICE("{\"a\":1,\"a\":1}"));
	refused(SLICE("[{\"x\":{\"a\":1,\"b\":2,\"a\":3}}]"));
	refused(SLICE("{\"a\":1,\"\\u0061\":2}"));
	refused(SLICE("{\"a\":18446744073709551616,\"a\":1}"));
}

Test(json, refuses_nul_raw_and_escaped)
{
	refused(SLICE("\"a\0b\""));
	refused(SLICE("\"a\\u0000b\""));
	refused(SLICE("{\"a\\u0000b\":1}"));
	refused(SLICE("1\0"));
	refused(SLICE("\0"));
	refused(SLICE("[1,\0]"));
}

Test(json, refuses_bytes_that_are_not_utf_8_and_says_where)
{
	struct cordon_err err = { 0 };
	json_t *value = NULL;

	refused(SLICE("\"\xff\""));
	refused(SLICE("\"\xed\xa0\x80\""));
	refused(SLICE("\"\xc0\x80\""));
	cr_expect_eq(jsontext_load(SLICE("{\n\"a\":\n \"x\xff\"}"), &value, &err), CORDON_EINVAL);
	cr_expect_str_eq(err.text, "line 3 column 4: bytes that are not UTF-8");
}

static struct cordon_slice nested(size_t depth, const char *open, const char *close, char text[4096])
{
	size_t len = 0;

	for (size_t i = 0; i < depth; i++)
		len += (size_t)snprintf(text + len, 4096 - len, "%s", open);
	len += (size_t)snprintf(text + len, 4096 - len, "1");
	for (size_t i = 0; i < depth; i++)
		len += (size_t)snprintf(text + len, 4096 - len, "%s", close);
	return (struct cordon_slice){ text, len };
}

Test(json, nests_64_levels_and_no_more)
{
	char text[4096];
	cleanup_json json_t *arrays = load(nested(JSON_DEPTH_MAX, "[", "]", text));
	cleanup_json json_t *objects = load(nested(JSON_DEPTH_MAX, "{\"a\":", "}", text));
	cleanup_json json_t *strings =
		load(SLICE("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"]"));

	refused(nested(JSON_DEPTH_MAX + 1, "[", "]", text));
	refused(nested(JSON_DEPTH_MAX + 1, "{\"a\":", "}", text));
	refused(nested(500, "[", "]", text));
	cr_expect(json_is_array(strings));
}

Test(json, a_million_brackets_cost_no_stack)
{
	cleanup_free char *text = malloc(1000000);

	cr_assert_not_null(text);
	memset(text, '[', 1000000);
	refused((struct cordon_slice){ text, 1000000 });
}

Test(json, a_bad_number_is_no_way_past_the_end)
{
	static const char text[] = "-";

	for (size_t len = 1; len <= 22; len++) {
		cleanup_free char *cut = malloc(len);

		cr_assert_not_null(cut);
		memset(cut, '9', len);
		cut[0] = text[0];
		if (len == 1)
			refused((struct cordon_slice){ cut, len });
		else {
			cleanup_json json_t *value = load((struct cordon_slice){ cut, len });

			cr_expect(json_is_number(value));
		}
	}
}

Test(json, reals_are_written_in_the_fewest_digits)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{ 0.1, "0.1" }, { 1.5, "1.5" }, { 1.0 / 3, "0.3333333333333333" }, { 2, "2" }, { 1e300, "1e+300" }
	};
	char text[32];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		jsontext_real(cases[i].value, text);
		cr_expect_str_eq(text, cases[i].text);
	}
}

Test(json, strings_of_any_bytes_are_valid)
{
	cleanup_json json_t *plain = jsontext_string(SLICE("caf\xc3\xa9"));
	cleanup_json json_t *broken = jsontext_string(SLICE("a\xff"
							    "b"));
	cleanup_json json_t *empty = jsontext_string((struct cordon_slice){ NULL, 0 });
	cleanup_json json_t *nul = jsontext_string(SLICE("a\0b"));
	cleanup_free char *text = dumped(nul);

	cr_expect_str_eq(json_string_value(plain), "caf\xc3\xa9");
	cr_expect_str_eq(json_string_value(broken), "a\xef\xbf\xbd"
						    "b");
	cr_expect_str_eq(json_string_value(empty), "");
	cr_expect_str_eq(text, "\"a\\u0000b\"");
}

Test(json, a_value_that_does_not_fit_leaves_the_buffer_as_it_was)
{
	cleanup_json json_t *value = load(SLICE("{\"name\":[1,2,3,\"text\"]}"));
	struct cordon_err err = { 0 };

	for (size_t limit = 4; limit < 27; limit++) {
		cleanup_buf struct buf out = { 0 };

		buf_init(&out, limit);
		cr_assert_eq(buf_add_text(&out, "kept", NULL), 0);
		cr_expect_eq(jsontext_dump(value, &out, &err), CORDON_ELIMIT, "limit %zu", limit);
		cr_expect_eq(out.len, 4);
		cr_expect_str_eq(buf_text(&out), "kept");
	}
}

Test(json, look_ups_give_the_fallback_for_another_type)
{
	cleanup_json json_t *value = load(SLICE("{\"t\":\"x\",\"i\":7,\"b\":true,\"r\":7.0,\"z\":null}"));

	cr_expect_str_eq(jsontext_get_text(value, "t", "no"), "x");
	cr_expect_str_eq(jsontext_get_text(value, "i", "no"), "no");
	cr_expect_str_eq(jsontext_get_text(value, "missing", "no"), "no");
	cr_expect_null(jsontext_get_text(NULL, "t", NULL));
	cr_expect_eq(jsontext_get_int(value, "i", -1), 7);
	cr_expect_eq(jsontext_get_int(value, "r", -1), -1);
	cr_expect_eq(jsontext_get_int(value, "t", -1), -1);
	cr_expect(jsontext_get_flag(value, "b", false));
	cr_expect(jsontext_get_flag(value, "z", true));
	cr_expect_not(jsontext_get_flag(value, "i", false));
}

Test(json, a_lenient_reader_sees_what_the_strict_one_refused)
{
	static const char big[] = "{\"id\":7,\"n\":18446744073709551616}";
	cleanup_json json_t *twice = jsontext_load_loosely(SLICE("{\"id\":7,\"id\":8,\"n\":\"a\\u0000\"}"), NULL);
	cleanup_json json_t *widened = jsontext_load_loosely(SLICE(big), NULL);
	json_error_t fault = { .line = 0 };

	cr_assert_not_null(twice);
	cr_expect_eq(jsontext_get_int(twice, "id", 0), 8);
	cr_expect(json_is_object(widened));
	cr_expect_null(jsontext_load_loosely(SLICE("{\"id\":"), &fault));
	cr_expect_gt(fault.line, 0);
	cr_expect_null(jsontext_load_loosely((struct cordon_slice){ NULL, 0 }, &fault));
}
