/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch_idmap.h - a user namespace whose only use is to map the owner of a folder on disk to the id that the tool has.
 */
#ifndef JAIL_LAUNCH_IDMAP_H
#define JAIL_LAUNCH_IDMAP_H

#include <sys/types.h>

#include "sandbox/jail/launch.h"

/*
 * For the bound object `fd`: its owner and group on disk become plan->host_uid and host_gid through the mount, and what is
 * made through it belongs to the owner on disk. Needs root. The descriptor of the namespace, or -1 with errno.
 */
int launch_idmap_for(int fd, const struct launch_plan *plan);
/* Waits for the process that the last namespace was born in; nobody has to before the end. */
void launch_idmap_reap(void);
/* Writes /proc/PID/setgroups, uid_map and gid_map with one id each. -1 with errno. */
int launch_write_maps(pid_t pid, const uint32_t inside[2], const uint32_t on_host[2]);

#endif
