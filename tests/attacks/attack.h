/* SPDX-License-Identifier: Apache-2.0 */
/*
 * attack.h - the frame of a hostile program.
 *
 * Each program has one goal, named in its first line, with the rungs on which it must be contained and who can reach the goal
 * without a sandbox (any, root); the rows of the jail name the attacks that they stop. It may ask for more there: `limits:` and
 * `keys:` of the profile, `run:`, `cwd:`, `stdin:` and `config:` as run.sh says. attack() returns REACHED where it got there. Where
 * only the outside can tell, check() is run outside afterwards and decides instead.
 *
 *     PROGRAM attack WORKSPACE OUTSIDE     inside (or, to show that it works, without any sandbox)
 *     PROGRAM check  WORKSPACE OUTSIDE     outside, afterwards
 */
#ifndef ATTACK_H
#define ATTACK_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum result { REACHED = 0, CONTAINED = 1, NO_CHECK = 76, NOT_HERE = 77 /* this kernel has no such thing */ };

static const char *workspace;
static const char *outside;

__attribute__((unused)) static const char *in(const char *folder, const char *name)
{
	static char path[4][PATH_MAX];
	static unsigned int slot;
	char *to = path[slot++ % 4];

	snprintf(to, PATH_MAX, "%s/%s", folder, name);
	return to;
}

/* A number that the victim wrote into OUTSIDE/victim as "name number". OUTSIDE is not visible inside, so it comes by argv. */
static const char *victim_text = "";

__attribute__((unused)) static long victim(const char *name)
{
	const char *at = strstr(victim_text, name);

	return at ? strtol(at + strlen(name), NULL, 10) : -1;
}

__attribute__((unused)) static int holds_secret(const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		return CONTAINED;
	close(fd);
	return strstr(text, "SECRET") ? REACHED : CONTAINED;
}

static int attack(void);
#ifdef CHECK
static int check(void);
#else
static int check(void)
{
	return NO_CHECK;
}
#endif

int main(int argc, char **argv)
{
	if (argc < 5)
		return 2;
	workspace = argv[2];
	outside = argv[3];
	victim_text = argv[4];
	return strcmp(argv[1], "check") ? attack() : check();
}

#endif
