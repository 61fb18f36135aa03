/* goal: learns who and what is on the machine from its settings | rungs: 1 2 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

/* Whether the file is there and has, or where `absent` has not, the text. */
static int has(const char *path, const char *text, int absent)
{
	static char whole[1 << 16];
	ssize_t len = read(open(path, O_RDONLY), whole, sizeof(whole) - 1);

	if (len <= 0)
		return 0;
	whole[len] = '\0';
	return !strstr(whole, text) == absent;
}

static int attack(void)
{
	const int found = has("/etc/passwd", "daemon:", 0) || has("/etc/group", "daemon:", 0) ||
			  has("/etc/hosts", "localhost cordon\n", 1) ||
			  has("/etc/nsswitch.conf", "passwd: files\n", 1) || has("/etc/machine-id", "00000000000000", 1);

	return found ? REACHED : CONTAINED;
}
