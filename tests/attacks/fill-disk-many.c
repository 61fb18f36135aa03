/* goal: fills the disk by many files that are small enough each | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[8 << 20];

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 25; i++) {
		char name[16];
		int fd;

		snprintf(name, sizeof(name), "part%d", i);
		fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0 || write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return CONTAINED;
		close(fd);
	}
	sleep(2);
	return REACHED;
}
