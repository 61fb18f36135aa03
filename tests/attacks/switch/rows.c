/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rows.c - prints every row of the jail that can be left out: its name, the attack that it stops ("-": without it no program
 * is started), and what else holds that attack, separated by tabs. Compiled by rows.t and switch-off.sh.
 */
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "sandbox/jail/filter.h"
#include "sandbox/jail/launch_steps.h"
#include "sandbox/jail/plan_rows.h"
#include "sandbox/jail/protections.h"

static void put(const char *name, const char *attack, const char *behind)
{
	printf("%s\t%s\t%s\n", name, strcmp(attack, FAILS_CLOSED) ? attack : "-", behind);
}

int main(void)
{
#define X(id, name, reason, attack, behind) put(name, attack, behind);
	LAUNCH_STEPS(X)
	LAUNCH_NAMESPACES(X)
	LAUNCH_RLIMITS(X)
	LAUNCH_IN_PLACE(X)
#undef X
#define X(name, where, reason, attack, behind) put(name, attack, behind);
	PROTECTIONS(X)
#undef X
#define X(name, attack, behind) put(name, attack, behind);
	PLAN_COVERS(X)
#undef X
#define X(name, text_or_reason, attack, behind) put(name, attack, behind);
	PLAN_TEXTS(X)
	PLAN_NOT_SHOWN(X)
	PLAN_MOUNTS(X)
#undef X
	for (size_t i = 0; i < filter_row_count; i++)
		if (filter_rows[i].attack) {
			char name[64];

			snprintf(name, sizeof(name), "rule-%.*s", (int)strcspn(filter_rows[i].names, " "), filter_rows[i].names);
			put(name, filter_rows[i].attack, filter_rows[i].behind ? filter_rows[i].behind : "");
		}
	return 0;
}
