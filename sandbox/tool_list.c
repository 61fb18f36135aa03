// SPDX-License-Identifier: Apache-2.0
/*
 * tool_list.c - one tool, three spellings. The schema is the same in all: what is shown is what is enforced. The APIs
 * of OpenAI and Anthropic take no dot in a name, so it is written "__" there, and every door takes both back.
 */
#include "sandbox/tool_list.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"

static const struct dialect {
	const char *name;
	const char *schema_key;
	const char *wrapper; /* key of an inner object that holds the fields; NULL: none */
	bool dots; /* a name may hold one */
} dialects[] = {
	{ "mcp", "inputSchema", NULL, true },
	{ "openai", "parameters", "function", false }, /* Chat Completions */
	{ "anthropic", "input_schema", NULL, false },
};

static int add_name(const struct tool *tool, const struct dialect *dialect, struct buf *out, struct cordon_err *err)
{
	int rc = 0;

	for (const char *at = tool->name; *at && rc == 0; at++)
		rc = *at == '.' && !dialect->dots ? buf_add_text(out, "__", err)
						  : buf_add(out, (struct cordon_slice){ at, 1 }, err);
	return rc;
}

static int add_tool(json_t *list, const struct tool *tool, const struct dialect *dialect, struct cordon_err *err)
{
	cleanup_buf struct buf name = { .limit = 1024 };
	json_t *fields = json_object();
	json_t *whole = fields;
	int rc = add_name(tool, dialect, &name, err);

	if (rc < 0) {
		json_decref(fields);
		return rc;
	}
	json_object_set_new(fields, "name", json_string(buf_text(&name)));
	json_object_set_new(fields, "description", json_string(tool->description ? tool->description : ""));
	json_object_set(fields, dialect->schema_key, tool->input_schema);
	if (dialect->wrapper) {
		whole = json_object();
		json_object_set_new(whole, "type", json_string("function"));
		json_object_set_new(whole, dialect->wrapper, fields);
	}
	return json_array_append_new(list, whole) < 0 ? err_nomem(err) : 0;
}

int tool_list(const struct policy *policy, const char *dialect, json_t **out, struct cordon_err *err)
{
	const struct dialect *row = NULL;
	json_t *list;
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(dialects); i++)
		if (!strcmp(dialects[i].name, dialect))
			row = &dialects[i];
	if (!row)
		return err_set(err, CORDON_EINVAL, 0, "unknown format '%s': mcp, openai or anthropic", dialect);
	list = json_array();
	for (size_t i = 0; i < policy->tool_count && rc == 0; i++)
		rc = add_tool(list, &policy->tools[i], row, err);
	if (rc < 0) {
		json_decref(list);
		return rc;
	}
	*out = list;
	return 0;
}
