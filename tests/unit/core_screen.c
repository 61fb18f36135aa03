// SPDX-License-Identifier: Apache-2.0
/* core_screen.c - what the shield found is held, cut or passed on as the policy says, and nothing in between. */
#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/screen.h"

static const struct policy strict = { .injection = ACTION_QUARANTINE,
				      .suspicious = ACTION_FENCE,
				      .secrets = ACTION_REDACT };

static struct shield_finding at(enum shield_kind kind, uint64_t start, uint64_t end)
{
	return (struct shield_finding){ .kind = kind, .start = start, .end = end, .score = 0.9 };
}

static struct call screened(const struct policy *policy, enum shield_verdict verdict, struct shield_finding *findings,
			    size_t count, const char *text)
{
	struct shield_report report = { .verdict = verdict, .findings = findings, .finding_count = count };
	struct cordon_err err = { .code = 0 };
	struct call call;

	call_init(&call);
	buf_init(&call.screen.text, 1000);
	cr_assert_eq(screen_apply(policy, &report, slice_of(text), &call, &err), 0, "%s", err.text);
	return call;
}

Test(screen, a_zeroed_policy_holds_everything_that_is_not_clean)
{
	static const struct policy zero = { .workspace = NULL };
	struct call call = screened(&zero, SHIELD_SUSPICIOUS, NULL, 0, "x");

	cr_assert(call.screen.held);
	cr_assert_eq(call.screen.text.len, 0);
	call_release(&call);
}

Test(screen, an_injection_is_held_and_not_a_word_is_kept)
{
	struct shield_finding finding = at(SHIELD_KIND_INSTRUCTION, 0, 3);
	struct call call = screened(&strict, SHIELD_INJECTION, &finding, 1, "abc def");

	cr_assert(call.screen.held);
	cr_assert_eq(call.screen.text.len, 0);
	call_release(&call);
}

Test(screen, secrets_are_cut_and_the_rest_stays)
{
	struct shield_finding findings[] = { at(SHIELD_KIND_SECRET, 8, 11), at(SHIELD_KIND_PII, 0, 2),
					     at(SHIELD_KIND_SECRET, 3, 6) };
	struct call call = screened(&strict, SHIELD_CLEAN, findings, 3, "ab KEY, TOK!");

	cr_assert_not(call.screen.held);
	cr_assert(call.screen.redacted);
	cr_assert_str_eq(buf_text(&call.screen.text), "ab [redacted: secret], [redacted: secret]!");
	call_release(&call);
}

Test(screen, overlapping_and_mad_offsets_lose_no_secret_and_never_hang)
{
	struct shield_finding findings[] = {
		at(SHIELD_KIND_SECRET, 2, 6), at(SHIELD_KIND_SECRET, 4, 8),	    at(SHIELD_KIND_SECRET, 5, 5),
		at(SHIELD_KIND_SECRET, 9, 7), at(SHIELD_KIND_SECRET, 100, 2000000), at(SHIELD_KIND_SECRET, 2, 4),
	};
	struct call call = screened(&strict, SHIELD_CLEAN, findings, 6, "0123456789");

	cr_assert_null(strstr(buf_text(&call.screen.text), "234"));
	cr_assert_null(strstr(buf_text(&call.screen.text), "67"));
	cr_assert_not_null(strstr(buf_text(&call.screen.text), "01"));
	call_release(&call);
}

Test(screen, a_cut_never_splits_a_character)
{
	struct shield_finding finding =
		at(SHIELD_KIND_SECRET, 2, 4); /* from the middle of one to the middle of another */
	struct call call = screened(&strict, SHIELD_CLEAN, &finding, 1, "a\xc3\xa9\xc3\xa8z");

	cr_assert_str_eq(buf_text(&call.screen.text), "a[redacted: secret]z");
	call_release(&call);
}

Test(screen, redact_cuts_what_is_suspicious)
{
	static const struct policy cutting = { .suspicious = ACTION_REDACT, .secrets = ACTION_FENCE };
	struct shield_finding findings[] = { at(SHIELD_KIND_INSTRUCTION, 0, 4), at(SHIELD_KIND_SECRET, 5, 8) };
	struct call call = screened(&cutting, SHIELD_SUSPICIOUS, findings, 2, "evil key");

	cr_assert_str_eq(buf_text(&call.screen.text), "[redacted: instruction] key");
	call_release(&call);
}

Test(screen, a_secret_is_held_where_the_policy_says_so)
{
	static const struct policy holding = { .suspicious = ACTION_FENCE, .secrets = ACTION_QUARANTINE };
	struct shield_finding finding = at(SHIELD_KIND_SECRET, 0, 3);
	struct call call = screened(&holding, SHIELD_CLEAN, &finding, 1, "key");

	cr_assert(call.screen.held);
	call_release(&call);
}
