// SPDX-License-Identifier: Apache-2.0
/*
 * reply.c - what the model gets and what the operator gets.
 *
 * Cordon's own words and text from outside never share a block: the one is plain, the other is inside a fence, with
 * source, trust and verdict. The model is told the rule and its `say`; places in files are for the operator's object.
 * Of held content only the verdict is told.
 */
#include "sandbox/reply.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/fence.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/outcome_json.h"

#define WORDS_MAX (64u << 10) /* one sentence of Cordon's; a `say` is at most a config's line */

/* ---- blocks ---- */

static int put_block(struct call *call, struct cordon_slice text, struct cordon_err *err)
{
	json_t *block = json_object();

	json_object_set_new(block, "type", json_string("text"));
	if (json_object_set_new(block, "text", jsontext_string(text)) < 0 ||
	    json_array_append_new(call->reply.content, block) < 0)
		return err_nomem(err);
	return 0;
}

static int put_fenced(struct call *call, struct cordon_slice text, const struct fence_label *label,
		      struct cordon_err *err)
{
	cleanup_buf struct buf fenced = { .limit = SIZE_MAX };
	int rc = fence_wrap(&fenced, text, label, err);

	return rc < 0 ? rc : put_block(call, buf_slice(&fenced), err);
}

/* ---- refusals ---- */

static int reply_denied(struct call *call, struct cordon_err *err)
{
	const struct decision *decision = &call->decision;
	const char *say = decision->say ? decision->say : decision->why ? decision->why : "denied";

	call->reply.is_error = true;
	return put_block(call, slice_of(say), err);
}

static int reply_unanswered(struct call *call, struct cordon_err *err)
{
	cleanup_buf struct buf words = { .limit = WORDS_MAX };
	const struct decision *decision = &call->decision;
	int rc = buf_addf(&words, err, "%s: this call needs an approval, and nobody is there to give it",
			  decision->rule ? decision->rule : "ask");

	if (rc == 0 && decision->say)
		rc = buf_addf(&words, err, " (%s)", decision->say);
	call->reply.is_error = true;
	return rc < 0 ? rc : put_block(call, buf_slice(&words), err);
}

static int reply_held(struct call *call, struct cordon_err *err)
{
	cleanup_buf struct buf words = { .limit = WORDS_MAX };
	int rc;

	if (call->screen.fault[0])
		rc = buf_addf(&words, err, "held back: the shield could not read what the tool returned");
	else
		rc = buf_addf(&words, err, "held back by the shield: verdict %s, %zu finding%s",
			      shield_verdict_name(call->screen.report.verdict), call->screen.report.finding_count,
			      call->screen.report.finding_count == 1 ? "" : "s");
	call->reply.is_error = true;
	return rc < 0 ? rc : put_block(call, buf_slice(&words), err);
}

/* ---- programs ---- */

static int say_end(const struct call *call, struct buf *words, struct cordon_err *err)
{
	const struct jail_outcome *outcome = &call->result.outcome;
	char name[16];
	int rc;

	if (!outcome->started && outcome->exec_errno)
		return buf_addf(words, err, "tool '%s' failed: its program cannot be started in the sandbox: %s",
				call->tool->name, strerrordesc_np(outcome->exec_errno));
	if (outcome->reason == JAIL_EXITED)
		return buf_addf(words, err, "tool '%s' failed: exit status %d", call->tool->name, outcome->exit);
	rc = buf_addf(words, err, "tool '%s' failed: ended by %s", call->tool->name,
		      outcome->reason == JAIL_DENIED   ? "the sandbox's system call filter"
		      : outcome->reason == JAIL_SIGNAL ? "a signal"
		      : outcome->reason == JAIL_ERROR  ? "a fault of the sandbox"
						       : jail_reason_name(outcome->reason));
	if (rc == 0 && outcome->reason > JAIL_SIGNAL && outcome->reason < JAIL_DENIED)
		rc = buf_addf(words, err, " limit");
	if (rc == 0 && outcome->signal) {
		signal_to_text(outcome->signal, name);
		rc = buf_addf(words, err, " (%s)", name);
	}
	return rc;
}

