/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_tool.h - the tool's process, from its birth to exec.
 */
#ifndef JAIL_LAUNCH_TOOL_H
#define JAIL_LAUNCH_TOOL_H

#include "sandbox/jail/launcher/launch_state.h"

/*
 * Starts the tool as a child of init. Returns when it has been exec'ed or has failed: state->tool and state->listener are
 * set, or state->shared says what failed (a step, or exec_errno).
 */
int launch_start_tool(struct launch_state *state);
/* Gives up every capability there is, for good. */
int launch_drop_capabilities(struct launch_state *state);

#endif
