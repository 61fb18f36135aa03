/* SPDX-License-Identifier: Apache-2.0 */
/*
 * links.h - links and images whose URL would carry data out.
 */
#ifndef SHIELD_LINKS_H
#define SHIELD_LINKS_H

#include "shield/piece.h"
#include "shield/verdict.h"

enum link_use { LINK_FETCHED /* an image: loaded without a click */, LINK_CLICKED };

/* One URL, at source bytes `span`. */
USE_RESULT int links_judge(struct dossier *dossier, struct cordon_slice url, enum link_use use, struct view_place span,
			   struct cordon_err *err);
/* All Markdown links and images of a piece, and the bare URLs in it. */
USE_RESULT int links_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err);

#endif
