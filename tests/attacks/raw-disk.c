/* goal: opens the machine's memory or disk device | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static const char *const devices[] = { "/dev/mem", "/dev/vda", "/dev/sda", "/dev/nvme0n1", "/dev/kmsg" };

	for (size_t i = 0; i < sizeof(devices) / sizeof(devices[0]); i++)
		if (open(devices[i], O_RDONLY) >= 0)
			return REACHED;
	return CONTAINED;
}
