/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leftover.h - symbolic links that a call left in writable folders and that lead to what its profile does not show.
 *
 * Hard links need no sweep: the kernel makes none across mounts (rungs 1 and 2), and Landlock none that give more than
 * the source had (rung 3).
 */
#ifndef JAIL_LEFTOVER_H
#define JAIL_LEFTOVER_H

#include "sandbox/jail/disk.h"

/* Removes them, after the tree has ended; each is a row of outcome->denied. disk knows what was there before. */
void leftover_sweep(const struct jail_spec *spec, const struct disk *disk, struct jail_outcome *outcome);
/* Whether a link at `folder`/x with this target leads to what the spec shows. Exported for the tests. */
bool leftover_stays_inside(const struct jail_spec *spec, const char *folder, const char *target);
/* rm -r of the folder that was made for a call on rung 3. */
void leftover_remove_tree(const char *path);

#endif
