/* goal: opens its input again, to write to it | rungs: 1 2 3 | user: any | stdin: outside */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	int fd = open("/proc/self/fd/0", O_WRONLY | O_APPEND);

	(void)!write(fd, "HIT", 3);
	return CONTAINED;
}

static int check(void)
{
	char text[64] = "";
	int fd = open(in(outside, "input"), O_RDONLY);

	(void)!read(fd, text, sizeof(text) - 1);
	return strstr(text, "HIT") ? REACHED : CONTAINED;
}
