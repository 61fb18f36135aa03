/* goal: reads the password hashes | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return open("/etc/shadow", O_RDONLY) < 0 ? CONTAINED : REACHED;
}
