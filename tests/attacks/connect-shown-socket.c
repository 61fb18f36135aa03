/* goal: connects to a socket file in the workspace whose listener is outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX, .sun_path = "listener" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to)) < 0 ? CONTAINED : REACHED;
}
