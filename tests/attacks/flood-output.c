/* goal: floods the caller with output | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[1 << 16];

	memset(block, 'x', sizeof(block));
	for (int i = 0; i < 500; i++)
		if (write(1, block, sizeof(block)) < 0)
			return CONTAINED;
	return REACHED;
}
