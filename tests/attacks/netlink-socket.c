/* goal: asks the kernel about interfaces and routes by netlink | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (socket(AF_NETLINK, SOCK_RAW, 0) >= 0)
		return REACHED;
	return errno == EAFNOSUPPORT && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
