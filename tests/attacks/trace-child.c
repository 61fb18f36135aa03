/* goal: debugs a child, which is how filters have been slipped | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/ptrace.h>
#include "attack.h"

static int attack(void)
{
	return ptrace(PTRACE_TRACEME, 0, NULL, NULL) < 0 ? CONTAINED : REACHED;
}
