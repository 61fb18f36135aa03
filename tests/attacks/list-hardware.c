/* goal: lists the machine's hardware where all of / may be read | rungs: 1 | user: any | keys: read: ["/"] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	struct stat status;

	return stat("/sys/class", &status) < 0 ? CONTAINED : REACHED;
}
