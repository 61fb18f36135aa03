// SPDX-License-Identifier: Apache-2.0
/*
 * request.c - from a request to a recorded intent.
 *
 * Three things can be wrong with arguments, and each has its own answer. A text that is no JSON object at all is the
 * caller's mistake: an error, nothing recorded. An object that strict reading refuses (a name twice, a NUL, bad UTF-8,
 * a number out of range, too deep) is what an attacker sends: a denial, recorded. An object that the tool's schema
 * refuses is the policy's to deny.
 *
 * Marks and tokens are taken before the intent is written: if the log then fails, the session has lost a token, which
 * is the safe side of the two.
 */
#include "sandbox/request.h"

#include <stdio.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/utf8.h"
#include "sandbox/record.h"

#define NOT_AN_OBJECT "the arguments are not one JSON object, such as {\"query\": \"x\"}"

static const enum json_error_code refused_anyway[] = {
	json_error_numeric_overflow,
	json_error_stack_overflow,
	json_error_null_byte_in_key,
};

/* ---- parse ---- */

/* True for a text that is an object but for what strict reading refuses. */
static bool is_loose_object(struct cordon_slice text)
{
	cleanup_buf struct buf valid = { .limit = SIZE_MAX };
	cleanup_json json_t *value = NULL;
	json_error_t error = { .line = 0 };
	size_t first = 0;

	if (buf_add_utf8(&valid, text, NULL) < 0)
		return false;
	value = jsontext_load_loosely(buf_slice(&valid), &error);
	if (value)
		return json_is_object(value);
	while (first < text.len && strchr(" \t\r\n", text.data[first]) && text.data[first])
		first++;
	if (first == text.len || text.data[first] != '{')
		return false;
	/* What even loose reading stops at, in the middle of an object. */
	for (size_t i = 0; i < ARRAY_LEN(refused_anyway); i++)
		if (json_error_code(&error) == refused_anyway[i])
			return true;
	return false;
}

static void keep_fault(struct call *call, const struct cordon_err *fault)
{
	snprintf(call->request.fault_text, sizeof(call->request.fault_text), "%s", fault->text);
	call->request.fault = call->request.fault_text;
}

int stage_parse(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct cordon_err fault = { .code = 0 };
	int rc = ident_make(call->id, err);

	(void)supervisor;
	if (rc < 0)
		return rc;
	if (call->request.args)
		return json_is_object(call->request.args) ? 0 : err_set(err, CORDON_EINVAL, 0, "%s", NOT_AN_OBJECT);
	rc = jsontext_load(call->request.args_text, &call->request.args, &fault);
	if (rc == CORDON_ENOMEM)
		return err_nomem(err);
	if (rc < 0 && is_loose_object(call->request.args_text)) {
		keep_fault(call, &fault);
		return 0;
	}
	if (rc < 0)
		return err_set(err, CORDON_EINVAL, 0, "%s: %s", NOT_AN_OBJECT, fault.text);
	if (!json_is_object(call->request.args))
		return err_set(err, CORDON_EINVAL, 0, "%s", NOT_AN_OBJECT);
	return 0;
}

/* ---- gather ---- */

int stage_gather(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct session *session;
	int rc = supervisor_session(supervisor, &session, err);

	if (rc < 0)
		return rc;
	call->tool = policy_tool(supervisor->policy, call->request.tool);
	if (!call->tool)
		return 0;
	if (call->request.args) {
		rc = facts_gather(supervisor->policy, call->tool, call->request.args, &call->facts, err);
		if (rc < 0)
			return err_wrap(err, rc, "facts");
	}
	return session_look(session, supervisor->policy, call->tool, &call->view, err);
}

/* ---- decide ---- */

static int replace(char **slot, const char *text, struct cordon_err *err)
{
	char *copy = strdup(text);

	if (!copy)
		return err_nomem(err);
	free(*slot);
	*slot = copy;
	return 0;
}

/* Turns the decision into a denial for what is wrong with the arguments. */
static int deny_arguments(struct call *call, const char *fault, struct cordon_err *err)
{
	struct decision *decision = &call->decision;
	cleanup_free char *say = NULL;
	json_t *row;
	int rc;

	decision->effect = EFFECT_DENY;
	if (asprintf(&say, "arguments: %s", fault) < 0) {
		say = NULL;
		return err_nomem(err);
	}
	rc = replace(&decision->rule, "arguments", err);
	if (rc == 0)
		rc = replace(&decision->why, fault, err);
	if (rc == 0)
		rc = replace(&decision->say, say, err);
	if (rc == 0 && call->tool)
		rc = replace(&decision->where, call->tool->where ? call->tool->where : "built-in", err);
	if (rc < 0)
		return rc;
	if (!decision->path)
		decision->path = json_array();
	row = json_pack("{s:s, s:s?, s:s, s:b}", "rule", "arguments", "where", decision->where, "effect", "deny",
			"matched", 1);
	json_array_append_new(decision->path, row);
	return 0;
}

static int decide(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct decide_input input = {
		.policy = supervisor->policy,
		.tool = call->tool,
		.name = call->request.tool,
		.args = call->request.args,
		.facts = &call->facts,
		.session = &call->view,
	};

	decision_release(&call->decision);
	return policy_decide(&input, &call->decision, err);
}

/* What cannot be made into a command line (a value like an option, one that the kernel would not take) is denied. */
static int fill(struct call *call, struct cordon_err *err)
{
	struct cordon_err fault = { .code = 0 };
	int rc = command_fill(call->tool, call->request.args, &call->facts, &call->command, &fault);

	if (rc == 0)
		return 0;
	if (rc != CORDON_EINVAL && rc != CORDON_ELIMIT) {
		*err = fault;
		return rc;
	}
	return deny_arguments(call, fault.text, err);
}

int stage_decide(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	int rc = decide(supervisor, call, err);

	if (rc < 0)
		return err_wrap(err, rc, "decision");
	if (call->request.fault && call->tool)
		return deny_arguments(call, call->request.fault, err);
	if (call->request.fault || !call->tool)
		call->decision.effect = EFFECT_DENY;
	if (call->decision.effect == EFFECT_DENY || call->tool->kind != TOOL_RUN)
		return 0;
	return fill(call, err);
}

/* ---- intend ---- */

int stage_intend(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	int rc = 0;

	if (call->decision.effect == EFFECT_ALLOW) {
		session_view_release(&call->view);
		rc = session_commit(supervisor->session, supervisor->policy, call->tool, &call->view, err);
		/* Another process was quicker: the decision is made again, by the same rules, on what is left. */
		if (rc == 0 && call->view.exhausted)
			rc = decide(supervisor, call, err);
	}
	return rc < 0 ? rc : record_call(supervisor, call, err);
}
