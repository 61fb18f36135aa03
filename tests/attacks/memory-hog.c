/* goal: takes memory without end | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	size_t size = 700u << 20;
	char *memory = malloc(size);

	if (!memory)
		return CONTAINED;
	memset(memory, 1, size);
	return REACHED;
}
