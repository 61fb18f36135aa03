/* goal: reads the memory of a process outside | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/uio.h>
#include "attack.h"

static int attack(void)
{
	char text[16] = "";
	struct iovec to = { text, 6 };
	struct iovec from = { (void *)victim("secret "), 6 };

	if (process_vm_readv((pid_t)victim("pid "), &to, 1, &from, 1, 0) < 0)
		return CONTAINED;
	return strcmp(text, "SECRET") ? CONTAINED : REACHED;
}
