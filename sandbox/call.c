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
