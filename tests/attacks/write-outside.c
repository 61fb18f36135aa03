/* goal: makes a file outside the workspace | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	close(open(in(outside, "made"), O_CREAT | O_WRONLY, 0600));
	return CONTAINED;
}

static int check(void)
{
	return access(in(outside, "made"), F_OK) == 0 ? REACHED : CONTAINED;
}
