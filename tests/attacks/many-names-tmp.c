/* goal: makes names without end in a file system in memory | rungs: 1 2 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

#define MANY 40000

static int attack(void)
{
	char path[128];
	int made = 0;

	snprintf(path, sizeof(path), "/tmp/cordon-names-%ld", victim("pid "));
	mkdir(path, 0700);
	if (chdir(path) < 0)
		return CONTAINED;
	for (; made < MANY; made++) {
		snprintf(path, sizeof(path), "%d", made);
		if (mknod(path, S_IFREG | 0600, 0) < 0)
			break;
	}
	for (int i = 0; i < made; i++) {
		snprintf(path, sizeof(path), "%d", i);
		unlink(path);
	}
	return made == MANY ? REACHED : CONTAINED;
}
