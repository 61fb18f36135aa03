/* SPDX-License-Identifier: Apache-2.0 */
/*
 * signals.h - INT, TERM, HUP and QUIT as bytes on a pipe, for jail_sink.cancel_fd.
 */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include "sandbox/base/cleanup.h"
#include "include/cordon.h"

/*
 * From now on these signals, and SIGPIPE, are numbers on a pipe whose reading end is *fd (it stays open for the life of
 * the process). Programs that are started get the default dispositions.
 */
USE_RESULT int signals_to_pipe(int *fd, struct cordon_err *err);
/* Puts a signal on the pipe as if it had come. */
void signals_put(int number);

#endif
