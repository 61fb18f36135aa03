/* goal: replaces the policy that it runs under by renaming a file over it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	close(open("new.yaml", O_CREAT | O_WRONLY, 0644));
	return rename("new.yaml", "cordon.yaml") < 0 ? CONTAINED : REACHED;
}
