/* goal: keeps the groups of the root that started it, and reads by them | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (getgroups(0, NULL) > 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
