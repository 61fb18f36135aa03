/* goal: goes on after the call in a double-forked child | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	if (fork() == 0) {
		setsid();
		if (fork() == 0) {
			for (int fd = 0; fd < 3; fd++)
				close(fd);
			sleep(2);
			close(open("outlived", O_CREAT | O_WRONLY, 0644));
			_exit(0);
		}
		_exit(0);
	}
	return CONTAINED;
}

static int check(void)
{
	sleep(3);
	return access(in(workspace, "outlived"), F_OK) == 0 ? REACHED : CONTAINED;
}
