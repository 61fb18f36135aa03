// SPDX-License-Identifier: Apache-2.0
/*
 * report.c - names, release and redaction of reports: what both sides of the channel need.
 */
#include "shield/shield.h"

#include <stdlib.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

static const char *const verdict_names[] = { "injection", "suspicious", "clean" };
static const char *const kind_names[] = {
#define X(id, name) name,
	SHIELD_KINDS(X)
#undef X
};
static const char *const layer_names[] = { "structure", "pattern", "model", "remote" };

const char *shield_verdict_name(enum shield_verdict verdict)
{
	return verdict_names[verdict];
}

const char *shield_kind_name(enum shield_kind kind)
{
	return kind_names[kind];
}

const char *shield_layer_name(enum shield_layer layer)
{
	return layer_names[layer];
}

void shield_report_release(struct shield_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++) {
		free(report->findings[i].why);
		free(report->findings[i].excerpt);
	}
	for (size_t i = 0; i < report->chunk_count; i++)
		free(report->chunks[i].text);
	free(report->findings);
	free(report->chunks);
	free(report->title);
	*report = (struct shield_report){ .verdict = SHIELD_INJECTION };
}

/* Findings come sorted by start; spans may overlap, and what one has cut off is not written by the next. */
int shield_redact(const struct shield_report *report, struct cordon_slice text, struct buf *out, struct cordon_err *err)
{
	uint64_t at = 0;
	int rc = 0;

	for (size_t i = 0; i < report->finding_count && rc == 0; i++) {
		const struct shield_finding *finding = &report->findings[i];

		if (finding->kind != SHIELD_KIND_SECRET || finding->end <= at)
			continue;
		if (finding->end > text.len || finding->start >= finding->end)
			return err_set(err, CORDON_EINVAL, 0, "a report of another text");
		if (finding->start > at)
			rc = buf_add(out, (struct cordon_slice){ text.data + at, finding->start - at }, err);
		if (rc == 0)
			rc = buf_addf(out, err, "[redacted %s]", shield_kind_name(finding->kind));
		at = finding->end;
	}
	return rc < 0 ? rc : buf_add(out, slice_from(text, at), err);
}
