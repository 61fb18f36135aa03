/* goal: fills memory through /tmp | rungs: 1 2 3 | user: any | off: limit-disk */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[1 << 20];
	int fd = open("/tmp/cordon-attack-big", O_CREAT | O_RDWR, 0644);
	int result = REACHED;

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 300 && result == REACHED; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			result = CONTAINED;
	unlink("/tmp/cordon-attack-big");
	return result;
}
