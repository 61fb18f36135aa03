/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shield_piece.h - what the shield's suites share: a scan in this process, and looks at its report.
 */
#ifndef TESTS_UNIT_SHIELD_PIECE_H
#define TESTS_UNIT_SHIELD_PIECE_H

#include <criterion/criterion.h>

#include "sandbox/base/slice.h"
#include "shield/scan.h"

static inline struct shield_report scan_as(struct cordon_slice text, enum shield_format format, const char *name)
{
	struct shield_request request = { .text = text, .format = format, .name = name };
	struct shield_report report = { .verdict = SHIELD_INJECTION };
	struct scanner *scanner = NULL;
	struct cordon_err err = { 0 };
	int rc = scanner_open(&scanner, &err);

	cr_assert_eq(rc, 0, "%s", err.text);
	rc = scanner_scan(scanner, &request, &report, &err);
	cr_assert_eq(rc, 0, "%s", err.text);
	for (size_t i = 0; i < report.finding_count; i++) {
		cr_assert_lt(report.findings[i].start, report.findings[i].end);
		cr_assert_leq(report.findings[i].end, text.len);
		cr_assert_leq(strlen(report.findings[i].excerpt), 160);
	}
	scanner_close(scanner);
	return report;
}

static inline struct shield_report scan_text(const char *text)
{
	return scan_as(slice_of(text), SHIELD_TEXT, NULL);
}

/* The surest finding of a kind; NULL. */
static inline const struct shield_finding *finding_of(const struct shield_report *report, enum shield_kind kind)
{
	const struct shield_finding *best = NULL;

	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].kind == kind && (!best || report->findings[i].score > best->score))
			best = &report->findings[i];
	return best;
}

/* Does the source hold `part` just where the finding says? */
static inline bool spans(const struct shield_finding *finding, const char *text, const char *part)
{
	const char *at = strstr(text, part);

	return finding && at && finding->start < (uint64_t)(at - text) + strlen(part) &&
	       finding->end > (uint64_t)(at - text);
}

#endif
