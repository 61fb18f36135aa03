// SPDX-License-Identifier: Apache-2.0
/*
 * fence.c - what outside text wears when it goes to a model.
 *
 * The border is drawn after the text is known and drawn again should the text hold it, so the text cannot contain it
 * whoever wrote it.
 */
#include "sandbox/base/fence.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/utf8.h"

/* A JSON string that neither ends the line nor looks like a border. */
static int add_attribute(struct buf *out, const char *name, const char *value, struct cordon_err *err)
{
	struct cordon_slice left = { value, strlen(value) };
	int rc = buf_addf(out, err, " %s=\"", name);

	while (rc == 0 && left.len) {
		uint32_t rune = 0xfffd;
		size_t width = utf8_decode(left, &rune);

		if (width && rune >= 0x20 && rune != 0x7f && !strchr("\"\\<>", left.data[0]) && !utf8_is_format(rune) &&
		    (rune < 0x80 || rune > 0x9f))
			rc = buf_add(out, (struct cordon_slice){ left.data, width }, err);
		else if (rune > 0xffff)
			rc = buf_addf(out, err, "\\u%04x\\u%04x", 0xd800 + ((rune - 0x10000) >> 10),
				      0xdc00 + ((rune - 0x10000) & 0x3ff));
		else
			rc = buf_addf(out, err, "\\u%04x", rune);
		left.data += width ? width : 1;
		left.len -= width ? width : 1;
	}
	return rc < 0 ? rc : buf_add_text(out, "\"", err);
}

int fence_wrap(struct buf *out, struct cordon_slice text, const struct fence_label *label, struct cordon_err *err)
{
	char border[IDENT_TEXT];
	int rc;

	do {
		rc = ident_make(border, err);
		if (rc < 0)
			return rc;
	} while (memmem(text.data, text.len, border, sizeof(border) - 1));
	if ((rc = buf_addf(out, err, "<<<cordon-data %s", border)) < 0 ||
	    (rc = add_attribute(out, "source", label->source, err)) < 0 ||
	    (rc = add_attribute(out, "trust", label->trust, err)) < 0 ||
	    (rc = add_attribute(out, "verdict", label->verdict, err)) < 0 ||
	    (rc = buf_add_text(out, ">>>\n", err)) < 0 || (rc = buf_add(out, text, err)) < 0)
		return rc;
	if (text.len && text.data[text.len - 1] != '\n')
		rc = buf_add_text(out, "\n", err);
	return rc < 0 ? rc : buf_addf(out, err, "<<<end cordon-data %s>>>", border);
}
