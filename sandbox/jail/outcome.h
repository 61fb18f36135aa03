/* SPDX-License-Identifier: Apache-2.0 */
/*
 * outcome.h - from what the launcher reports, and what the supervisor saw, to the outcome that people and models read.
 */
#ifndef JAIL_OUTCOME_H
#define JAIL_OUTCOME_H

#include "sandbox/jail/jail.h"
#include "sandbox/jail/launch.h"

/* What the supervisor itself decided; JAIL_ERROR: nothing, the tool ended by itself. */
struct outcome_seen {
	enum jail_reason killed;
	uint64_t cpu_ms; /* by the watch */
};

/* Fills exit, signal, reason, times and the denied system calls. */
void outcome_fill(struct jail_outcome *outcome, const struct launch_report *report, const struct outcome_seen *seen,
		  const struct jail_limits *limits);
/* A link that was removed: folder/name led to target. */
void outcome_deny_link(struct jail_outcome *outcome, const char *folder, const char *name, const char *target);
/* Name of a system call of this architecture; NULL where it has none here. */
const char *syscall_name(uint32_t number);

#endif
