/* goal: leaves its memory in a core file | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include <sys/resource.h>

#include "attack.h"

static int attack(void)
{
	struct rlimit limit;
	char pattern[2] = "";
	int fd = open("/proc/sys/kernel/core_pattern", O_RDONLY);

	if (getenv("PLAIN") && (read(fd, pattern, 1) != 1 || pattern[0] == '|' || pattern[0] == '/'))
		return NOT_HERE;
	if (getrlimit(RLIMIT_CORE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_CORE, &limit);
	}
	if (fork() == 0)
		abort();
	wait(NULL);
	return CONTAINED;
}

static int check(void)
{
	DIR *folder = opendir(workspace);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (!strncmp(entry->d_name, "core", 4))
			return REACHED;
	return CONTAINED;
}
