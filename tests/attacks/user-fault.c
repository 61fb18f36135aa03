/* goal: gets a userfaultfd, the lever of many kernel exploits | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (syscall(SYS_userfaultfd, 1 /* user mode only */) >= 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
