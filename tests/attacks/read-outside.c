/* goal: reads a file that the profile does not show by its absolute path | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret(in(outside, "secret"));
}
