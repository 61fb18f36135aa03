/* goal: leaves a set-user-id program behind by fchmodat2 | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	close(open("suid3", O_CREAT | O_WRONLY, 0755));
	return syscall(452, AT_FDCWD, "suid3", 04755, 0) < 0 && errno == ENOSYS && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(workspace, "suid3"), &status) == 0 && (status.st_mode & S_ISUID) ? REACHED : CONTAINED;
}
