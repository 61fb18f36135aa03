// SPDX-License-Identifier: Apache-2.0
/*
 * report.c - names and release of reports: what both sides of the channel need.
 */
#include "shield/shield.h"

#include <stdlib.h>

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
