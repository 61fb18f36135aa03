/* SPDX-License-Identifier: Apache-2.0 */
/*
 * probe.h - how far a child got that tried to build an inside.
 */
#ifndef JAIL_PROBE_H
#define JAIL_PROBE_H

#include "sandbox/jail/jail.h"

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

/*
 * What most machines can do, at the price of three system calls. Good for a start: when a step of the launch then fails,
 * jail_run() probes and goes by what it finds.
 */
void probe_assume(struct jail_machine *machine);

#endif
