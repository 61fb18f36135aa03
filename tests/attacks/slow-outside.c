/* goal: slows a process outside down | rungs: 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

#include "attack.h"

static int attack(void)
{
	return setpriority(PRIO_PROCESS, (id_t)victim("pid "), 5) < 0 ? CONTAINED : REACHED;
}
