/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fold.h - a view as the patterns read it: words in lower case without accents, one space before and after each.
 *
 * Width variants and mathematical letters become plain ones, characters that nobody sees are dropped, look-alikes in a
 * word of two scripts become Latin. The end of a sentence is FOLD_STOP, a word of its own. Scripts without spaces
 * (Han, kana, Thai) are passed through; fold_is_unspaced() says which they are.
 */
#ifndef SHIELD_FOLD_H
#define SHIELD_FOLD_H

#include "shield/view.h"

#define FOLD_STOP '\x01'

enum fold_mode {
	FOLD_PLAIN,
	FOLD_LEET, /* digits and signs inside words become the letters that they imitate */
	FOLD_SQUEEZED /* only words of one letter, run together: s p a c e d - o u t text */
};

/* What was seen on the way: which other views are worth a look. Also the case for a finding of its own. */
struct fold_seen {
	size_t leet_words; /* letters with digits or signs among them */
	size_t longest_spaced; /* words of one letter in a row */
	size_t invisible; /* characters dropped from within words */
	size_t mixed_words; /* of two scripts that look alike */
	struct view_place first_mixed;
};

USE_RESULT int fold_view(const struct view *in, enum fold_mode mode, struct view *out, struct fold_seen *seen,
			 struct cordon_err *err);
bool fold_is_unspaced(uint32_t rune);

#endif
