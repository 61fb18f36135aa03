/* goal: removes a file outside the workspace | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	unlink(in(outside, "to-delete"));
	return CONTAINED;
}

static int check(void)
{
	return access(in(outside, "to-delete"), F_OK) == 0 ? CONTAINED : REACHED;
}
