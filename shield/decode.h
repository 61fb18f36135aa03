/* SPDX-License-Identifier: Apache-2.0 */
/*
 * decode.h - text that is spelled in another alphabet: base64, hex, escapes, entities, rot13, backwards.
 *
 * What decodes to readable text goes to the sink as a piece of its own, one level deeper, mapped to the source. That a
 * text holds an encoding is said, as a weak finding, and never counts: every encoding has honest uses.
 */
#ifndef SHIELD_DECODE_H
#define SHIELD_DECODE_H

#include "shield/piece.h"
#include "shield/verdict.h"

#define DECODE_DEPTH_MAX 2

struct decode_target {
	struct dossier *dossier;
	piece_sink sink;
	void *context;
	struct cordon_slice source;
	uint64_t *budget; /* decoded bytes that may still be made for this document */
};

/* All decodings of one piece. `folded` is the piece as fold_view() gave it: it tells whether turning it is worthwhile. */
USE_RESULT int decode_piece(const struct decode_target *target, const struct piece *piece, const struct view *folded,
			    struct cordon_err *err);
/* "&amp;", "&#105;", "&#x69;" at the start of text. Returns its width, 0 where there is none. */
size_t decode_entity(struct cordon_slice text, uint32_t *rune);
/* Is most of it text that a person could read? */
bool decode_is_readable(struct cordon_slice bytes);

#endif
