/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jsonrpc.h - JSON-RPC 2.0 as MCP uses it: what a line is, and what an answer looks like.
 *
 * Nothing is done for a message that is not exactly one request or one notification: batches, responses to nobody,
 * requests with a fractional or missing id get the error they are owed, or silence where none is owed.
 */
#ifndef GATEWAY_JSONRPC_H
#define GATEWAY_JSONRPC_H

#include "sandbox/base/json.h"

enum jsonrpc_error {
	JSONRPC_PARSE = -32700,
	JSONRPC_REQUEST = -32600,
	JSONRPC_METHOD = -32601,
	JSONRPC_PARAMS = -32602,
	JSONRPC_INTERNAL = -32603,
	JSONRPC_VERSION = -32022 /* MCP 2026-07-28: unsupported protocol version */
};

enum jsonrpc_kind {
	JSONRPC_INVALID, /* error and fault say what is owed */
	JSONRPC_CALL, /* a request: has an id, is answered */
	JSONRPC_NOTICE, /* a notification: never answered */
	JSONRPC_IGNORED /* a response: nobody asked, nobody is answered */
};

struct jsonrpc_message {
	enum jsonrpc_kind kind;
	json_t *root; /* owned */
	const json_t *id; /* borrowed from root; NULL: null is answered */
	const char *method; /* borrowed */
	const json_t *params; /* borrowed; an object, or NULL */
	enum jsonrpc_error error;
	struct cordon_err fault;
};

void jsonrpc_read(struct cordon_slice line, struct jsonrpc_message *message);
void jsonrpc_release(struct jsonrpc_message *message);

/* Whole answers, new references, NULL out of memory. result and data are taken; id is borrowed, NULL is null. */
json_t *jsonrpc_result(const json_t *id, json_t *result);
json_t *jsonrpc_error(const json_t *id, enum jsonrpc_error code, const char *text, json_t *data);

#endif
