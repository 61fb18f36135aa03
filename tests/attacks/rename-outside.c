/* goal: moves a file from outside into the workspace | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return rename(in(outside, "to-rename"), "renamed") < 0 ? CONTAINED : holds_secret("renamed");
}
