/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mcp.h - the MCP server on standard input and output (`cordon mcp`).
 *
 * Tools only, for protocol versions 2025-06-18, 2025-11-25 (with initialize) and 2026-07-28 (each request carries its
 * version in _meta). The process is the session. Calls run beside the loop, so one that takes long delays no other and
 * can be cancelled.
 */
#ifndef GATEWAY_MCP_H
#define GATEWAY_MCP_H

#include "sandbox/supervisor.h"

struct mcp_options {
	const struct policy *policy; /* borrowed */
	const char *session; /* NULL: one made for this process */
	int in_fd, out_fd; /* borrowed */
	const char *const *environment; /* the caller's, NAME=value; borrowed; may be NULL */
	/* A fault of Cordon's own, for the operator. From any thread. */
	void (*complain)(void *ctx, const char *sentence);
	void *ctx;
};

/* For a door's first lines: a signal to end that comes before mcp_serve() waits for it, which then ends at once. */
void mcp_hold_signals(void);
/* Serves until the end of input, SIGTERM, SIGINT or SIGHUP; everything that it started has ended when it returns. */
USE_RESULT int mcp_serve(const struct mcp_options *options, struct cordon_err *err);

#endif
