/* goal: ignores SIGTERM to outlast its wall-clock limit | rungs: 1 2 3 | user: any | limits: {wall: 2s} */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	signal(SIGTERM, SIG_IGN);
	signal(SIGINT, SIG_IGN);
	for (int i = 0; i < 6; i++)
		sleep(1);
	return REACHED;
}
