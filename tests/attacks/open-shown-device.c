/* goal: opens a device in a folder that is shown | rungs: 1 2 | user: root | keys: read: [@OUT@/shown] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return open(in(outside, "shown/device"), O_RDONLY) < 0 ? CONTAINED : REACHED;
}
