/* goal: sends to a UNIX socket outside from a pair that needs no socket() | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int pair[2];

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", in(outside, "socket"));
	if (socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) < 0)
		return CONTAINED;
	/* The listener there is of another type: that the kernel says so means that it was found. */
	if (sendto(pair[0], "x", 1, 0, (struct sockaddr *)&to, sizeof(to)) < 0 && errno != EPROTOTYPE)
		return CONTAINED;
	return REACHED;
}
