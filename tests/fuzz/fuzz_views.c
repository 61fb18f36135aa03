// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_views.c - folding and the matcher: every folded byte has its place, the text begins and ends with a space, no
 * two spaces touch, and every hit lies inside the view and is not empty.
 */
#include <assert.h>
#include <stdint.h>

#include "shield/fold.h"
#include "shield/matcher.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *context, const struct matcher_hit *hit, struct cordon_err *err)
{
	const struct view *folded = context;

	(void)err;
	assert(hit->from < hit->to && hit->to <= folded->len);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct rule_table *const tables[] = { &rules_english, &rules_other };
	static struct matcher *matchers[2];
	cleanup_view struct view view = { 0 };
	cleanup_view struct view folded = { 0 };
	struct fold_seen seen;
	int rc = 0;

	for (size_t i = 0; i < 2 && !matchers[i] && rc == 0; i++)
		rc = matcher_open(tables, 2, i ? MATCHER_SQUEEZED : MATCHER_WORDS, &matchers[i], NULL);
	assert(rc == 0);
	rc = view_add_source(&view, (struct cordon_slice){ (const char *)data, size }, 0, NULL);
	for (unsigned int mode = FOLD_PLAIN; mode <= FOLD_SQUEEZED && rc == 0; mode++) {
		rc = fold_view(&view, (enum fold_mode)mode, &folded, &seen, NULL);
		assert(rc == 0);
		for (size_t i = 0; i < folded.len; i++) {
			assert(folded.at[i].start < folded.at[i].end && folded.at[i].end <= size);
			assert(mode == FOLD_SQUEEZED || !i || folded.bytes[i] != ' ' || folded.bytes[i - 1] != ' ');
		}
		rc = matcher_run(matchers[mode == FOLD_SQUEEZED], &folded, take, &folded, NULL);
	}
	assert(rc == 0);
	return 0;
}
