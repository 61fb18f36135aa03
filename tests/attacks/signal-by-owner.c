/* goal: has the kernel send signals to a process outside, as the owner of a descriptor | rungs: 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return CONTAINED;
	return fcntl(pair[0], F_SETOWN, (int)victim("pid ")) < 0 ? CONTAINED : REACHED;
}
