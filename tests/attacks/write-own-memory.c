/* goal: writes through /proc what the kernel keeps of it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int fd = open("/proc/self/mem", O_WRONLY);

	return fd < 0 ? CONTAINED : REACHED;
}
