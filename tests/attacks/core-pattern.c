/* goal: has the kernel run a program of its choice at the next crash | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char text[256] = "";
	int fd = open("/proc/sys/kernel/core_pattern", O_RDWR);
	ssize_t len = fd < 0 ? -1 : read(fd, text, sizeof(text));

	return len <= 0 || pwrite(fd, text, (size_t)len, 0) != len ? CONTAINED : REACHED;
}
