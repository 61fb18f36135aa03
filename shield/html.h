/* SPDX-License-Identifier: Apache-2.0 */
/*
 * html.h - an HTML text taken apart into pieces, each byte with its place in the source.
 */
#ifndef SHIELD_HTML_H
#define SHIELD_HTML_H

#include "shield/piece.h"
#include "shield/verdict.h"

enum html_want {
	HTML_ALL, /* every piece, overlapping where text goes on: for scanning */
	HTML_READABLE /* only what is shown, quotations too, each byte once: for chunks */
};

struct html_reader {
	struct cordon_slice source; /* the whole document */
	size_t from, to; /* the part that is read */
	enum html_want want;
	struct dossier *dossier; /* where links are judged; may be NULL */
	piece_sink sink;
	void *context;
};

/* *title: "" or malloc()ed; NULL where the caller does not want it. */
USE_RESULT int html_read(const struct html_reader *reader, char **title, struct cordon_err *err);

#endif
