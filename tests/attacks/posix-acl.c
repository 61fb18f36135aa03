/* goal: leaves an access control list behind that lets somebody else in | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#include <sys/xattr.h>
#include "attack.h"

static int attack(void)
{
	static const unsigned char acl[] = { 2, 0, 0, 0, 1, 0, 6, 0, 255, 255, 255, 255, 2, 0, 7, 0, 57, 48, 0, 0, 4, 0, 4, 0,
					     255, 255, 255, 255, 16, 0, 7, 0, 255, 255, 255, 255, 32, 0, 4, 0, 255, 255, 255, 255 };

	close(open("acl", O_CREAT | O_WRONLY, 0644));
	if (setxattr("acl", "system.posix_acl_access", acl, sizeof(acl), 0) < 0)
		return errno == EOPNOTSUPP && getenv("PLAIN") ? NOT_HERE : CONTAINED;
	return REACHED;
}
