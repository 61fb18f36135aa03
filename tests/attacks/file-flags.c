/* goal: sets flags of a file that outlive it in backups | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <linux/fs.h>

#include "attack.h"

static int attack(void)
{
	int flags = FS_NODUMP_FL;
	int fd = open("flagged", O_CREAT | O_RDWR, 0600);

	if (ioctl(fd, FS_IOC_SETFLAGS, &flags) == 0)
		return REACHED;
	return getenv("PLAIN") && (errno == ENOTTY || errno == EOPNOTSUPP) ? NOT_HERE : CONTAINED;
}
