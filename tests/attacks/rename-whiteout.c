/* goal: leaves a character device behind in the place of a file that was moved | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	close(open("moved", O_CREAT | O_WRONLY, 0644));
	if (syscall(SYS_renameat2, AT_FDCWD, "moved", AT_FDCWD, "away", 4 /* RENAME_WHITEOUT */) < 0 && errno == EINVAL &&
	    getenv("PLAIN"))
		return NOT_HERE;
	return CONTAINED;
}

static int check(void)
{
	struct stat status;

	return lstat(in(workspace, "moved"), &status) == 0 && S_ISCHR(status.st_mode) ? REACHED : CONTAINED;
}
