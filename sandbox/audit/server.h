/* SPDX-License-Identifier: Apache-2.0 */
/*
 * server.h - the log writer's one loop: clients, group commit, publication, end.
 */
#ifndef AUDIT_SERVER_H
#define AUDIT_SERVER_H

#include "sandbox/audit/log.h"

/* Serves `first` (the client that started the writer) and all who come by `listener`, until nobody does. All borrowed. */
USE_RESULT int server_run(struct log *log, int first, int listener, int signals, struct cordon_err *err);
/* Tells `first` and all who wait on `listener` why there is no log to write to. */
void server_refuse(int first, int listener, const struct cordon_err *why);

#endif
