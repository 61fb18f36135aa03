// SPDX-License-Identifier: Apache-2.0
/*
 * call.c - the birth and end of a call. Everything that a stage put in is owned by the call, so that one release
 * suffices wherever the walk ended.
 */
#include "sandbox/call.h"

#include <string.h>

void call_init(struct call *call)
{
	*call = (struct call){ .request.cancel_fd = -1 };
}

void call_release(struct call *call)
{
	jail_close(call->begun.jail); /* first: it borrows from what follows */
	confinement_release(&call->begun.confinement);
	json_decref(call->request.args);
	facts_release(&call->facts);
	session_view_release(&call->view);
	decision_release(&call->decision);
	command_release(&call->command);
	jail_outcome_release(&call->result.outcome);
	retriever_hits_release(&call->result.hits);
	shield_report_release(&call->screen.report);
	buf_release(&call->screen.text);
	json_decref(call->reply.content);
	json_decref(call->reply.object);
	call_init(call);
}

bool call_program_failed(const struct call *call)
{
	const struct jail_outcome *outcome = &call->result.outcome;

	if (outcome->reason != JAIL_EXITED || !outcome->exited || outcome->exit < 0 || outcome->exit > 255)
		return true;
	if (call->tool->ok_exit)
		return !call->tool->ok_exit[outcome->exit];
	return outcome->exit != 0;
}

enum call_status call_settle(const struct call *call)
{
	if (call->decision.effect == EFFECT_DENY)
		return CALL_DENIED;
	if (call->decision.effect == EFFECT_ASK)
		return CALL_UNANSWERED;
	if (call->screen.held)
		return CALL_HELD;
	if (!call->result.ran || !call->tool)
		return CALL_FAULT;
	if (call->tool->kind == TOOL_RUN)
		return call_program_failed(call) ? CALL_FAILED : CALL_DONE;
	return call->tool->kind == TOOL_READ && !call->result.hits.count ? CALL_FAILED : CALL_DONE;
}
