/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome_json.h - outcomes, decisions and findings in the shapes that DESIGN promises to other programs.
 */
#ifndef OUTCOME_JSON_H
#define OUTCOME_JSON_H

#include <jansson.h>

#include "sandbox/policy/policy.h"

/* A JSON string of any C string, null for NULL. New reference. */
json_t *text_or_null(const char *text);
/* DESIGN's `exec` object of an outcome, new reference. text: stdout and stderr are put in. */
json_t *outcome_to_json(const struct jail_outcome *outcome, bool text);
/* DESIGN's `scan` object of a report, new reference. file, id may be NULL; excerpts: false where text is held back. */
json_t *report_to_json(const struct shield_report *report, const char *id, const char *file, bool excerpts);
/* {"effect","rule","where","why"}, new reference. */
json_t *decision_to_json(const struct decision *decision);
/* "SIGKILL", or "SIG42" for one without a name. */
void signal_to_text(int number, char text[16]);

#endif
