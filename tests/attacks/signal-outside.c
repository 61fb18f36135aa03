/* goal: ends a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return kill((pid_t)victim("pid "), 0) < 0 ? CONTAINED : REACHED;
}
