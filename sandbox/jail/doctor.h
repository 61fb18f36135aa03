/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h - why a protection is missing on this machine, and the one line that mends it.
 */
#ifndef JAIL_DOCTOR_H
#define JAIL_DOCTOR_H

#include "sandbox/jail/probe.h"

/* Fills machine->cause and ->remedy where the attempt did not get to its end. Reads sysctls: to name the case, not to decide it. */
void doctor_explain(struct jail_machine *machine, const struct probe_result *result);

#endif
