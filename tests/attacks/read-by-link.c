/* goal: makes a link to a file outside and reads through it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (symlink(in(outside, "secret"), "link-to-read") < 0)
		return CONTAINED;
	return holds_secret("link-to-read");
}
