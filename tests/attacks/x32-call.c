/* goal: makes x32 system calls, which a filter on numbers misses | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
#if defined(__x86_64__)
	return syscall(0x40000000 + SYS_getpid) > 0 ? REACHED : getenv("PLAIN") ? NOT_HERE : CONTAINED;
#else
	return NOT_HERE;
#endif
}
