/* goal: makes a character device that needs no privilege, the whiteout | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	return mknod("node", S_IFCHR | 0600, 0) < 0 ? CONTAINED : REACHED;
}

static int check(void)
{
	struct stat status;

	return lstat(in(workspace, "node"), &status) == 0 && S_ISCHR(status.st_mode) ? REACHED : CONTAINED;
}
