/* SPDX-License-Identifier: Apache-2.0 */
/*
 * victim.c - what an attack could reach outside: listeners of many kinds, shared memory, a process with a secret in its
 * memory and environment. Prints "pid N tcp N udp N shm N secret ADDRESS hits" in one line, then serves until it is killed.
 * Each message that reaches a listener leaves OUTSIDE/hit.KIND.
 */
#include <arpa/inet.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/ipc.h>
#include <sys/shm.h>

#include "attack.h"

static char secret[] = "SECRET of the victim's memory";

static int inet_socket(int type, int protocol, long *port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t len = sizeof(at);
	int fd = socket(AF_INET, type, protocol);
	int depth = 16;

	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0)
		return -1;
	if (type == SOCK_STREAM) {
		setsockopt(fd, IPPROTO_TCP, 23 /* TCP_FASTOPEN */, &depth, sizeof(depth));
		listen(fd, 16);
	}
	getsockname(fd, (struct sockaddr *)&at, &len);
	*port = ntohs(at.sin_port);
	return fd;
}

static int unix_socket(const char *path, size_t len)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	memcpy(at.sun_path, path, len);
	if (bind(fd, (struct sockaddr *)&at, (socklen_t)(sizeof(sa_family_t) + len)) < 0 || listen(fd, 16) < 0)
		return -1;
	return fd;
}

static void hit(const char *kind)
{
	char name[64];

	snprintf(name, sizeof(name), "hit.%s", kind);
	close(open(in(outside, name), O_CREAT | O_WRONLY, 0600));
}

static int attack(void)
{
	static const char *const kinds[] = { "tcp", "udp", "path", "abstract", "mptcp" };
	char abstract[64] = "";
	struct pollfd ready[5];
	long tcp = 0, udp = 0, mptcp = 0;
	int shm = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0666);

	snprintf(abstract + 1, sizeof(abstract) - 1, "cordon-victim-%d", getpid());
	ready[0].fd = inet_socket(SOCK_STREAM, 0, &tcp);
	ready[1].fd = inet_socket(SOCK_DGRAM, 0, &udp);
	ready[2].fd = unix_socket(in(outside, "socket"), strlen(in(outside, "socket")) + 1);
	ready[3].fd = unix_socket(abstract, 1 + strlen(abstract + 1));
	ready[4].fd = inet_socket(SOCK_STREAM, 262 /* IPPROTO_MPTCP */, &mptcp);
	printf("pid %d tcp %ld udp %ld mptcp %ld shm %d secret %lu\n", getpid(), tcp, udp, mptcp, shm,
	       (unsigned long)(uintptr_t)secret);
	fflush(stdout);
	for (size_t i = 0; i < 5; i++)
		ready[i].events = POLLIN;
	while (poll(ready, 5, -1) > 0)
		for (size_t i = 0; i < 5; i++)
			if (ready[i].revents & POLLIN) {
				char text[64] = "";
				int peer = i == 1 ? -1 : accept(ready[i].fd, NULL, NULL);

				if (i == 1)
					(void)!read(ready[i].fd, text, sizeof(text));
				hit(kinds[i]);
				if (peer >= 0 && read(peer, text, 4) == 4 && !strcmp(text, "fast"))
					hit("fastopen");
				close(peer);
			}
	return 0;
}
