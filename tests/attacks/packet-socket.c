/* goal: reads the wire with a packet socket | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	if (socket(AF_PACKET, SOCK_RAW, 0x0300) >= 0)
		return REACHED;
	return errno == EAFNOSUPPORT && getenv("PLAIN") ? NOT_HERE : CONTAINED;
}
