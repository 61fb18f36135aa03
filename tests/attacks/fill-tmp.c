/* goal: fills memory through /tmp | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	static char block[1 << 20];
	const char *folder = getenv("TMPDIR");
	char *path = NULL;
	int fd = asprintf(&path, "%s/cordon-attack-XXXXXX", folder ? folder : "/tmp") < 0 ? -1 : mkstemp(path);
	int result = REACHED;

	memset(block, 1, sizeof(block));
	for (int i = 0; i < 300 && result == REACHED; i++)
		if (write(fd, block, sizeof(block)) != (ssize_t)sizeof(block))
			result = CONTAINED;
	if (result == REACHED)
		sleep(getenv("PLAIN") ? 0 : 2);
	unlink(path);
	return result;
}
