/* goal: makes files without end | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	for (int i = 0; i < 20000; i++) {
		char name[32];
		int fd;

		snprintf(name, sizeof(name), "n%d", i);
		fd = open(name, O_CREAT | O_WRONLY, 0644);
		if (fd < 0)
			return CONTAINED;
		close(fd);
	}
	sleep(2);
	return REACHED;
}
