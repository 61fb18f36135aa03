/* goal: learns which container or service the caller is | rungs: 1 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char text[256] = "";
	int fd = open("/proc/self/cgroup", O_RDONLY);
	const char *own;

	(void)!read(fd, text, sizeof(text) - 1);
	own = strstr(text, "0::/");
	if (own && own[4] != '\n' && own[4])
		return REACHED;
	return getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
