/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fence.h - what outside text wears when it goes to a model: where it came from, how far that is trusted, what the
 * shield said, and a border of 128 random bits that the text cannot contain.
 *
 *     <<<cordon-data 5b0c… source="tool:grep" trust="untrusted" verdict="clean">>>
 *     …the text, byte for byte…
 *     <<<end cordon-data 5b0c…>>>
 *
 * Attribute values are escaped as JSON strings with '<' and '>' as \u003c and \u003e, so no source name can end a line
 * or the border. The bits are drawn anew for every fence, after the text is known.
 */
#ifndef BASE_FENCE_H
#define BASE_FENCE_H

#include "sandbox/base/buf.h"

struct fence_label {
	const char *source; /* uri, path or tool:NAME */
	const char *trust; /* own, trusted, untrusted */
	const char *verdict; /* clean, suspicious, injection */
};

USE_RESULT int fence_wrap(struct buf *out, struct cordon_slice text, const struct fence_label *label,
			  struct cordon_err *err);

#endif
