// SPDX-License-Identifier: Apache-2.0
/* core_tool_list.c - one tool in three spellings, and no fourth. */
#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/tool_list.h"

static char *listed(const char *dialect)
{
	struct tool tools[] = {
		{ .name = (char[]){ "files.read" }, .description = (char[]){ "Reads" } },
		{ .name = (char[]){ "plain" } },
	};
	struct policy policy = { .tools = tools, .tool_count = 2 };
	struct cordon_err err = { .code = 0 };
	json_t *list = NULL;
	char *text = NULL;

	tools[0].input_schema = json_pack("{s:s}", "type", "object");
	tools[1].input_schema = json_pack("{s:s}", "type", "object");
	if (tool_list(&policy, dialect, &list, &err) == 0)
		text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	json_decref(tools[0].input_schema);
	json_decref(tools[1].input_schema);
	return text;
}

Test(tool_list, spells_each_api)
{
	static const struct {
		const char *dialect, *text;
	} cases[] = {
		{ "mcp", "[{\"name\":\"files.read\",\"description\":\"Reads\",\"inputSchema\":{\"type\":\"object\"}},"
			 "{\"name\":\"plain\",\"description\":\"\",\"inputSchema\":{\"type\":\"object\"}}]" },
		{ "openai",
		  "[{\"type\":\"function\",\"function\":{\"name\":\"files__read\",\"description\":\"Reads\","
		  "\"parameters\":{\"type\":\"object\"}}},{\"type\":\"function\",\"function\":{\"name\":\"plain\","
		  "\"description\":\"\",\"parameters\":{\"type\":\"object\"}}}]" },
		{ "anthropic",
		  "[{\"name\":\"files__read\",\"description\":\"Reads\",\"input_schema\":{\"type\":\"object\"}},"
		  "{\"name\":\"plain\",\"description\":\"\",\"input_schema\":{\"type\":\"object\"}}]" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char *text = listed(cases[i].dialect);

		cr_expect_str_eq(text, cases[i].text);
		free(text);
	}
}

Test(tool_list, refuses_another_api)
{
	cr_assert_null(listed("cobol"));
	cr_assert_null(listed(""));
}
