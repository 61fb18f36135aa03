/* goal: burns the processor in many processes past its share | rungs: 1 2 3 | user: any | limits: {cpu: 1s, wall: 60s} */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

/* Each child is below any limit of a single process; the four together are not. */
static int attack(void)
{
	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			while (clock() < CLOCKS_PER_SEC)
				;
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return REACHED;
}
