/* goal: keeps the caller waiting by a grandchild that holds standard output | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	if (fork() == 0) {
		setsid();
		sleep(9);
		_exit(0);
	}
	return CONTAINED;
}

static int check(void)
{
	return access(in(outside, "slow"), F_OK) == 0 ? REACHED : CONTAINED;
}
