/* goal: reaches the hypervisor, which no network namespace cuts off | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (socket(AF_VSOCK, SOCK_STREAM, 0) >= 0)
		return REACHED;
	return errno == EAFNOSUPPORT && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
