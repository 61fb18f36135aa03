// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_tools.c - `cordon tools`: the allowed tools as a model's API wants them.
 */
#include "sandbox/tool_list.h"

#include "sandbox/base/json.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static int print(const json_t *list)
{
	const json_t *tool;
	size_t i;

	json_array_foreach(list, i, tool) terminal_line(stdout, "%s\t%s", jsontext_get_text(tool, "name", "?"),
							jsontext_get_text(tool, "description", ""));
	return 0;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	cleanup_json json_t *list = NULL;
	struct cordon_err err = { .code = 0 };
	int rc = surroundings_load(options, &around, &err);

	if (rc == 0)
		rc = tool_list(around.policy, options->format ? options->format : "mcp", &list, &err);
	if (rc < 0)
		return terminal_fault(&err);
	if (options->json || options->format)
		return terminal_json(json_incref(list));
	return print(list);
}

static const struct option_row rows[] = {
	OPTION_ROW("--format", "mcp|openai|anthropic", OPTION_TEXT, format, "print a JSON array for this API"),
	OPTION_ROW("--workspace", "DIR", OPTION_TEXT, workspace, "the workspace (else the config's, else this folder)"),
};

const struct verb verb_tools = {
	.name = "tools",
	.operands = "",
	.summary = "List the allowed tools, as a model's API wants them",
	.detail = "",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.fault_status = 2,
	.run = run,
};
