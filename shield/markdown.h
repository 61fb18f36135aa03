/* SPDX-License-Identifier: Apache-2.0 */
/*
 * markdown.h - Markdown and plain text taken apart into pieces.
 *
 * Plain text is read in the same way: a model takes a comment or a fence in it for what it is, whatever the file is
 * called.
 */
#ifndef SHIELD_MARKDOWN_H
#define SHIELD_MARKDOWN_H

#include "shield/piece.h"
#include "shield/verdict.h"

struct markdown_reader {
	struct cordon_slice source;
	struct dossier *dossier;
	piece_sink sink;
	void *context;
};

USE_RESULT int markdown_read(const struct markdown_reader *reader, struct cordon_err *err);
/* The first heading, as excerpt_make() gives it; "" where there is none. malloc()ed, NULL out of memory. */
char *markdown_title(struct cordon_slice source);
/* Does it look like Markdown more than like plain text? */
bool markdown_is_likely(struct cordon_slice source);

#endif
