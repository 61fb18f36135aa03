/* goal: pins a process outside to processors | rungs: 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	cpu_set_t all;

	if (sched_getaffinity(0, sizeof(all), &all) < 0)
		return CONTAINED;
	return sched_setaffinity((pid_t)victim("pid "), sizeof(all), &all) < 0 ? CONTAINED : REACHED;
}
