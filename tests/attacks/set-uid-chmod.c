/* goal: leaves a set-user-id program behind, made so by chmod | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	umask(0);
#ifdef SYS_chmod
	close(open("suid", O_CREAT | O_WRONLY, 0755));
	syscall(SYS_chmod, "suid", 04755);
	return CONTAINED;
#else
	return NOT_HERE;
#endif
}

static int check(void)
{
	struct stat status;

	return stat(in(workspace, "suid"), &status) == 0 && (status.st_mode & S_ISUID) ? REACHED : CONTAINED;
}
