/* goal: reads Cordon's own data where the profile covers them | rungs: 1 2 | user: any | keys: read: [@BASE@] */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	return holds_secret(in(outside, "../data/probe"));
}
