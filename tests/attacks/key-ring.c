/* goal: stores a key in the kernel's key ring, which outlives it | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (syscall(SYS_add_key, "user", "cordon-attack", "x", 1, -3) >= 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
