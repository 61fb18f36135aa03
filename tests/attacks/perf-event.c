/* goal: opens a performance counter | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (syscall(SYS_perf_event_open, (char[128]){ 1, 0, 0, 0, 112 }, 0, -1, -1, 0) >= 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
