/* goal: takes memory without end in a process whose first thread has ended | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"
#include <pthread.h>

/* 700 MB in 70 steps, so that the watch has time to look; exits with the process's status. */
static void *fill(void *first)
{
	pthread_join(*(pthread_t *)first, NULL);
	for (int i = 0; i < 70; i++) {
		char *memory = malloc(10u << 20);

		if (!memory)
			_exit(CONTAINED);
		memset(memory, 1, 10u << 20);
		usleep(2000);
	}
	_exit(REACHED);
}

static int attack(void)
{
	static pthread_t first;
	pthread_t second;

	first = pthread_self();
	if (pthread_create(&second, NULL, fill, &first))
		return CONTAINED;
	pthread_exit(NULL);
}
