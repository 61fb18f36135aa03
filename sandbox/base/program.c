// SPDX-License-Identifier: Apache-2.0
/*
 * program.c - starting Cordon's own programs.
 *
 * posix_spawn (a vfork underneath) costs the same whatever the caller's size. The child gets an empty environment and
 * three to five descriptors: nothing that the caller happened to hold open can leak into a helper.
 */
#include "sandbox/base/program.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "sandbox/base/err.h"
#include "sandbox/base/switch_off.h"

#define EXTRA_FD (PROGRAM_CHANNEL_FD + 1)
#define HIGH_FD 64 /* a number above every target of the file actions, so that no dup2 overwrites a source */

#ifdef CORDON_TEST_PROGRAMS
#define LIBEXEC CORDON_TEST_PROGRAMS /* unit tests lie elsewhere than the programs */
#else
#define LIBEXEC CORDON_LIBEXEC
#endif

static int find_beside(const char *name, char *path, size_t room)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	char *slash;

	if (len <= 0)
		return -1;
	self[len] = '\0';
	slash = strrchr(self, '/');
	if (!slash)
		return -1;
	*slash = '\0';
	if ((size_t)snprintf(path, room, "%s/%s", self, name) >= room)
		return -1;
	return access(path, X_OK);
}

int program_find(const char *name, char *path, size_t room, struct cordon_err *err)
{
	if (find_beside(name, path, room) == 0)
		return 0;
	if ((size_t)snprintf(path, room, "%s/%s", LIBEXEC, name) < room && access(path, X_OK) == 0)
		return 0;
	return err_set(err, CORDON_EMISSING, errno,
		       "program '%s' is neither beside the running file nor in '%s': install Cordon as a whole", name,
		       LIBEXEC);
}

static int add_actions(posix_spawn_file_actions_t *actions, int channel, int extra)
{
	int rc = 0;

	for (int fd = 0; fd < 3 && !switched_off("helper-streams"); fd++)
		rc |= posix_spawn_file_actions_addopen(actions, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
	rc |= posix_spawn_file_actions_adddup2(actions, channel, PROGRAM_CHANNEL_FD);
	if (extra >= 0)
		rc |= posix_spawn_file_actions_adddup2(actions, extra, EXTRA_FD);
	if (!switched_off("helper-descriptors"))
		rc |= posix_spawn_file_actions_addclosefrom_np(actions, extra >= 0 ? EXTRA_FD + 1 : EXTRA_FD);
	return rc;
}

static int add_attributes(posix_spawnattr_t *attributes)
{
	sigset_t none, all;
	int rc = 0;

	sigemptyset(&none);
	sigfillset(&all);
	rc |= posix_spawnattr_setsigmask(attributes, &none);
	rc |= posix_spawnattr_setsigdefault(attributes, &all);
	rc |= posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	return rc;
}

/* channel and extra are above HIGH_FD. */
static int spawn(const char *path, char *const argv[], int channel, int extra, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	char *const env[] = { NULL };
	int rc;

	if (posix_spawn_file_actions_init(&actions))
		return ENOMEM;
	if (posix_spawnattr_init(&attributes)) {
		posix_spawn_file_actions_destroy(&actions);
		return ENOMEM;
	}
	rc = add_actions(&actions, channel, extra) | add_attributes(&attributes);
	if (!rc)
		rc = posix_spawn(pid, path, &actions, &attributes, argv, env);
	posix_spawnattr_destroy(&attributes);
	posix_spawn_file_actions_destroy(&actions);
	return rc;
}

#define LEFT_MAX 16 /* they end within milliseconds */

static struct {
	pthread_mutex_t lock;
	pid_t pids[LEFT_MAX];
	size_t count;
} left = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* With room for one more: the oldest is waited for where there is none. left.lock is held. */
static void reap_left(void)
{
	size_t kept = 0;

	for (size_t i = 0; i < left.count; i++) {
		int flags = left.count == LEFT_MAX && i == 0 ? 0 : WNOHANG;

		if (waitpid(left.pids[i], NULL, flags) == 0)
			left.pids[kept++] = left.pids[i];
	}
	left.count = kept;
}

void program_leave(struct program *program)
{
	if (program->pid <= 0)
		return;
	if (program->channel >= 0)
		close(program->channel);
	pthread_mutex_lock(&left.lock);
	reap_left();
	left.pids[left.count++] = program->pid;
	pthread_mutex_unlock(&left.lock);
	*program = (struct program){ .channel = -1 };
}

int program_start(const char *name, const char *const *args, int extra, struct program *program, struct cordon_err *err)
{
	char path[PATH_MAX];
	const char *argv[PROGRAM_ARGS_MAX + 2] = { name };
	int pair[2];
	cleanup_close int ours = -1;
	cleanup_close int theirs = -1;
	cleanup_close int high = -1;
	cleanup_close int high_extra = -1;
	pid_t pid = 0;
	int rc;

	for (size_t i = 0; args && args[i]; i++) {
		if (i == PROGRAM_ARGS_MAX)
			return err_set(err, CORDON_ELIMIT, 0, "more than %d arguments for '%s'", PROGRAM_ARGS_MAX,
				       name);
		argv[i + 1] = args[i];
	}
	pthread_mutex_lock(&left.lock);
	reap_left();
	pthread_mutex_unlock(&left.lock);
	rc = program_find(name, path, sizeof(path), err);
	if (rc < 0)
		return rc;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make a socket pair for '%s'", name);
	ours = pair[0];
	theirs = pair[1];
	high = fcntl(theirs, F_DUPFD_CLOEXEC, HIGH_FD);
	high_extra = extra >= 0 ? fcntl(extra, F_DUPFD_CLOEXEC, HIGH_FD) : -1;
	if (high < 0 || (extra >= 0 && high_extra < 0))
		return err_set(err, CORDON_ESYS, errno, "cannot duplicate a descriptor for '%s'", name);
	rc = spawn(path, (char *const *)(uintptr_t)argv, high, high_extra, &pid);
	if (rc)
		return err_set(err, CORDON_ESYS, rc, "cannot start '%s'", path);
	*program = (struct program){ .pid = pid, .channel = TAKE_FD(ours) };
	return 0;
}

int program_end(struct program *program)
{
	int status = 0;

	if (program->pid <= 0)
		return 0;
	if (program->channel >= 0)
		close(program->channel);
	while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR)
		;
	*program = (struct program){ .channel = -1 };
	return status;
}

void program_kill(struct program *program)
{
	if (program->pid > 0)
		kill(program->pid, SIGKILL);
	program_end(program);
}
