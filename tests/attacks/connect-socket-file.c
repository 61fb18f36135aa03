/* goal: connects to a UNIX socket outside by its path | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%.100s", in(outside, "socket"));
	return fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? CONTAINED : REACHED;
}
