/* goal: makes a user namespace to get capabilities in it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return unshare(CLONE_NEWUSER) < 0 ? CONTAINED : REACHED;
}
