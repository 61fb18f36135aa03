/* goal: enters the namespaces of another process | rungs: 1 2 3 | user: root | off: capabilities */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int fd = open("/proc/1/ns/uts", O_RDONLY);

	return fd < 0 || setns(fd, CLONE_NEWUTS) < 0 ? CONTAINED : REACHED;
}
