// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_schema.c - a list of a schema and a value: whatever both are, the check ends, a refusal has a reason that can be
 * printed, and `not` of a schema refuses exactly what the schema takes.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"
#include "sandbox/policy/schema/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int verdict(const json_t *document, const json_t *value, struct schema_fault *fault)
{
	struct schema *schema = NULL;
	int rc;

	if (schema_compile(document, SCHEMA_WHOLE, &schema, NULL, NULL) < 0)
		return -100;
	rc = schema_check(schema, value, NULL, fault, NULL);
	schema_free(schema);
	return rc;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	cleanup_json json_t *pair = NULL;
	cleanup_json json_t *inverse = NULL;
	cleanup_json json_t *shown = NULL;
	struct schema_fault fault;
	int rc;
	int turned;

	if (jsontext_load((struct cordon_slice){ (const char *)data, size }, &pair, NULL) < 0 ||
	    json_array_size(pair) != 2)
		return 0;
	rc = verdict(json_array_get(pair, 0), json_array_get(pair, 1), &fault);
	if (rc == -100)
		return 0;
	if (rc == 1) {
		struct cordon_slice text = slice_of(fault.text);

		assert(text.len && utf8_valid_until(text) == text.len);
	}
	shown = schema_public(json_array_get(pair, 0), SCHEMA_WHOLE);
	assert(shown);
	inverse = json_pack("{s:O}", "not", json_array_get(pair, 0));
	turned = verdict(inverse, json_array_get(pair, 1), &fault);
	/* A reference to "#" means another schema now; everything else is turned around. */
	if (rc >= 0 && turned >= 0 && !memmem(data, size, "\"$", 2))
		assert(turned == !rc);
	return 0;
}
