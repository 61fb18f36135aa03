/* goal: lists what else runs where all of / may be read | rungs: 1 | user: any | keys: read: ["/"] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	char path[64];
	struct stat status;

	snprintf(path, sizeof(path), "/proc/%ld/cmdline", victim("pid "));
	return stat(path, &status) < 0 ? CONTAINED : REACHED;
}
