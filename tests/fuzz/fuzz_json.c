// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_json.c - whatever is loaded is written as JSON that loads as the same value, and keeps the promises of json.h.
 */
#include "sandbox/base/json.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

static void expect(bool holds)
{
	if (!holds)
		__builtin_trap();
}

/* Levels of arrays and objects; the fuzzer keeps inputs short, so the second walk costs nothing. */
static size_t depth_of(const json_t *value)
{
	size_t deepest = 0;
	size_t index;
	const char *key;
	json_t *child;

	json_array_foreach(value, index, child) deepest = depth_of(child) > deepest ? depth_of(child) : deepest;
	json_object_foreach((json_t *)(uintptr_t)value, key, child) deepest =
		depth_of(child) > deepest ? depth_of(child) : deepest;
	return deepest + (json_is_array(value) || json_is_object(value));
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	cleanup_json json_t *value = NULL;
	cleanup_json json_t *again = NULL;
	cleanup_buf struct buf text = { 0 };
	struct cordon_err err = { 0 };

	if (jsontext_load((struct cordon_slice){ (const char *)bytes, len }, &value, &err) < 0) {
		expect(!value && err.text[0] && utf8_valid_until(slice_of(err.text)) == strlen(err.text));
		return 0;
	}
	expect(!memchr(bytes, 0, len) && depth_of(value) <= JSON_DEPTH_MAX);
	buf_init(&text, 8 * len + 64);
	expect(jsontext_dump(value, &text, &err) == 0);
	expect(jsontext_load(buf_slice(&text), &again, &err) == 0 && json_equal(value, again));
	return 0;
}
