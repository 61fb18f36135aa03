/* SPDX-License-Identifier: Apache-2.0 */
/*
 * piece.h - a stretch of a document that is read at once, and what is known of where it stood.
 */
#ifndef SHIELD_PIECE_H
#define SHIELD_PIECE_H

#include "shield/shield.h"
#include "shield/view.h"

enum piece_placement {
	PIECE_HIDDEN, /* a person who looks at the document does not see it; a model reads it */
	PIECE_QUOTED, /* code, quotation: shown, and spoken of rather than said */
	PIECE_SHOWN
};

struct piece {
	const struct view *view;
	enum piece_placement placement;
	const char *where; /* "an HTML comment"; NULL for plain text */
	const char *how; /* "base64": decoded from it; NULL */
	enum shield_kind how_kind; /* what a finding in decoded text is: ENCODED, UNICODE */
	unsigned int depth; /* how often decoded */
	bool breaks; /* a paragraph ends with it */
};

typedef int (*piece_sink)(void *context, const struct piece *piece, struct cordon_err *err);

#endif
