/* goal: sees what is mounted outside while it runs | rungs: 1 2 | user: root | run: mounted */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	for (int i = 0; i < 40; i++) {
		if (access(in(workspace, "late/mounted"), F_OK) == 0)
			return REACHED;
		usleep(100000);
	}
	return CONTAINED;
}
