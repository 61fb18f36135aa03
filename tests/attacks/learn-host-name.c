/* goal: learns the name of the machine | rungs: 1 2 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char name[256] = "";

	gethostname(name, sizeof(name) - 1);
	return !name[0] || !strcmp(name, "cordon") ? CONTAINED : REACHED;
}
