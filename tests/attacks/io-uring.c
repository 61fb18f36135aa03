/* goal: sets up io_uring, whose requests no filter sees | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (syscall(SYS_io_uring_setup, 4, (char[128]){ 0 }) >= 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
