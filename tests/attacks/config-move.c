/* goal: puts another folder in the place of the one that holds the policy | rungs: 1 2 3 | user: any | config: policy */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	int fd;

	rename("policy", "old");
	mkdir("policy", 0755);
	fd = open("policy/cordon.yaml", O_CREAT | O_WRONLY | O_TRUNC, 0644);
	(void)!write(fd, "HACKED", 6);
	return CONTAINED;
}

static int check(void)
{
	char text[64] = "";
	int fd = open(in(workspace, "policy/cordon.yaml"), O_RDONLY);

	(void)!read(fd, text, sizeof(text) - 1);
	return strstr(text, "HACKED") ? REACHED : CONTAINED;
}
