/* goal: sends data with the first packet by sendmsg | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include <arpa/inet.h>
#include <netinet/in.h>
#include "attack.h"

static int attack(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)victim("tcp ")),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	struct iovec part = { "fast", 4 };
	struct msghdr message = { .msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &part, .msg_iovlen = 1 };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd >= 0)
		sendmsg(fd, &message, MSG_FASTOPEN);
	return CONTAINED;
}

static int check(void)
{
	usleep(300000);
	return access(in(outside, "hit.fastopen"), F_OK) == 0 ? REACHED : CONTAINED;
}
