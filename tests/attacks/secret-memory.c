/* goal: hides memory from every count in memfd_secret | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return syscall(447, 0) >= 0 ? REACHED : getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
