/* goal: takes a descriptor out of a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int pidfd = (int)syscall(SYS_pidfd_open, (pid_t)victim("pid "), 0);

	return pidfd < 0 || syscall(SYS_pidfd_getfd, pidfd, 1, 0) < 0 ? CONTAINED : REACHED;
}
