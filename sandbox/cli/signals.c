// SPDX-License-Identifier: Apache-2.0
/*
 * signals.c - the self-pipe. A handler can reach nothing but a global, so the pipe's writing end is the one variable
 * that this program keeps outside of its stack. A signal that was ignored when we started (nohup) stays ignored.
 */
#include "sandbox/cli/signals.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>

#include "sandbox/base/err.h"

static const int forwarded[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE };

static volatile sig_atomic_t pipe_end = -1;

static void on_signal(int number)
{
	signals_put(number);
}

int signals_to_pipe(int *fd, struct cordon_err *err)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = SA_RESTART };
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make a pipe for signals");
	pipe_end = ends[1];
	sigemptyset(&action.sa_mask);
	for (size_t i = 0; i < ARRAY_LEN(forwarded); i++) {
		struct sigaction before;

		if (sigaction(forwarded[i], NULL, &before) < 0 || before.sa_handler == SIG_IGN)
			continue;
		if (sigaction(forwarded[i], &action, NULL) < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot catch signal %d", forwarded[i]);
	}
	*fd = ends[0];
	return 0;
}

void signals_put(int number)
{
	unsigned char byte = (unsigned char)number;
	int saved = errno;

	/* A full pipe holds signals enough. */
	if (pipe_end >= 0 && write(pipe_end, &byte, 1) < 0)
		errno = saved;
	errno = saved;
}
