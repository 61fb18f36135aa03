/* goal: goes before the machine's other programs | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

#include "attack.h"

static int attack(void)
{
	return setpriority(PRIO_PROCESS, 0, -5) < 0 ? CONTAINED : REACHED;
}
