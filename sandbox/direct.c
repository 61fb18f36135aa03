// SPDX-License-Identifier: Apache-2.0
/*
 * direct.c - `cordon exec`: the same intent, jail and outcome as a call, without a tool's rules and without the shield.
 *
 * The command line is the arguments: recorded as a JSON array, digest and first bytes. The session is named only where
 * the caller names one, so that no session database is opened for a start that must be fast.
 */
#include "sandbox/direct.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/confinement.h"
#include "sandbox/record.h"

#define ARGV_JSON_MAX (16u << 20) /* the kernel takes 2 MiB of argv; escaped at most sixfold */

static void cleanup_confinement_run(struct confinement *confinement)
{
	confinement_release(confinement);
}

static int argv_text(const char *const *argv, struct buf *out, struct cordon_err *err)
{
	cleanup_json json_t *list = json_array();

	for (size_t i = 0; argv[i]; i++)
		if (json_array_append_new(list, jsontext_string(slice_of(argv[i]))) < 0)
			return err_nomem(err);
	return jsontext_dump(list, out, err);
}

static int intend(struct supervisor *supervisor, const struct exec_request *request, const struct profile *profile,
		  struct exec_receipt *receipt, struct cordon_err *err)
{
	cleanup_buf struct buf args = { .limit = ARGV_JSON_MAX };
	char rule[] = "exec";
	char why[] = "started by the operator";
	struct decision decision = { .effect = EFFECT_ALLOW, .rule = rule, .where = profile->where, .why = why };
	struct record_intent intent = {
		.call = receipt->call,
		.session = supervisor->session_name,
		.door = "exec",
		.tool = "exec",
		.profile = profile->name,
		.decision = &decision,
	};
	int rc = argv_text(request->argv, &args, err);

	if (rc < 0)
		return rc;
	intent.args = buf_slice(&args);
	rc = record_intend(supervisor, &intent, &receipt->intent, err);
	receipt->intended = rc == 0;
	return rc;
}

static int conclude(struct supervisor *supervisor, struct exec_receipt *receipt, const struct jail_outcome *outcome,
		    const char *fault, struct cordon_err *err)
{
	struct record_outcome record = {
		.call = receipt->call,
		.intent = receipt->intent,
		.status = fault			       ? 125
			  : outcome && outcome->exited ? outcome->exit
						       : 1,
		.outcome = outcome,
		.fault = fault,
	};
	int rc = record_conclude(supervisor, &record, &receipt->outcome, err);

	receipt->recorded = rc == 0;
	return rc;
}

static int run(struct supervisor *supervisor, const struct exec_request *request, const struct profile *profile,
	       struct jail_outcome *outcome, struct cordon_err *err)
{
	CLEANUP(cleanup_confinement_run) struct confinement confinement = { .paths = NULL };
	const struct confinement_order order = { .supervisor = supervisor, .profile = profile, .cwd = request->cwd };
	int rc = confinement_make(&order, &confinement, err);
	if (rc < 0)
		return rc;
	confinement.spec.argv = request->argv;
	return jail_run(&confinement.spec, supervisor->probed ? &supervisor->machine : NULL, request->sink, outcome,
			err);
}

int supervisor_exec(struct supervisor *supervisor, const struct exec_request *request, struct jail_outcome *outcome,
		    struct cordon_err *err)
{
	const char *name = request->profile ? request->profile : "tool";
	const struct profile *profile = policy_profile(supervisor->policy, name);
	struct exec_receipt receipt = { .intent = 0 };
	struct cordon_err fault = { .code = 0 };
	struct cordon_err second = { .code = 0 };
	int rc;

	if (!profile)
		return err_set(err, CORDON_EINVAL, 0, "unknown profile '%s'", name);
	rc = ident_make(receipt.call, err);
	if (rc == 0)
		rc = intend(supervisor, request, profile, &receipt, err);
	if (rc < 0)
		return rc;
	rc = run(supervisor, request, profile, outcome, &fault);
	if (rc < 0) {
		if (err)
			*err = fault;
		if (conclude(supervisor, &receipt, NULL, fault.text, &second) < 0)
			rc = err_wrap(err, rc, "the outcome could not be recorded either (%s)", second.text);
	} else {
		rc = conclude(supervisor, &receipt, outcome, NULL, err);
		if (rc < 0)
			jail_outcome_release(outcome);
	}
	if (request->receipt)
		*request->receipt = receipt;
	return rc;
}
