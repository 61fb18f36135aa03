/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor.h - why a protection is missing on this machine, and the one line that mends it.
 */
#ifndef JAIL_DOCTOR_H
#define JAIL_DOCTOR_H

#include "sandbox/jail/jail.h"

/* How far a child got that tried to build an inside. */
enum probe_step { /* in the order of the attempt */
		  PROBE_NAMESPACES,
		  PROBE_MAPS,
		  PROBE_MOUNTS,
		  PROBE_PIVOT,
		  PROBE_PROC,
		  PROBE_DONE
};

struct probe_result {
	enum probe_step failed; /* the first step that did not succeed */
	int os_errno;
	bool proc;
	int proc_errno;
	bool seccomp;
	bool admin; /* the caller has CAP_SYS_ADMIN */
};

/* Fills machine->cause and ->remedy where the attempt did not get to its end. Reads sysctls: to name the case, not to decide it. */
void doctor_explain(struct jail_machine *machine, const struct probe_result *result);

#endif
