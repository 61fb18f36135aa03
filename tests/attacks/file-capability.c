/* goal: leaves a program behind that has capabilities | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/xattr.h>
#include "attack.h"

static int attack(void)
{
	static const unsigned char caps[20] = { 0, 0, 0, 2, 1 };

	close(open("caps", O_CREAT | O_WRONLY, 0755));
	return setxattr("caps", "security.capability", caps, sizeof(caps), 0) < 0 ? CONTAINED : REACHED;
}
