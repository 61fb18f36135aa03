/* goal: lists what else runs on the machine | rungs: 1 2 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%ld", victim("pid "));
	return stat(path, &status) < 0 ? CONTAINED : REACHED;
}
