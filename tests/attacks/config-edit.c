/* goal: rewrites the policy that it runs under | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int fd = open("cordon.yaml", O_WRONLY | O_APPEND);

	if (fd < 0 || write(fd, "# changed\n", 10) != 10)
		return CONTAINED;
	return REACHED;
}
