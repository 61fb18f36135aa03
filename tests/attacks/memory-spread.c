/* goal: takes memory without end, a little in each of many processes | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int alive = 0;

	for (int i = 0; i < 24; i++)
		if (fork() == 0) {
			char *memory = malloc(30u << 20);

			memset(memory, 1, 30u << 20);
			sleep(2);
			_exit(0);
		}
	for (int status; wait(&status) > 0;)
		alive += WIFEXITED(status);
	return alive == 24 ? REACHED : CONTAINED;
}
