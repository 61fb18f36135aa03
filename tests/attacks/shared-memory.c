/* goal: attaches System V shared memory of a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/shm.h>
#include "attack.h"

static int attack(void)
{
	return shmat((int)victim("shm "), NULL, 0) == (void *)-1 ? CONTAINED : REACHED;
}
