/* goal: makes processes without end | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int made = 0;
	int hold[2];

	if (pipe(hold) < 0)
		return CONTAINED;
	for (; made < 400; made++) {
		pid_t pid = fork();

		if (pid < 0)
			break;
		if (pid == 0) {
			close(hold[1]);
			(void)!read(hold[0], &made, 1);
			_exit(0);
		}
	}
	close(hold[1]);
	while (wait(NULL) > 0)
		;
	return made >= 400 ? REACHED : CONTAINED;
}
