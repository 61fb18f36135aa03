/* goal: makes a whiteout by the old mknod | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
#ifdef SYS_mknod
	return syscall(SYS_mknod, "node", S_IFCHR | 0600, 0) < 0 ? CONTAINED : REACHED;
#else
	return NOT_HERE;
#endif
}
