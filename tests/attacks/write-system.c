/* goal: plants a program in a folder of the system's PATH | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	const char *path = "/usr/local/bin/cordon-attack-probe";
	int fd = open(path, O_CREAT | O_WRONLY, 0755);

	if (fd < 0)
		return CONTAINED;
	unlink(path);
	return REACHED;
}
