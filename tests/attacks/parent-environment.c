/* goal: reads a token in the environment of a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%ld/environ", victim("pid "));
	return open(path, O_RDONLY) < 0 ? CONTAINED : REACHED;
}
