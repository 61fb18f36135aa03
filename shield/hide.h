/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hide.h - does this style or attribute keep an element from being seen?
 */
#ifndef SHIELD_HIDE_H
#define SHIELD_HIDE_H

#include <stdbool.h>

#include "include/cordon.h"

#define HIDE_CLASSES_MAX 64

/* Selectors of a style element that hide what they select: ".x" and "#x" alone. Slices borrowed from the source. */
struct hide_sheet {
	struct cordon_slice names[HIDE_CLASSES_MAX]; /* with '.' or '#' */
	size_t count;
};

/* "display:none" and everything else that comes to the same. */
bool hide_by_style(struct cordon_slice style);
/* Attributes that hide by themselves: hidden, aria-hidden=true, type=hidden, size=0 and the like. */
bool hide_by_attribute(struct cordon_slice name, struct cordon_slice value);
void hide_read_sheet(struct hide_sheet *sheet, struct cordon_slice css);
/* Is one of the words of a class attribute (lead '.') or an id ('#') hidden by the sheet? */
bool hide_by_sheet(const struct hide_sheet *sheet, char lead, struct cordon_slice words);

#endif
