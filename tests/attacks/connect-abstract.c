/* goal: connects to an abstract UNIX socket, which no file rule sees | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	int len = snprintf(to.sun_path + 1, sizeof(to.sun_path) - 1, "cordon-victim-%ld", victim("pid "));

	if (fd < 0 || connect(fd, (struct sockaddr *)&to, (socklen_t)(sizeof(sa_family_t) + 1 + (size_t)len)) < 0)
		return CONTAINED;
	return REACHED;
}
