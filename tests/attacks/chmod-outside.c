/* goal: opens a private file outside to the world | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	chmod(in(outside, "secret"), 0666);
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(outside, "secret"), &status) == 0 && (status.st_mode & 0777) == 0666 ? REACHED : CONTAINED;
}
