/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cut.h - the shield's stretches of text made into passages of a size that a model is given.
 */
#ifndef RETRIEVER_CUT_H
#define RETRIEVER_CUT_H

#include "retriever/store_wire.h"

#define CUT_BYTES_MAX 2000 /* some 500 tokens; one abstract or a few paragraphs */

struct cut {
	struct store_passage *passages; /* texts are owned by the cut */
	size_t count, room;
};

/* Of the report's chunks; source is what was scanned. */
USE_RESULT int cut_passages(const struct shield_report *report, struct cordon_slice source, struct cut *cut,
			    struct cordon_err *err);
void cut_release(struct cut *cut);
#define cleanup_cut CLEANUP(cut_release)

#endif
