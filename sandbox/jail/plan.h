/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h - the plan of a call: a pure function of (spec, machine, scene). Nothing here touches the kernel.
 */
#ifndef JAIL_PLAN_H
#define JAIL_PLAN_H

#include "sandbox/jail/launch.h"
#include "sandbox/jail/scene.h"

#define PLAN_OBJECTS_MAX 60 /* descriptors that one message carries, less the three streams */

struct plan {
	struct launch_plan launch;
	int objects[PLAN_OBJECTS_MAX]; /* borrowed from the spec; sent after the streams */
	size_t object_count;
	uint32_t missing; /* bits of enum jail_promise that are done without */
};

/*
 * CORDON_EMISSING where a promise cannot be kept and the spec does not allow that; the sentence has cause and remedy.
 * Release with plan_release().
 */
USE_RESULT int plan_make(const struct jail_spec *spec, const struct jail_machine *machine, const struct scene *scene,
			 struct plan *plan, struct cordon_err *err);
void plan_release(struct plan *plan);

#endif
