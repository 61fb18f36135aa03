/* goal: fills the disk with a nameless file that a thread alone has open | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static char stack[1 << 16];

/* Its own table of open files, in the memory of the process. */
static int fill(void *unused)
{
	static char block[1 << 20];
	int fd = open("ghost", O_CREAT | O_RDWR, 0644);

	(void)unused;
	unlink("ghost");
	memset(block, 1, sizeof(block));
	for (int i = 0; i < 200; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			_exit(CONTAINED);
	sleep(2);
	_exit(REACHED);
}

static int attack(void)
{
	const int flags = CLONE_VM | CLONE_FS | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;

	if (clone(fill, stack + sizeof(stack), flags, NULL) < 0)
		return CONTAINED;
	sleep(8);
	return CONTAINED;
}
