/* goal: types into the caller's terminal | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int fd = open("/dev/tty", O_RDWR);

	for (int i = 0; i < 3 && fd < 0; i++)
		fd = isatty(i) ? i : -1;
	if (fd < 0 && getenv("PLAIN"))
		return NOT_HERE;
	if (ioctl(fd, TIOCSTI, "#") == 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
