/* goal: burns the processor in many processes past its share | rungs: 1 2 3 | user: any | off: limit-cpu */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	time_t end = time(NULL) + 9;

	for (int i = 0; i < 4; i++)
		if (fork() == 0) {
			while (time(NULL) < end)
				;
			_exit(0);
		}
	while (wait(NULL) > 0)
		;
	return REACHED;
}
