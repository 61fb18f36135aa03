/* goal: opens a file outside by its handle | rungs: 1 2 3 | user: root */
/* SPDX-License-Identifier: Apache-2.0 */
#include "attack.h"

static int attack(void)
{
	union {
		struct file_handle head;
		char room[sizeof(struct file_handle) + 128];
	} handle = { .head = { .handle_bytes = 128 } };
	int mount_id;
	int fd = open(".", O_RDONLY);

	if (name_to_handle_at(AT_FDCWD, ".", &handle.head, &mount_id, 0) < 0)
		return errno == EOPNOTSUPP && getenv("PLAIN") ? NOT_HERE : CONTAINED;
	return open_by_handle_at(fd, &handle.head, O_RDONLY) < 0 ? CONTAINED : REACHED;
}
