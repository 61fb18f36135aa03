/* goal: leaves a set-user-id program behind | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	int fd = open("suid", O_CREAT | O_WRONLY, 0755);

	if (fd < 0 || fchmod(fd, 04755) < 0)
		return CONTAINED;
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(workspace, "suid"), &status) == 0 && (status.st_mode & S_ISUID) ? REACHED : CONTAINED;
}
