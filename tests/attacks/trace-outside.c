/* goal: attaches to a process outside as a debugger | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/ptrace.h>
#include "attack.h"

static int attack(void)
{
	pid_t pid = (pid_t)victim("pid ");

	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL) < 0)
		return CONTAINED;
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
	return REACHED;
}
