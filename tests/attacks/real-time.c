/* goal: takes the processor by real-time scheduling | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sched_param high = { .sched_priority = 1 };

	return sched_setscheduler(0, SCHED_FIFO, &high) < 0 ? CONTAINED : REACHED;
}
