// SPDX-License-Identifier: Apache-2.0
/*
 * jsonrpc.c - what a line is, and what an answer looks like (JSON-RPC 2.0, sections 4 and 5).
 *
 * A text that is JSON but names a key twice, nests too deep or holds a NUL is refused as a request, not as a parse error,
 * and its id is read by a second, lenient look so that the client learns which of its requests it was.
 */
#include "sandbox/gateway/jsonrpc.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/utf8.h"

static bool id_is_sound(const json_t *id)
{
	return json_is_string(id) || json_is_integer(id);
}

static void invalid(struct jsonrpc_message *message, enum jsonrpc_error error)
{
	message->kind = JSONRPC_INVALID;
	message->error = error;
}

/* The strict load failed: is it JSON at all, and if so, whose? */
static void look_again(struct cordon_slice line, struct jsonrpc_message *message)
{
	const json_t *id;

	invalid(message, JSONRPC_PARSE);
	if (utf8_valid_until(line) != line.len)
		return;
	message->root = jsontext_load_loosely(line, NULL);
	if (!message->root)
		return;
	message->error = JSONRPC_REQUEST;
	id = json_object_get(message->root, "id");
	message->id = id_is_sound(id) ? id : NULL;
}

static void classify(struct jsonrpc_message *message)
{
	const json_t *root = message->root;
	const json_t *id = json_object_get(root, "id");
	const json_t *method = json_object_get(root, "method");
	const json_t *params = json_object_get(root, "params");
	const char *version = jsontext_get_text(root, "jsonrpc", "");

	if (!json_is_object(root)) {
		err_set(&message->fault, CORDON_EINVAL, 0,
			"a message is one JSON object (batches are not part of MCP)");
		return;
	}
	message->id = id_is_sound(id) ? id : NULL;
	if (strcmp(version, "2.0")) {
		err_set(&message->fault, CORDON_EINVAL, 0, "\"jsonrpc\" must be \"2.0\"");
		return;
	}
	if (!method && id && (json_object_get(root, "result") || json_object_get(root, "error"))) {
		message->kind = JSONRPC_IGNORED;
		return;
	}
	if (!json_is_string(method)) {
		err_set(&message->fault, CORDON_EINVAL, 0, "\"method\" must be a string");
		return;
	}
	if (id && !message->id) {
		err_set(&message->fault, CORDON_EINVAL, 0, "\"id\" must be a string or an integer of 64 bits");
		return;
	}
	if (params && !json_is_object(params)) {
		message->error = JSONRPC_PARAMS;
		err_set(&message->fault, CORDON_EINVAL, 0, "\"params\" must be an object");
		message->kind = id ? JSONRPC_INVALID : JSONRPC_IGNORED;
		return;
	}
	message->method = json_string_value(method);
	message->params = params;
	message->kind = id ? JSONRPC_CALL : JSONRPC_NOTICE;
}

void jsonrpc_read(struct cordon_slice line, struct jsonrpc_message *message)
{
	*message = (struct jsonrpc_message){ .kind = JSONRPC_INVALID, .error = JSONRPC_REQUEST };
	if (jsontext_load(line, &message->root, &message->fault) < 0) {
		look_again(line, message);
		return;
	}
	classify(message);
}

void jsonrpc_release(struct jsonrpc_message *message)
{
	json_decref(message->root);
	*message = (struct jsonrpc_message){ 0 };
}

static json_t *answer(const json_t *id, const char *key, json_t *value)
{
	json_t *copy = id ? json_copy((json_t *)(uintptr_t)id) : json_null();

	return json_pack("{s:s, s:o, s:o}", "jsonrpc", "2.0", "id", copy, key, value);
}

json_t *jsonrpc_result(const json_t *id, json_t *result)
{
	return answer(id, "result", result);
}

json_t *jsonrpc_error(const json_t *id, enum jsonrpc_error code, const char *text, json_t *data)
{
	json_t *error = json_pack("{s:i, s:s}", "code", (int)code, "message", text);

	if (data)
		json_object_set_new(error, "data", data);
	return answer(id, "error", error);
}
