/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mcp_answer.h - what goes out: whole lines, one writer at a time, and the results of MCP's methods as objects.
 */
#ifndef GATEWAY_MCP_ANSWER_H
#define GATEWAY_MCP_ANSWER_H

#include <pthread.h>
#include <stdatomic.h>

#include "sandbox/supervisor.h"

#define MCP_MODERN "2026-07-28"
#define MCP_LEGACY_NEWEST "2025-11-25"

struct mcp_output {
	int fd; /* borrowed */
	pthread_mutex_t lock;
	atomic_bool ending; /* nobody has to be waited for any more */
};

/* Writes message and a newline; the reference is taken. A client that went away is no error: the end of input comes. */
void mcp_output_send(struct mcp_output *output, json_t *message);

/* True for a version of the line that begins with `initialize`. */
bool mcp_version_is_legacy(const char *version);

/* New references. modern: with resultType and _meta as 2026-07-28 asks. */
json_t *mcp_result(json_t *body, bool modern);
json_t *mcp_initialize_result(const char *asked);
json_t *mcp_discover_result(void);
json_t *mcp_call_result(const struct call *call, bool modern);
/* Adds ttlMs and cacheScope, which 2026-07-28 asks of every list. */
void mcp_add_cache_hint(json_t *body);
/* {"supported":[...],"requested":version} of error -32022. */
json_t *mcp_version_data(const char *requested);

#endif
