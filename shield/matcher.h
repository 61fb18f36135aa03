/* SPDX-License-Identifier: Apache-2.0 */
/*
 * matcher.h - all patterns at once over a folded view, in time linear in its length.
 */
#ifndef SHIELD_MATCHER_H
#define SHIELD_MATCHER_H

#include "shield/rules.h"
#include "shield/view.h"

struct matcher;

struct matcher_hit {
	const struct rule *rule;
	size_t from, to; /* in the folded view */
};

/* Returns 0 or an error, which ends the run. */
typedef int (*matcher_found)(void *context, const struct matcher_hit *hit, struct cordon_err *err);

enum matcher_spacing { MATCHER_WORDS, MATCHER_SQUEEZED /* for a view of FOLD_SQUEEZED: there are no spaces */ };

/* Compiles `tables`. A pattern that cannot be read is CORDON_EINVAL and names the rule. */
USE_RESULT int matcher_open(const struct rule_table *const *tables, size_t count, enum matcher_spacing spacing,
			    struct matcher **out, struct cordon_err *err);
void matcher_close(struct matcher *matcher);
USE_RESULT int matcher_run(struct matcher *matcher, const struct view *folded, matcher_found found, void *context,
			   struct cordon_err *err);

#endif
