/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - what this machine can do, by trying.
 */
#ifndef JAIL_PROBE_H
#define JAIL_PROBE_H

#include "sandbox/jail/jail.h"

/*
 * What most machines can do, at the price of three system calls. Good for a start: when a step of the launch then fails,
 * jail_run() probes and goes by what it finds.
 */
void probe_assume(struct jail_machine *machine);

#endif
