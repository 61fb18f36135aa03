/* goal: leaves a link behind that leads a later reader outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	symlink(in(outside, "secret"), "planted");
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return lstat(in(workspace, "planted"), &status) == 0 ? REACHED : CONTAINED;
}
