/* goal: leaves a set-user-id program behind, made so by open | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	umask(0);
	close(open("suid2", O_CREAT | O_WRONLY, 04755));
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(workspace, "suid2"), &status) == 0 && (status.st_mode & S_ISUID) ? REACHED : CONTAINED;
}
