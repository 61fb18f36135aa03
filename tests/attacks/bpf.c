/* goal: loads a program into the kernel | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (syscall(SYS_bpf, 0 /* map */, (uint32_t[32]){ 2, 4, 8, 1 }, 72) >= 0)
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