static int reply_program(struct call *call, struct cordon_err *err)
{
	cleanup_buf struct buf words = { .limit = WORDS_MAX };
	char source[256];
	struct fence_label label = {
		.source = source,
		.trust = "untrusted",
		.verdict = shield_verdict_name(call->screen.report.verdict),
	};
	int rc = 0;

	snprintf(source, sizeof(source), "tool:%s", call->tool->name);
	call->reply.is_error = call_program_failed(call);
	if (call->reply.is_error)
		rc = say_end(call, &words, err);
	else if (!call->screen.text.len)
		rc = buf_addf(&words, err, "no output (exit status %d)", call->result.outcome.exit);
	if (rc == 0 && call->result.outcome.truncated)
		rc = buf_addf(&words, err, "%soutput was cut at its limit", words.len ? "; " : "");
	if (rc == 0 && words.len)
		rc = put_block(call, buf_slice(&words), err);
	if (rc == 0 && call->screen.text.len)
		rc = put_fenced(call, buf_slice(&call->screen.text), &label, err);
	return rc;
}

/* ---- passages ---- */

static int reply_hits(struct call *call, struct cordon_err *err)
{
	const struct retriever_hits *hits = &call->result.hits;
	int rc = 0;

	if (!hits->count && call->tool->kind == TOOL_READ) {
		call->reply.is_error = true;
		return put_block(call, SLICE("no such document in the store"), err);
	}
	if (!hits->count)
		return put_block(call, SLICE("no passage matches"), err);
	for (size_t i = 0; i < hits->count && rc == 0; i++) {
		const struct retriever_hit *hit = &hits->rows[i];
		struct fence_label label = {
			.source = hit->doc,
			.trust = hit->trust,
			.verdict = shield_verdict_name(hit->verdict),
		};

		rc = put_fenced(call, slice_of(hit->text), &label, err);
	}
	return rc;
}

/* ---- the operator's object ---- */

static json_t *shield_object(const struct call *call)
{
	json_t *object;

	if (!call->screen.scanned)
		return json_null();
	object = report_to_json(&call->screen.report, NULL, NULL,
				call->screen.held || call->screen.redacted ? EXCERPTS_LEFT_OUT : EXCERPTS_PUT_IN);
	json_object_set_new(object, "held", json_boolean(call->screen.held));
	if (call->screen.fault[0]) {
		json_object_set_new(object, "verdict", json_null());
		json_object_set_new(object, "error", text_or_null(call->screen.fault));
	}
	return object;
}

static int make_object(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	bool program = call->result.ran && call->tool->kind == TOOL_RUN;
	json_t *object = json_object();
	json_t *audit = json_object();

	json_object_set_new(audit, "intent",
			    call->intent.written ? json_integer((json_int_t)call->intent.index) : json_null());
	json_object_set_new(audit, "outcome",
			    call->outcome_record.written ? json_integer((json_int_t)call->outcome_record.index)
							 : json_null());
	json_object_set_new(object, "call", json_string(call->id));
	json_object_set_new(object, "tool", text_or_null(call->request.tool));
	json_object_set_new(object, "session", text_or_null(session_id(supervisor->session)));
	json_object_set_new(object, "decision", decision_to_json(&call->decision));
	json_object_set_new(object, "outcome",
			    program ? outcome_to_json(&call->result.outcome, STREAMS_LEFT_OUT) : json_null());
	json_object_set_new(object, "shield", shield_object(call));
	json_object_set(object, "content", call->reply.content);
	json_object_set_new(object, "isError", json_boolean(call->reply.is_error));
	json_object_set_new(object, "status", json_integer((json_int_t)call->reply.status));
	if (json_object_set_new(object, "audit", audit) < 0) {
		json_decref(object);
		return err_nomem(err);
	}
	call->reply.object = object;
	return 0;
}

static int make_content(struct call *call, struct cordon_err *err)
{
	if (call->decision.effect == EFFECT_DENY)
		return reply_denied(call, err);
	if (call->decision.effect == EFFECT_ASK)
		return reply_unanswered(call, err);
	if (call->screen.held)
		return reply_held(call, err);
	return call->tool->kind == TOOL_RUN ? reply_program(call, err) : reply_hits(call, err);
}

int stage_reply(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	int rc;

	call->reply.content = json_array();
	rc = make_content(call, err);
	return rc < 0 ? rc : make_object(supervisor, call, err);
}

int reply_explain(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	json_t *object = json_object();

	call->reply.status = call->decision.effect == EFFECT_ALLOW ? CALL_DONE
			     : call->decision.effect == EFFECT_ASK ? CALL_UNANSWERED
								   : CALL_DENIED;
	json_object_set_new(object, "tool", text_or_null(call->request.tool));
	json_object_set_new(object, "session", text_or_null(session_id(supervisor->session)));
	json_object_set_new(object, "decision", decision_to_json(&call->decision));
	if (call->decision.path)
		json_object_set(object, "path", call->decision.path);
	else
		json_object_set_new(object, "path", json_array());
	if (!object)
		return err_nomem(err);
	call->reply.object = object;
	return 0;
}
