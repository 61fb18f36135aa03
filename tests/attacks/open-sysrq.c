/* goal: opens what resets the machine | rungs: 1 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (open("/proc/sysrq-trigger", O_WRONLY) >= 0)
		return REACHED;
	return errno == ENOENT && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
