// SPDX-License-Identifier: Apache-2.0
/*
 * direct.c - `cordon exec`: the same intent, jail and outcome as a call, without a tool's rules and without the shield.
 *
 * The command line is the arguments: recorded as a JSON array, digest and first bytes. The session is named only where
 * the caller names one, so that no session database is opened for a start that must be fast.
 *
 * The inside is built by Cordon's own programs while the intent is written; the program is executed when it is durable.
 */
#include "sandbox/direct.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/confinement.h"
#include "sandbox/record.h"

#define ARGV_JSON_MAX (16u << 20) /* the kernel takes 2 MiB of argv; escaped at most sixfold */

struct exec_run {
	struct supervisor *supervisor;
	const struct exec_request *request;
	const struct profile *profile;
	struct confinement confinement;
	struct jail_run *jail; /* NULL: it could not be begun */
	struct cordon_err fault; /* why it could not be begun; code 0: it was */
	struct exec_receipt receipt;
};

static void free_run(struct exec_run *run)
{
	jail_close(run->jail);
	confinement_release(&run->confinement);
	free(run);
}

static int argv_text(const char *const *argv, struct buf *out, struct cordon_err *err)
{
	cleanup_json json_t *list = json_array();

	for (size_t i = 0; argv[i]; i++)
		if (json_array_append_new(list, jsontext_string(slice_of(argv[i]))) < 0)
			return err_nomem(err);
	return jsontext_dump(list, out, err);
}

static int intend(struct exec_run *run, struct cordon_err *err)
{
	cleanup_buf struct buf args = { .limit = ARGV_JSON_MAX };
	char rule[] = "exec";
	char why[] = "started by the operator";
	struct decision decision = { .effect = EFFECT_ALLOW, .rule = rule, .where = run->profile->where, .why = why };
	struct record_intent intent = {
		.call = run->receipt.call,
		.session = run->supervisor->session_name,
		.door = "exec",
		.tool = "exec",
		.profile = run->profile->name,
		.decision = &decision,
	};
	int rc = argv_text(run->request->argv, &args, err);

	if (rc < 0)
		return rc;
	intent.args = buf_slice(&args);
	rc = record_intend(run->supervisor, &intent, &run->receipt.intent, err);
	run->receipt.intended = rc == 0;
	return rc;
}

static int conclude(struct exec_run *run, const struct jail_outcome *outcome, const char *fault, struct cordon_err *err)
{
	struct record_outcome record = {
		.call = run->receipt.call,
		.intent = run->receipt.intent,
		.status = fault			       ? 125
			  : outcome && outcome->exited ? outcome->exit
						       : 1,
		.outcome = outcome,
		.fault = fault,
	};
	int rc = record_conclude(run->supervisor, &record, &run->receipt.outcome, err);

	run->receipt.recorded = rc == 0;
	return rc;
}

static int begin(struct exec_run *run, struct cordon_err *err)
{
	struct supervisor *supervisor = run->supervisor;
	const struct confinement_order order = {
		.supervisor = supervisor,
		.profile = run->profile,
		.cwd = run->request->cwd,
	};
	const struct jail_means means = {
		.machine = supervisor->probed ? &supervisor->machine : NULL,
		.launcher = run->request->launcher,
	};
	int rc = confinement_make(&order, &run->confinement, err);

	if (rc < 0)
		return rc;
	run->confinement.spec.argv = run->request->argv;
	return jail_begin(&run->confinement.spec, &means, run->request->sink, &run->jail, err);
}

static int execute(struct exec_run *run, struct jail_outcome *outcome, struct cordon_err *err)
{
	if (run->jail)
		return jail_finish(run->jail, outcome, err);
	*err = run->fault;
	return run->fault.code;
}

static int execute_and_conclude(struct exec_run *run, struct jail_outcome *outcome, struct cordon_err *err)
{
	struct cordon_err second = { .code = 0 };
	int rc = execute(run, outcome, err);

	if (rc == 0) {
		rc = conclude(run, outcome, NULL, err);
		if (rc < 0)
			jail_outcome_release(outcome);
		return rc;
	}
	if (conclude(run, NULL, err->text, &second) < 0)
		rc = err_wrap(err, rc, "the outcome could not be recorded either (%s)", second.text);
	return rc;
}

int supervisor_exec_begin(struct supervisor *supervisor, const struct exec_request *request, struct exec_run **out,
			  struct cordon_err *err)
{
	const char *name = request->profile ? request->profile : "tool";
	const struct profile *profile = policy_profile(supervisor->policy, name);
	struct exec_run *run;
	int rc;

	if (!profile)
		return err_set(err, CORDON_EINVAL, 0, "unknown profile '%s'", name);
	run = calloc(1, sizeof(*run));
	if (!run)
		return err_nomem(err);
	run->supervisor = supervisor;
	run->request = request;
	run->profile = profile;
	rc = ident_make(run->receipt.call, err);
	if (rc < 0) {
		free_run(run);
		return rc;
	}
	(void)!begin(run, &run->fault); /* told when the intent is on the log */
	*out = run;
	return 0;
}

int supervisor_exec_end(struct exec_run *run, struct jail_outcome *outcome, struct exec_receipt *receipt,
			struct cordon_err *err)
{
	int rc = intend(run, err);

	if (rc == 0)
		rc = execute_and_conclude(run, outcome, err);
	*receipt = run->receipt;
	free_run(run);
	return rc;
}
