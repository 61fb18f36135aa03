// SPDX-License-Identifier: Apache-2.0
/*
 * shield_exchange.c - messages come back as they went out, and the reader refuses what no honest child says.
 */
#include "tests/unit/shield_piece.h"

#include "shield/exchange.h"

static struct shield_finding finding = { .kind = SHIELD_KIND_SECRET, .start = 2, .end = 5, .score = 0.5 };

static int round_trip(uint64_t bytes, struct shield_report *out)
{
	cleanup_buf struct buf message = { .limit = 4096 };
	struct shield_report in = {
		.verdict = SHIELD_SUSPICIOUS, .score = 0.5, .bytes = 10, .findings = &finding, .finding_count = 1
	};
	int rc;

	finding.why = finding.why ? finding.why : strdup("is a key");
	finding.excerpt = finding.excerpt ? finding.excerpt : strdup("AKIA");
	cr_assert_eq(exchange_put_report(&message, &in, NULL), 0);
	*out = (struct shield_report){ .verdict = SHIELD_INJECTION };
	rc = exchange_get_report(buf_slice(&message), bytes, out, NULL);
	for (size_t cut = 0; cut < message.len; cut++) {
		struct shield_report half = { .verdict = SHIELD_INJECTION };

		cr_assert_eq(exchange_get_report((struct cordon_slice){ message.data, cut }, bytes, &half, NULL),
			     CORDON_EPROTO);
		cr_assert_eq(half.verdict, SHIELD_INJECTION, "a broken report is never clean");
		shield_report_release(&half);
	}
	return rc;
}

Test(exchange, reports_come_back)
{
	struct shield_report report;

	cr_assert_eq(round_trip(10, &report), 0);
	cr_assert_eq(report.verdict, SHIELD_SUSPICIOUS);
	cr_assert_eq(report.findings[0].end, 5);
	cr_assert_str_eq(report.findings[0].why, "is a key");
	shield_report_release(&report);
}

Test(exchange, lies_are_refused)
{
	struct shield_report report;

	cr_assert_eq(round_trip(11, &report), CORDON_EPROTO, "another length");
	shield_report_release(&report);
	finding.end = 11;
	cr_assert_eq(round_trip(10, &report), CORDON_EPROTO, "past the end");
	shield_report_release(&report);
	finding.end = 2;
	cr_assert_eq(round_trip(10, &report), CORDON_EPROTO, "empty");
	shield_report_release(&report);
	finding.end = 5;
	finding.score = 1.5;
	cr_assert_eq(round_trip(10, &report), CORDON_EPROTO, "no share");
	shield_report_release(&report);
	finding.score = 0.5;
	finding.excerpt = strdup("\x1b[2J");
	cr_assert_eq(round_trip(10, &report), CORDON_EPROTO, "not safe to print");
	shield_report_release(&report);
	finding.excerpt = strdup("x");
	finding.kind = SHIELD_KIND_COUNT;
	cr_assert_eq(round_trip(10, &report), CORDON_EPROTO, "no kind");
	shield_report_release(&report);
}

Test(exchange, chunks_come_back_and_lies_are_refused)
{
	cleanup_buf struct buf message = { .limit = 4096 };
	char text[] = "passage";
	struct shield_chunk chunk = { 1, 8, text, SHIELD_CLEAN };
	struct shield_report report = { .verdict = SHIELD_INJECTION };

	for (int i = 0; i < 5; i++)
		cr_assert_eq(exchange_put_chunk(&message, &chunk, NULL), 0);
	cr_assert_eq(exchange_get_chunks(buf_slice(&message), 8, &report, NULL), 0);
	cr_assert_eq(report.chunk_count, 5);
	cr_assert_str_eq(report.chunks[4].text, "passage");
	cr_assert_eq(exchange_get_chunks(buf_slice(&message), 7, &report, NULL), CORDON_EPROTO);
	shield_report_release(&report);
}
