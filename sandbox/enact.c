// SPDX-License-Identifier: Apache-2.0
/*
 * enact.c - what was allowed is done, one function a kind of tool.
 */
#include "sandbox/enact.h"

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

#define SEARCH_HITS 10 /* DESIGN: `-k` is 10 */
#define SEARCH_HITS_MAX 100 /* a model's context holds no more passages than that */

static int begin_program(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct jail_sink sink = { .stdin_fd = -1, .cancel_fd = call->request.cancel_fd };
	const struct confinement_order order = {
		.supervisor = supervisor,
		.profile = call->tool->profile,
		.facts = &call->facts,
		.cwd = supervisor->policy->workspace,
	};
	const struct jail_means means = {
		.machine = supervisor->probed ? &supervisor->machine : NULL,
		.launcher = &supervisor->launcher,
	};
	int rc = confinement_make(&order, &call->begun.confinement, err);

	if (rc < 0)
		return rc;
	call->begun.confinement.spec.argv = (const char *const *)call->command.argv;
	call->begun.input = (struct cordon_slice){ call->command.stdin_text, call->command.stdin_len };
	sink.stdin_bytes = call->begun.input.data ? &call->begun.input : NULL;
	return jail_begin(&call->begun.confinement.spec, &means, &sink, &call->begun.jail, err);
}

int stage_prepare(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	(void)err;
	if (call->tool->kind == TOOL_RUN)
		(void)!begin_program(supervisor, call, &call->begun.fault);
	return 0;
}

static int run_program(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	(void)supervisor;
	if (call->begun.jail)
		return jail_finish(call->begun.jail, &call->result.outcome, err);
	*err = call->begun.fault;
	return call->begun.fault.code;
}

static int run_search(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	const json_t *text = json_object_get(call->request.args, "query");
	json_int_t k = jsontext_get_int(call->request.args, "k", SEARCH_HITS);
	struct retriever_query query = {
		.text = { json_string_value(text), json_string_length(text) },
		.collection = jsontext_get_text(call->request.args, "collection", NULL),
		.k = k < 1		   ? 1
		     : k > SEARCH_HITS_MAX ? SEARCH_HITS_MAX
					   : (uint32_t)k,
	};
	struct retriever *retriever;
	int rc = supervisor_retriever(supervisor, &retriever, err);

	if (!query.text.data)
		query.text = SLICE("");
	return rc < 0 ? rc : retriever_search(retriever, &query, &call->result.hits, err);
}

static int run_read(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	struct retriever *retriever;
	int rc = supervisor_retriever(supervisor, &retriever, err);

	if (rc < 0)
		return rc;
	return retriever_read(retriever, jsontext_get_text(call->request.args, "doc", ""), &call->result.hits, err);
}

static const struct {
	enum tool_kind kind;
	int (*run)(struct supervisor *supervisor, struct call *call, struct cordon_err *err);
} kinds[] = {
	{ TOOL_RUN, run_program },
	{ TOOL_SEARCH, run_search },
	{ TOOL_READ, run_read },
};

int stage_run(struct supervisor *supervisor, struct call *call, struct cordon_err *err)
{
	int rc;

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (kinds[i].kind != call->tool->kind)
			continue;
		rc = kinds[i].run(supervisor, call, err);
		call->result.ran = rc == 0;
		return rc;
	}
	return err_set(err, CORDON_EMISSING, 0, "tool '%s' is of a kind that this build does not run",
		       call->tool->name);
}
