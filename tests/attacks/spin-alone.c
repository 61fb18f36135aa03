/* goal: burns the processor in one process past its share | rungs: 1 2 3 | user: any | limits: {cpu: 1s, wall: 60s} */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	while (clock() < 4 * CLOCKS_PER_SEC)
		;
	return REACHED;
}
