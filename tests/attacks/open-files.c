/* goal: holds more files open than a program needs | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>

#include "attack.h"

#define MANY 5000

static int attack(void)
{
	struct rlimit limit;
	int held = 0;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
		if (getenv("PLAIN") && limit.rlim_max < MANY + 10)
			return NOT_HERE;
	}
	while (held < MANY && open("/dev/null", O_RDONLY) >= 0)
		held++;
	return held == MANY ? REACHED : CONTAINED;
}
