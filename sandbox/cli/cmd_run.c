// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_run.c - `cordon run TOOL` and `cordon explain TOOL`: the same request, taken the whole path or as far as the
 * decision. They share their options, so that what was explained is what will be run. `run` puts content on stdout and
 * everything else on stderr; `explain` runs, counts, marks and records nothing.
 */
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/arguments.h"
#include "sandbox/cli/signals.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static void print_content(const struct call *call)
{
	const json_t *block;
	size_t i;

	json_array_foreach(call->reply.content, i, block)
	{
		const json_t *text = json_object_get(block, "text");
		struct cordon_slice bytes = { json_string_value(text), json_string_length(text) };

		if (!bytes.data)
			continue;
		terminal_text(stdout, bytes);
		if (!bytes.len || bytes.data[bytes.len - 1] != '\n')
			putchar('\n');
	}
}

static void print_rest(const struct call *call)
{
	const struct decision *decision = &call->decision;

	fflush(stdout);
	if (decision->effect != EFFECT_ALLOW)
		terminal_line(stderr, "cordon: %s by '%s' (%s): %s", decision->effect == EFFECT_ASK ? "held" : "denied",
			      decision->rule ? decision->rule : "default",
			      decision->where ? decision->where : "built-in", decision->why ? decision->why : "");
	if (call->screen.fault[0])
		terminal_line(stderr, "cordon: nothing is shown, as the shield failed: %s", call->screen.fault);
	for (size_t i = 0; call->result.ran && i < call->result.outcome.denied_count; i++)
		terminal_denied(&call->result.outcome.denied[i]);
	terminal_line(stderr, "cordon: call %s, records %llu and %llu", call->id,
		      (unsigned long long)call->intent.index, (unsigned long long)call->outcome_record.index);
}

static void print_explanation(const struct call *call)
{
	const struct decision *decision = &call->decision;
	const json_t *row;
	size_t i;

	terminal_line(stdout, "%s: %s by '%s' (%s)", call->request.tool, effect_name(decision->effect),
		      decision->rule ? decision->rule : "default", decision->where ? decision->where : "built-in");
	if (decision->why && decision->why[0])
		terminal_line(stdout, "  %s", decision->why);
	json_array_foreach(decision->path, i, row)
		terminal_line(stdout, "  %s %s, %s (%s)", jsontext_get_flag(row, "matched", false) ? "*" : " ",
			      jsontext_get_text(row, "rule", "?"), jsontext_get_text(row, "effect", "?"),
			      jsontext_get_text(row, "where", "built-in"));
}

/* Opens what a request needs and fills it. */
static int prepare(const struct options *options, struct surroundings *around, struct call *call, struct buf *args,
		   struct cordon_err *err)
{
	int rc = surroundings_open(options, around, err);

	if (rc == 0)
		rc = arguments_read(options, policy_tool(around->policy, options->operands[0]), args, err);
	call->request.tool = options->operands[0];
	call->request.args_text = buf_slice(args);
	return rc;
}

static int fault(const struct cordon_err *err)
{
	terminal_fault(err);
	return CALL_FAULT;
}

static int run(const struct options *options)
{
	CLEANUP(call_release) struct call call = { .request.cancel_fd = -1 };
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	cleanup_buf struct buf args = { .limit = ARGUMENTS_MAX };
	struct cordon_err err = { .code = 0 };
	int rc = prepare(options, &around, &call, &args, &err);

	call.request.door = "run";
	if (rc == 0)
		rc = signals_to_pipe(&call.request.cancel_fd, &err);
	if (rc < 0)
		return fault(&err);
	surroundings_recall(&around);
	rc = supervisor_call(around.supervisor, &call, &err);
	if (rc < 0)
		return fault(&err);
	if (options->json)
		return terminal_json(json_incref(call.reply.object)) ? CALL_FAULT : (int)call.reply.status;
	print_content(&call);
	print_rest(&call);
	return (int)call.reply.status;
}

static int explain(const struct options *options)
{
	CLEANUP(call_release) struct call call = { .request.cancel_fd = -1 };
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	cleanup_buf struct buf args = { .limit = ARGUMENTS_MAX };
	struct cordon_err err = { .code = 0 };
	int rc = prepare(options, &around, &call, &args, &err);

	call.request.door = "explain";
	if (rc == 0)
		rc = supervisor_explain(around.supervisor, &call, &err);
	if (rc < 0)
		return fault(&err);
	if (options->json)
		return terminal_json(json_incref(call.reply.object)) ? CALL_FAULT : (int)call.reply.status;
	print_explanation(&call);
	return (int)call.reply.status;
}

static const struct option_row rows[] = {
	OPTION_ROW("--arg", "K=V", OPTION_LIST, arg,
		   "an argument: text where the tool's schema says string, else JSON"),
	OPTION_ROW("--args", "JSON|@FILE|-", OPTION_TEXT, args,
		   "all arguments as one JSON object; from a file, from stdin"),
	OPTION_ROW("--session", "ID", OPTION_TEXT, session, "the session (else $CORDON_SESSION, else the user's own)"),
	OPTION_ROW("--workspace", "DIR", OPTION_TEXT, workspace, "the workspace (else the config's, else this folder)"),
};

const struct verb verb_run = {
	.name = "run",
	.operands = "TOOL",
	.summary = "Run one tool call the whole way: decide, record, run, scan, record, reply",
	.detail = "Exit status: 0 done, 1 the tool failed, 2 usage or config error, 3 denied, 4 held back by the "
		  "shield,\n"
		  "5 needs an approval that nobody gave.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = 1,
	.fault_status = 2,
	.run = run,
};

const struct verb verb_explain = {
	.name = "explain",
	.operands = "TOOL",
	.summary = "Tell what would be decided about a call, and why; nothing is run or recorded",
	.detail = "Exit status: 0 allow, 3 deny, 5 ask, 2 usage or config error.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = 1,
	.fault_status = 2,
	.run = explain,
};
