/* goal: makes a file in a folder that is only to be read | rungs: 1 2 3 | user: any | keys: read: [@OUT@/shown] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return open(in(outside, "shown/made"), O_CREAT | O_WRONLY, 0644) < 0 ? CONTAINED : REACHED;
}
