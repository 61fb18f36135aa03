// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_note.c - checkpoints and keys: a key that is read is written as it was; a note that opens is one that this key
 * has signed, which no fuzzer can make, so only the seed of the corpus does.
 */
#include <assert.h>
#include <stdint.h>

#include "sandbox/audit/note.h"
#include "sandbox/base/slice.h"

#define VKEY "example.com/audit-vector+3a230044+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice text = { (const char *)data, size };
	struct note_checkpoint checkpoint;
	struct note_key key;
	char again[NOTE_KEY_TEXT];
	int rc;

	if (note_key_parse(text, &key, NULL) == 0) {
		rc = note_key_format(&key, again, NULL);
		assert(rc == 0);
		assert(slice_starts(text, slice_of(again)) && text.len <= strlen(again) + 1);
	}
	rc = note_key_parse(SLICE(VKEY), &key, NULL);
	assert(rc == 0);
	if (note_open(text, &key, &checkpoint, NULL) == 0)
		assert(checkpoint.size == 257);
	if (note_read(text, &checkpoint, NULL) == 0)
		assert(checkpoint.origin[0]);
	return 0;
}
