/* goal: reads through a descriptor that the caller had open | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char text[16] = "";

	return pread(9, text, sizeof(text) - 1, 0) > 0 && strstr(text, "SECRET") ? REACHED : CONTAINED;
}
