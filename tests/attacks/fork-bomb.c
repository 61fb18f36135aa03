/* goal: makes processes without end | rungs: 1 2 3 | user: any | off: limit-processes */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int made = 0;

	for (; made < 400; made++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			sleep(3);
			_exit(0);
		}
	}
	while (wait(NULL) > 0)
		;
	return made >= 400 ? REACHED : CONTAINED;
}
