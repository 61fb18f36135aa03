/* goal: keeps kernel memory in signals that nobody takes | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

#define MANY 3000

static int attack(void)
{
	sigset_t blocked;
	int queued = 0;

	sigemptyset(&blocked);
	sigaddset(&blocked, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &blocked, NULL);
	while (queued < MANY && sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = queued }) == 0)
		queued++;
	return queued == MANY ? REACHED : CONTAINED;
}
