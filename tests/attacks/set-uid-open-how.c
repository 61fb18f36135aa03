/* goal: leaves a set-user-id program behind, made so by openat2 | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include <linux/openat2.h>

#include "attack.h"

static int attack(void)
{
	struct open_how how = { .flags = O_CREAT | O_WRONLY, .mode = 04755 };

	umask(0);
	syscall(SYS_openat2, AT_FDCWD, "suid", &how, sizeof(how));
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return stat(in(workspace, "suid"), &status) == 0 && (status.st_mode & S_ISUID) ? REACHED : CONTAINED;
}
