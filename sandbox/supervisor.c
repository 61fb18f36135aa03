// SPDX-License-Identifier: Apache-2.0
/*
 * supervisor.c - the spine. The order of the stages is the table's order and nothing else; no stage calls another.
 *
 * Theory of operation. A stage fills its own part of the call and returns 0 for every outcome, a denial included; what
 * an earlier stage decided is read off the call by the later ones and by the table's `when`. An error is a fault of
 * Cordon's own: the walk ends there, nothing is released, and an intent that is already on the log is closed with it.
 */
#include "sandbox/supervisor.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/enact.h"
#include "sandbox/record.h"
#include "sandbox/reply.h"
#include "sandbox/request.h"
#include "sandbox/screen.h"

enum when { WHEN_ALLOWED, WHEN_ALWAYS };

static const struct stage {
	const char *name;
	int (*run)(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
	enum when when;
	bool pure; /* `explain` goes this far: nothing is changed, started or written */
} stages[] = {
	{ "parse", stage_parse, WHEN_ALWAYS, true },
	{ "gather", stage_gather, WHEN_ALWAYS, true },
	{ "decide", stage_decide, WHEN_ALWAYS, true },
	{ "prepare", stage_prepare, WHEN_ALLOWED, false }, /* Cordon's own programs alone, until `run` */
	{ "intend", stage_intend, WHEN_ALWAYS, false }, /* durable before anything runs */
	{ "run", stage_run, WHEN_ALLOWED, false },
	{ "scan", stage_scan, WHEN_ALLOWED, false }, /* before anybody has read what came back */
	{ "record", stage_record, WHEN_ALWAYS, false }, /* durable before anything is released */
	{ "reply", stage_reply, WHEN_ALWAYS, false },
};

enum reach { REACH_DECISION, REACH_REPLY };

static int walk(struct supervisor *supervisor, struct call *call, enum reach reach, struct cordon_err *err)
{
	for (size_t i = 0; i < ARRAY_LEN(stages); i++) {
		const struct stage *stage = &stages[i];
		int rc;

		if (reach == REACH_DECISION && !stage->pure)
			continue;
		if (stage->when == WHEN_ALLOWED && call->decision.effect != EFFECT_ALLOW)
			continue;
		rc = stage->run(supervisor, call, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int supervisor_call(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct cordon_err fault = { .code = 0 };
	int rc = walk(supervisor, call, REACH_REPLY, &fault);

	if (rc == 0)
		return 0;
	call->reply.status = CALL_FAULT;
	record_broken(supervisor, call, &fault);
	if (err)
		*err = fault;
	return rc;
}

int supervisor_explain(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	int rc = walk(supervisor, call, REACH_DECISION, err);

	return rc < 0 ? rc : reply_explain(supervisor, call, err);
}
