/* goal: sends a datagram out | rungs: 1 2 3 | user: any */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include <arpa/inet.h>
#include <netinet/in.h>
#include "attack.h"

static int attack(void)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)victim("udp ")),
				  .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	if (fd >= 0)
		sendto(fd, "leak", 4, 0, (struct sockaddr *)&to, sizeof(to));
	return CONTAINED;
}

static int check(void)
{
	usleep(300000);
	return access(in(outside, "hit.udp"), F_OK) == 0 ? REACHED : CONTAINED;
}
