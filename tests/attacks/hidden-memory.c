/* goal: takes memory without end that no process maps | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[1 << 20];
	int fd = (int)syscall(SYS_memfd_create, "hidden", 0);

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 700; i++)
		if (fd < 0 || write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return CONTAINED;
	return REACHED;
}
