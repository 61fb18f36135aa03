/* goal: turns address randomisation off for what it runs next | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/personality.h>
#include "attack.h"

static int attack(void)
{
	return personality(0x0040000) < 0 ? CONTAINED : REACHED;
}
