// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_mcp.c - `cordon mcp`: the tools of the config as an MCP server on standard input and output.
 */
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"
#include "sandbox/gateway/mcp.h"

static void complain(void *ctx, const char *sentence)
{
	(void)ctx;
	terminal_warn(sentence);
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	struct mcp_options server = {
		.in_fd = STDIN_FILENO,
		.out_fd = STDOUT_FILENO,
		.environment = (const char *const *)environ,
		.complain = complain,
	};
	int rc;

	mcp_hold_signals();
	rc = surroundings_open(options, &around, &err);
	if (rc < 0)
		return terminal_fault(&err);
	surroundings_recall(&around);
	server.policy = around.policy;
	rc = mcp_serve(&server, &err);
	return rc < 0 ? terminal_fault(&err) : 0;
}

static const struct option_row rows[] = {
	OPTION_ROW("--workspace", "DIR", OPTION_TEXT, workspace, "the workspace (else the config's, else this folder)"),
};

const struct verb verb_mcp = {
	.name = "mcp",
	.operands = "",
	.summary = "Serve the config's tools over MCP on standard input and output",
	.detail = "The process is the session. It ends at the end of input or on SIGTERM, with status 0.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.fault_status = 2,
	.run = run,
};
