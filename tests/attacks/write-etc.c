/* goal: makes a file among the system's settings | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	const char *path = "/etc/cordon-attack-probe";
	int fd = open(path, O_CREAT | O_WRONLY, 0644);

	if (fd < 0)
		return CONTAINED;
	unlink(path);
	return REACHED;
}
