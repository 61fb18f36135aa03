// SPDX-License-Identifier: Apache-2.0
/*
 * outcome_json.c - outcomes, decisions and findings as JSON. Every text that may hold foreign bytes goes through
 * jsontext_string(), so that an object is never lost to one bad byte; where the exact bytes matter (a tool's output),
 * they stand beside it in base64.
 */
#include "sandbox/outcome_json.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "sandbox/base/encode.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

json_t *text_or_null(const char *text)
{
	return text ? jsontext_string(slice_of(text)) : json_null();
}

void signal_to_text(int number, char text[16])
{
	const char *name = sigabbrev_np(number);

	if (name)
		snprintf(text, 16, "SIG%.11s", name);
	else
		snprintf(text, 16, "SIG%d", number);
}

/* Puts bytes under `key`, and exactly under `key`_base64 where the first cannot hold them. */
static void put_stream(json_t *object, const char *key, const struct buf *bytes)
{
	char exact_key[32];
	struct cordon_err err;
	cleanup_buf struct buf exact = { .limit = SIZE_MAX };

	json_object_set_new(object, key, jsontext_string(buf_slice(bytes)));
	if (utf8_valid_until(buf_slice(bytes)) == bytes->len)
		return;
	snprintf(exact_key, sizeof(exact_key), "%s_base64", key);
	if (encode_base64(&exact, buf_slice(bytes), &err) == 0)
		json_object_set_new(object, exact_key, json_string(buf_text(&exact)));
}

static json_t *missing_to_json(uint32_t missing)
{
	json_t *list = json_array();

	for (enum jail_promise promise = 0; promise < JAIL_PROMISE_COUNT; promise++)
		if (missing & (UINT32_C(1) << promise))
			json_array_append_new(list, json_string(jail_promise_name(promise)));
	return list;
}

static json_t *denied_to_json(const struct jail_outcome *outcome)
{
	json_t *list = json_array();

	for (size_t i = 0; i < outcome->denied_count; i++) {
		const struct jail_denied *row = &outcome->denied[i];
		json_t *object = json_object();

		json_object_set_new(object, "kind", text_or_null(row->kind));
		json_object_set_new(object, "what", text_or_null(row->what));
		json_object_set_new(object, "count", json_integer(row->count));
		json_object_set_new(object, "detail", text_or_null(row->detail));
		json_object_set_new(object, "hint", text_or_null(row->hint));
		json_array_append_new(list, object);
	}
	return list;
}

json_t *outcome_to_json(const struct jail_outcome *outcome, enum streams streams)
{
	json_t *object = json_object();
	char name[16];

	json_object_set_new(object, "exit", outcome->exited ? json_integer(outcome->exit) : json_null());
	if (outcome->signal)
		signal_to_text(outcome->signal, name);
	json_object_set_new(object, "signal", outcome->signal ? json_string(name) : json_null());
	json_object_set_new(object, "reason", json_string(jail_reason_name(outcome->reason)));
	json_object_set_new(object, "wall_ms", json_real(outcome->wall_ms));
	json_object_set_new(object, "cpu_ms", json_real(outcome->cpu_ms));
	json_object_set_new(object, "max_rss_kb", json_integer((json_int_t)outcome->max_rss_kb));
	if (streams == STREAMS_PUT_IN) {
		put_stream(object, "stdout", &outcome->out);
		put_stream(object, "stderr", &outcome->err);
	}
	json_object_set_new(object, "truncated", json_boolean(outcome->truncated));
	json_object_set_new(object, "rung", json_integer(outcome->rung));
	json_object_set_new(object, "missing", missing_to_json(outcome->missing));
	json_object_set_new(object, "denied", denied_to_json(outcome));
	if (!outcome->started && outcome->exec_errno)
		json_object_set_new(object, "error", text_or_null(strerrordesc_np(outcome->exec_errno)));
	return object;
}

static json_t *finding_to_json(const struct shield_finding *finding, enum excerpts excerpts)
{
	json_t *object = json_object();

	json_object_set_new(object, "kind", json_string(shield_kind_name(finding->kind)));
	json_object_set_new(object, "start", json_integer((json_int_t)finding->start));
	json_object_set_new(object, "end", json_integer((json_int_t)finding->end));
	json_object_set_new(object, "score", json_real(finding->score));
	json_object_set_new(object, "layer", json_string(shield_layer_name(finding->layer)));
	json_object_set_new(object, "why", text_or_null(finding->why));
	if (excerpts == EXCERPTS_PUT_IN)
		json_object_set_new(object, "excerpt", text_or_null(finding->excerpt));
	return object;
}

json_t *report_to_json(const struct shield_report *report, const char *id, const char *file, enum excerpts excerpts)
{
	json_t *object = json_object();
	json_t *findings = json_array();

	if (id)
		json_object_set_new(object, "id", text_or_null(id));
	if (file)
		json_object_set_new(object, "file", text_or_null(file));
	json_object_set_new(object, "verdict", json_string(shield_verdict_name(report->verdict)));
	json_object_set_new(object, "score", json_real(report->score));
	json_object_set_new(object, "bytes", json_integer((json_int_t)report->bytes));
	for (size_t i = 0; i < report->finding_count; i++)
		json_array_append_new(findings, finding_to_json(&report->findings[i], excerpts));
	json_object_set_new(object, "findings", findings);
	return object;
}

json_t *decision_to_json(const struct decision *decision)
{
	json_t *object = json_object();

	json_object_set_new(object, "effect", json_string(effect_name(decision->effect)));
	json_object_set_new(object, "rule", text_or_null(decision->rule));
	json_object_set_new(object, "where", text_or_null(decision->where));
	json_object_set_new(object, "why", text_or_null(decision->why));
	return object;
}
