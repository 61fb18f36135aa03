/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_rules.h - the Landlock ruleset of a call, built on the final tree.
 */
#ifndef JAIL_LAUNCH_RULES_H
#define JAIL_LAUNCH_RULES_H

#include "sandbox/jail/launcher/launch_state.h"

/* Makes state->rules from the plan's rules; nothing without LAUNCH_LANDLOCK. */
int launch_make_rules(struct launch_state *state);

#endif
