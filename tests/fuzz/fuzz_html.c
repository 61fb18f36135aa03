// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_html.c - the tokenizer: each byte of a piece has its place in the source, shown text goes forwards, and a byte
 * that is no entity is the source's own byte.
 */
#include <assert.h>
#include <stdint.h>

#include "shield/html.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *context, const struct piece *piece, struct cordon_err *err)
{
	const struct cordon_slice *source = context;

	(void)err;
	for (size_t i = 0; i < piece->view->len; i++) {
		struct view_place place = piece->view->at[i];

		assert(place.start < place.end && place.end <= source->len);
		if (place.end - place.start == 1 && piece->view->bytes[i] != '\n' && piece->view->bytes[i] != ' ')
			assert(piece->view->bytes[i] == source->data[place.start]);
		assert(!i || piece->placement != PIECE_SHOWN || piece->view->at[i - 1].start <= place.start);
	}
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct cordon_slice source = { (const char *)data, size };
	struct html_reader reader = { .source = source, .to = size, .sink = take, .context = &source };
	char *title = NULL;
	int rc = html_read(&reader, &title, NULL);

	assert(rc == 0 && title);
	free(title);
	reader.want = HTML_READABLE;
	rc = html_read(&reader, NULL, NULL);
	assert(rc == 0);
	return 0;
}
