/* SPDX-License-Identifier: Apache-2.0 */
/*
 * program.h - starting Cordon's own programs (launcher, log writer, store, shield), and nothing else.
 *
 * posix_spawn with an empty environment, /dev/null on 0 to 2, the peer's end of a socketpair as descriptor 3, and no
 * other descriptor. The file is found beside /proc/self/exe (a build folder) or in the compiled-in libexec folder,
 * never by PATH or the environment.
 */
#ifndef BASE_PROGRAM_H
#define BASE_PROGRAM_H

#include <sys/types.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

#define PROGRAM_CHANNEL_FD 3 /* where a program of ours finds its channel */
#define PROGRAM_ARGS_MAX 8

struct program {
	pid_t pid; /* 0: none */
	int channel; /* our end, O_CLOEXEC; -1: none */
};

/*
 * Starts `name` ("cordon-log") with args (NULL-terminated, without argv[0], may be NULL) and, besides descriptor 3,
 * `extra` (-1: none) as descriptor 4. On success program->pid and ->channel are the caller's: program_end().
 */
USE_RESULT int program_start(const char *name, const char *const *args, int extra, struct program *program,
			     struct cordon_err *err);
/* Closes the channel and waits for the exit. Accepts a zeroed struct with channel 0 or -1. Returns the wait status. */
int program_end(struct program *program);
/*
 * As program_end(), for a program that has nothing more to say and ends by itself: it is not waited for now, but when the next
 * one is started or left.
 */
void program_leave(struct program *program);
/* As program_end(), after SIGKILL. */
void program_kill(struct program *program);
/* Where `name` would be started from, in path (PATH_MAX bytes). */
USE_RESULT int program_find(const char *name, char *path, size_t room, struct cordon_err *err);

#endif
