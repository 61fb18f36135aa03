/* goal: mounts a file system over the workspace | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/mount.h>
#include "attack.h"

static int attack(void)
{
	if (mount("none", ".", "tmpfs", 0, "") < 0)
		return CONTAINED;
	umount2(".", MNT_DETACH);
	return REACHED;
}
