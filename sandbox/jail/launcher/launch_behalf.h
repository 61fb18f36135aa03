/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_behalf.h - modes and times of files on rung 3, changed by init in the tool's place.
 */
#ifndef JAIL_LAUNCH_BEHALF_H
#define JAIL_LAUNCH_BEHALF_H

#include <linux/seccomp.h>

#include "sandbox/jail/launcher/launch_state.h"

/*
 * chmod, fchmod, fchmodat and utimensat: done on the object where it lies beneath a path that a rule lets the tool write,
 * refused with EPERM where not. 0 with *reply filled, -1 where it is another call.
 */
int launch_attributes_for(const struct launch_state *state, const struct seccomp_notif *asked,
			  struct seccomp_notif_resp *reply);

#endif
