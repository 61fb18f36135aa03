/* goal: signals whoever started it through their common group | rungs: 1 2 3 | user: any | run: group */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	signal(SIGUSR1, SIG_IGN);
	kill(0, SIGUSR1);
	sleep(1);
	return CONTAINED;
}

static int check(void)
{
	return access(in(outside, "hit.group"), F_OK) == 0 ? REACHED : CONTAINED;
}
