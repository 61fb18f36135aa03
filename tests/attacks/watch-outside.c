/* goal: watches who does what in a folder outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/inotify.h>

#include "attack.h"

static int attack(void)
{
	int fd = inotify_init1(0);

	return fd < 0 || inotify_add_watch(fd, outside, IN_ALL_EVENTS) < 0 ? CONTAINED : REACHED;
}
