/* goal: enters the namespaces of another process | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%ld/ns/uts", victim("pid "));
	fd = open(path, O_RDONLY);
	return fd < 0 || setns(fd, CLONE_NEWUTS) < 0 ? CONTAINED : REACHED;
}
