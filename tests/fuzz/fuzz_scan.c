// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_scan.c - the whole scan and the cutting: every finding and every passage lies inside the source, in order, and a
 * text scanned twice says the same twice.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "shield/chunk.h"
#include "shield/scan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int take(void *context, const struct shield_chunk *chunk, struct cordon_err *err)
{
	uint64_t *end = context;

	(void)err;
	assert(chunk->start >= *end && chunk->end > chunk->start && chunk->text[0]);
	*end = chunk->end;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct scanner *scanner;
	struct shield_report report = { .verdict = SHIELD_INJECTION };
	struct shield_report again = { .verdict = SHIELD_INJECTION };
	struct shield_request request = { .text = { "", 0 } };
	uint64_t end = 0;
	int rc = scanner ? 0 : scanner_open(&scanner, NULL);

	assert(rc == 0);
	if (!size)
		return 0;
	request.format = (enum shield_format)(data[0] % 4);
	request.text = (struct cordon_slice){ (const char *)data + 1, size - 1 };
	rc = scanner_scan(scanner, &request, &report, NULL);
	assert(rc == 0);
	for (size_t i = 0; i < report.finding_count; i++) {
		const struct shield_finding *finding = &report.findings[i];

		assert(finding->start < finding->end && finding->end <= request.text.len);
		assert(finding->score >= 0 && finding->score <= 1 && strlen(finding->excerpt) <= 160);
		assert(!i || report.findings[i - 1].start <= finding->start);
	}
	rc = scanner_scan(scanner, &request, &again, NULL);
	assert(rc == 0 && again.finding_count == report.finding_count && again.verdict == report.verdict);
	rc = chunk_document(&request, &report, take, &end, NULL);
	assert(rc == 0 && end <= request.text.len);
	shield_report_release(&report);
	shield_report_release(&again);
	return 0;
}
