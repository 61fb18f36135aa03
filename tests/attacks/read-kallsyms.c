/* goal: learns where the kernel lies | rungs: 1 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char text[64];
	int fd = open("/proc/kallsyms", O_RDONLY);

	if (fd < 0)
		return errno == ENOENT && getenv("PLAIN") ? NOT_HERE : CONTAINED;
	return read(fd, text, sizeof(text)) > 0 ? REACHED : CONTAINED;
}
