/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_init.h - pid 1 of a call.
 */
#ifndef JAIL_LAUNCH_INIT_H
#define JAIL_LAUNCH_INIT_H

#include "sandbox/jail/launcher/launch_state.h"

/* Builds the inside, starts the tool, reaps and answers until the tool ends. Never returns. */
void launch_init_main(struct launch_state *state) __attribute__((noreturn));

#endif
