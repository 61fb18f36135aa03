/* goal: reads a private key in the caller's home | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret(in(outside, "home/.ssh/id_rsa"));
}
