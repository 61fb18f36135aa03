/* goal: reads a token in the caller's environment | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return getenv("ATTACK_TOKEN") ? REACHED : CONTAINED;
}
