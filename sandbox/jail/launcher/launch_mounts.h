/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_mounts.h - the mount tree of a call: opened first, put together inside a new root, then made the only one.
 */
#ifndef JAIL_LAUNCH_MOUNTS_H
#define JAIL_LAUNCH_MOUNTS_H

#include "sandbox/jail/launcher/launch_state.h"

/* Opens every bind of the plan as a detached mount with its attributes; as root id-mapped where it is writable. */
int launch_open_binds(struct launch_state *state);
int launch_make_proc(struct launch_state *state);
int launch_make_root(struct launch_state *state);
int launch_place_mounts(struct launch_state *state);
int launch_pivot(struct launch_state *state);
int launch_seal_root(struct launch_state *state);
/* Opens `path` below the folder `root`, following no link. flags as open(2). -1 with errno. */
int launch_open_below(int root, const char *path, int flags);

#endif
