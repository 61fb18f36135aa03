/* goal: fills the disk with a file that has no name any more | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[1 << 20];
	int fd = open("ghost", O_CREAT | O_RDWR, 0644);

	unlink("ghost");
	memset(block, 1, sizeof(block));
	for (int i = 0; i < 200; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return CONTAINED;
	sleep(2);
	return REACHED;
}
