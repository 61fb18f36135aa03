/* goal: changes the limits of a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/resource.h>
#include "attack.h"

static int attack(void)
{
	struct rlimit limit;

	return prlimit((pid_t)victim("pid "), RLIMIT_NOFILE, NULL, &limit) < 0 ? CONTAINED : REACHED;
}
