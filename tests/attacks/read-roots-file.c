/* goal: reads a file of root's that is shown | rungs: 1 2 3 | user: root | keys: read: [@OUT@] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret(in(outside, "secret"));
}
