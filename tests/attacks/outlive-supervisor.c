/* goal: goes on when its supervisor is killed | rungs: 1 | user: any | run: killed */
/* SPDX-License-Identifier: Apache-2.0 */
#define CHECK
#include "attack.h"

static int attack(void)
{
	if (fork())
		sleep(30);
	setsid();
	for (int i = 0; i < 100; i++) {
		close(open("alive", O_CREAT | O_WRONLY | O_TRUNC, 0600));
		(void)!write(open("alive", O_WRONLY), "x", 1);
		usleep(100000);
	}
	_exit(0);
}

/* "killed" was made a second after the kill. */
static int check(void)
{
	struct stat killed, alive;

	if (stat(in(workspace, "killed"), &killed) < 0 || stat(in(workspace, "alive"), &alive) < 0)
		return CONTAINED;
	return alive.st_mtime > killed.st_mtime ? REACHED : CONTAINED;
}
