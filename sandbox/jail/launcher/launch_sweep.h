/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_sweep.h - what a pid namespace does by itself, for rung 3, where there is none.
 */
#ifndef JAIL_LAUNCH_SWEEP_H
#define JAIL_LAUNCH_SWEEP_H

#include <linux/seccomp.h>

#include "sandbox/jail/launcher/launch_state.h"

/* Kills every process that descends from this one and waits for it. Nothing to do inside a pid namespace. */
void launch_sweep(const struct launch_state *state);
/*
 * kill, tkill and tgkill of a call on rung 3, which the filter sends here: the signal is sent in the caller's place where
 * the target descends from init, and refused with EPERM where not. 0 with *reply filled, -1 where it is another call.
 */
int launch_signal_for(const struct launch_state *state, const struct seccomp_notif *asked,
		      struct seccomp_notif_resp *reply);

#endif
