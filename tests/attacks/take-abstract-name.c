/* goal: takes the name of an abstract socket that others look for | rungs: 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "\0cordon-taken" };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	return fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof(sa_family_t) + 13) < 0 ? CONTAINED : REACHED;
}
