/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_connect.h - connections of UNIX sockets on rungs 1 and 2, made by init in the tool's place.
 */
#ifndef JAIL_LAUNCH_CONNECT_H
#define JAIL_LAUNCH_CONNECT_H

#include <linux/seccomp.h>

#include "sandbox/jail/launcher/launch_state.h"

/*
 * connect: to an abstract name, which the network namespace keeps inside, or to a socket file on a tmpfs that was made for
 * the call; any other is refused with EACCES. 0 with *reply filled, -1 where it is another call.
 */
int launch_connect_for(const struct launch_state *state, const struct seccomp_notif *asked,
		       struct seccomp_notif_resp *reply);

#endif
