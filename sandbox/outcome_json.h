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
enum streams { STREAMS_LEFT_OUT, STREAMS_PUT_IN };
/* DESIGN's `exec` object of an outcome, new reference. streams: whether stdout and stderr are part of it. */
json_t *outcome_to_json(const struct jail_outcome *outcome, enum streams streams);
enum excerpts { EXCERPTS_LEFT_OUT, EXCERPTS_PUT_IN };
/* DESIGN's `scan` object of a report, new reference. file, id may be NULL; excerpts are left out of held-back text. */
json_t *report_to_json(const struct shield_report *report, const char *id, const char *file, enum excerpts excerpts);
/* {"effect","rule","where","why"}, new reference. */
json_t *decision_to_json(const struct decision *decision);
/* "SIGKILL", or "SIG42" for one without a name. */
void signal_to_text(int number, char text[16]);

#endif
