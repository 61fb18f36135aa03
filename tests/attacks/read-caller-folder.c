/* goal: reads a file of the folder that the caller stands in | rungs: 1 2 3 | user: any | cwd: outside */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret("secret");
}
