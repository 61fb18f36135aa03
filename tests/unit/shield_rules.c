// SPDX-License-Identifier: Apache-2.0
/*
 * shield_rules.c - every pattern has an example that it finds and a near one that it does not; both are proved here.
 */
#include "tests/unit/shield_piece.h"

#include "shield/fold.h"
#include "shield/matcher.h"

static const struct rule_table *const tables[] = { &rules_english, &rules_other };

struct wanted {
	const struct rule *rule;
	bool found;
};

static int note(void *context, const struct matcher_hit *hit, struct cordon_err *err)
{
	struct wanted *wanted = context;

	(void)err;
	wanted->found = wanted->found || hit->rule == wanted->rule;
	return 0;
}

static bool finds(struct matcher *matcher, const struct rule *rule, const char *text)
{
	cleanup_view struct view view = { 0 };
	cleanup_view struct view folded = { 0 };
	struct wanted wanted = { rule, false };
	struct fold_seen seen;

	cr_assert_eq(view_add_source(&view, slice_of(text), 0, NULL), 0);
	cr_assert_eq(fold_view(&view, FOLD_PLAIN, &folded, &seen, NULL), 0);
	cr_assert_eq(matcher_run(matcher, &folded, note, &wanted, NULL), 0);
	return wanted.found;
}

Test(rules, every_rule_finds_its_example_and_not_the_other)
{
	struct matcher *matcher = NULL;
	struct cordon_err err = { 0 };

	cr_assert_eq(matcher_open(tables, ARRAY_LEN(tables), MATCHER_WORDS, &matcher, &err), 0, "%s", err.text);
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		for (size_t k = 0; k < tables[i]->count; k++) {
			const struct rule *rule = &tables[i]->rules[k];

			cr_expect(finds(matcher, rule, rule->hit), "%s does not find '%s'", rule->id, rule->hit);
			cr_expect_not(finds(matcher, rule, rule->miss), "%s finds '%s'", rule->id, rule->miss);
		}
	}
	matcher_close(matcher);
}

Test(rules, ids_are_unique_and_weights_are_shares)
{
	for (size_t i = 0; i < ARRAY_LEN(tables); i++) {
		for (size_t k = 0; k < tables[i]->count; k++) {
			const struct rule *rule = &tables[i]->rules[k];

			cr_assert(rule->weight >= 0 && rule->weight < 1, "%s", rule->id);
			for (size_t j = 0; j < k; j++)
				cr_assert_str_neq(rule->id, tables[i]->rules[j].id);
		}
	}
}

Test(rules, a_broken_pattern_names_its_rule)
{
	static const char *const patterns[] = { "@nothing", "a b c d e f", "a  b", "+4x", "|", "a|*" };
	struct matcher *matcher = NULL;
	struct cordon_err err = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(patterns); i++) {
		const struct rule rule = { "broken", RULE_OVERRIDE, 0.5, patterns[i], "", "" };
		const struct rule_table table = { &rule, 1 };
		const struct rule_table *const one[] = { &table };

		cr_assert_eq(matcher_open(one, 1, MATCHER_WORDS, &matcher, &err), CORDON_EINVAL, "'%s'", patterns[i]);
		cr_assert(strstr(err.text, "broken"), "%s", err.text);
		cr_assert_null(matcher);
	}
}

Test(rules, a_gap_is_counted_in_words)
{
	const struct rule rule = { "gap", RULE_OVERRIDE, 0.5, "a +2 b", "", "" };
	const struct rule_table table = { &rule, 1 };
	const struct rule_table *const one[] = { &table };
	struct matcher *matcher = NULL;

	cr_assert_eq(matcher_open(one, 1, MATCHER_WORDS, &matcher, NULL), 0);
	cr_assert(finds(matcher, &rule, "a b"));
	cr_assert(finds(matcher, &rule, "a x y b"));
	cr_assert_not(finds(matcher, &rule, "a x y z b"));
	cr_assert_not(finds(matcher, &rule, "b a"));
	cr_assert_not(finds(matcher, &rule, "a"));
	cr_assert_not(finds(matcher, &rule, "b"), "what an earlier text began, a later one does not end");
	matcher_close(matcher);
}
