// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_yaml.c - any bytes as a config: what loads has a line for every value, and the same tree written as JSON loads again
 * as the same tree.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice text = { (const char *)data, size };
	cleanup_buf struct buf written = { .limit = SIZE_MAX };
	struct yaml yaml = { 0 };
	struct yaml again = { 0 };
	struct cordon_err err = { .code = 0 };

	if (yaml_load("fuzz", text, &yaml, &err) < 0) {
		assert(err.code == CORDON_ECONFIG && slice_starts(slice_of(err.text), SLICE("fuzz:")));
		return 0;
	}
	assert(yaml_line(&yaml, "") >= 1);
	/* As JSON each scalar is a quoted text, which no schema types anew. */
	if (!json_is_string(yaml.root) && jsontext_dump(yaml.root, &written, NULL) == 0 &&
	    written.len <= YAML_BYTES_MAX && yaml_load("again", buf_slice(&written), &again, &err) == 0)
		assert(json_equal(yaml.root, again.root));
	yaml_release(&yaml);
	yaml_release(&again);
	return 0;
}
