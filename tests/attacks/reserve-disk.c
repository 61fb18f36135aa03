/* goal: reserves the disk without writing to it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int fd = open("reserved", O_CREAT | O_RDWR, 0644);

	if (fallocate(fd, 0, 0, 300 << 20) < 0)
		return errno == EOPNOTSUPP && getenv("PLAIN") ? NOT_HERE : CONTAINED;
	sleep(2);
	return REACHED;
}
