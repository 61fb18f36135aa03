/* goal: fills the disk through the workspace | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	static char block[1 << 20];
	int fd = open("big", O_CREAT | O_RDWR, 0644);

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 200; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			return CONTAINED;
	sleep(2);
	return REACHED;
}

static int check(void)
{
	struct stat status;

	if (stat(in(workspace, "big"), &status) < 0)
		return CONTAINED;
	return status.st_size > (100 << 20) ? REACHED : CONTAINED;
}
