/* goal: takes memory that cannot be swapped | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

#include "attack.h"

static int attack(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_MEMLOCK, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_MEMLOCK, &limit);
	}
	if (mlock(malloc(4 << 20), 4 << 20) == 0)
		return REACHED;
	return getenv("PLAIN") && geteuid() ? NOT_HERE : CONTAINED;
}
