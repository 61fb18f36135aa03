// SPDX-License-Identifier: Apache-2.0
/* core_call.c - what the stages found adds up to one status, and a call that nobody filled is denied. */
#include <criterion/criterion.h>

#include "sandbox/call.h"

Test(call, settles_on_the_worst_status)
{
	struct tool tool = { .kind = TOOL_RUN };
	struct call call;

	call_init(&call);
	cr_assert_eq(call_settle(&call), CALL_DENIED, "a zeroed call is denied");
	call.decision.effect = EFFECT_ASK;
	cr_assert_eq(call_settle(&call), CALL_UNANSWERED);
	call.decision.effect = EFFECT_ALLOW;
	cr_assert_eq(call_settle(&call), CALL_FAULT, "allowed, and nothing ran");
	call.tool = &tool;
	call.result.ran = true;
	cr_assert_eq(call_settle(&call), CALL_FAILED, "a zeroed outcome is a failure");
	call.result.outcome = (struct jail_outcome){ .reason = JAIL_EXITED, .exited = true, .exit = 1 };
	cr_assert_eq(call_settle(&call), CALL_FAILED);
	tool.ok_exit = (unsigned char[256]){ [1] = 1 };
	cr_assert_eq(call_settle(&call), CALL_DONE);
	call.result.outcome.reason = JAIL_WALL;
	cr_assert_eq(call_settle(&call), CALL_FAILED);
	call.screen.held = true;
	cr_assert_eq(call_settle(&call), CALL_HELD);
}
