/* goal: climbs out of the workspace with '..' | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret("../outside/secret");
}
