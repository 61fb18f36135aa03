/* goal: gives a file outside a second name in the workspace | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return link(in(outside, "secret"), "hard") < 0 ? CONTAINED : holds_secret("hard");
}
