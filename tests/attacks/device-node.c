/* goal: makes a device node of the disk | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/sysmacros.h>
#include "attack.h"

static int attack(void)
{
	return mknod("disk", S_IFBLK | 0600, makedev(8, 0)) < 0 ? CONTAINED : REACHED;
}
