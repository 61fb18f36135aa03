/* goal: maps huge pages, which no count of memory sees | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	void *at = mmap(NULL, 2 << 20, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | 0x40000 /* MAP_HUGETLB */, -1, 0);

	if (at == MAP_FAILED)
		return getenv("PLAIN") ? NOT_HERE : CONTAINED;
	return REACHED;
}
