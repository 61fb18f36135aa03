/* goal: makes terminals, as many as there are | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return open("/dev/ptmx", O_RDWR | O_NOCTTY) < 0 ? CONTAINED : REACHED;
}
