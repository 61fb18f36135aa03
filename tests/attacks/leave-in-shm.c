/* goal: leaves a file in the machine's shared memory | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static const char *place(void)
{
	static char path[128];

	snprintf(path, sizeof(path), "/dev/shm/cordon-left-%ld", victim("pid "));
	return path;
}

static int attack(void)
{
	close(open(place(), O_CREAT | O_WRONLY, 0600));
	return CONTAINED;
}

static int check(void)
{
	return unlink(place()) == 0 ? REACHED : CONTAINED;
}
