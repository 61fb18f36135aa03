/* goal: makes a file outside look old | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	const struct timespec old[2] = { { 1, 0 }, { 1, 0 } };

	utimensat(AT_FDCWD, in(outside, "secret"), old, 0);
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(outside, "secret"), &status) == 0 && status.st_mtime == 1 ? REACHED : CONTAINED;
}
