// SPDX-License-Identifier: Apache-2.0
/*
 * launch_state.c - walking a table of steps.
 */
#include "sandbox/jail/launcher/launch_state.h"

#include <errno.h>

void launch_subject(struct launch_state *state, const char *subject)
{
	int kept = errno;

	snprintf(state->shared->subject, sizeof(state->shared->subject), "%s", subject);
	errno = kept;
}

int launch_run(struct launch_state *state, const struct launch_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (switched_off(launch_step_name(rows[i].step)))
			continue;
		if (rows[i].run(state) == 0)
			continue;
		state->shared->os_errno = errno;
		state->shared->step = rows[i].step;
		state->shared->failed = 1;
		return -1;
	}
	return 0;
}
