// SPDX-License-Identifier: Apache-2.0
/*
 * config_tool.c - the section `tools`.
 *
 * The short form `args` becomes a whole object schema: each key a property, required unless `optional: true`, nothing else
 * allowed. On the way sets are put in for $name, and the roots of `under` are made absolute. A template that names an
 * argument which is not there, and a program that an argument could choose, are errors of the file.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/config.h"
#include "sandbox/policy/name.h"
#include "sandbox/policy/schema/schema.h"

static const char *const set_keywords[] = { "enum", "one-of", "glob" };

static int fill_sets(const struct loading *loading, const json_t *sets, json_t *schema)
{
	for (size_t i = 0; i < ARRAY_LEN(set_keywords); i++) {
		const char *text = jsontext_get_text(schema, set_keywords[i], "");
		json_t *set;

		if (text[0] != '$')
			continue;
		set = json_object_get(sets, text + 1);
		if (!set)
			return err_set(loading->err, CORDON_ECONFIG, 0, "no set is named '%s'", text + 1);
		json_object_set_new(schema, set_keywords[i], json_deep_copy(set));
	}
	return 0;
}

/* Sets and roots, here and in every schema below. */
static int prepare(const struct loading *loading, const json_t *sets, json_t *schema)
{
	const char *under = jsontext_get_text(schema, "under", NULL);
	cleanup_free char *root = NULL;
	const char *key;
	json_t *child;
	size_t index;
	int rc = json_is_object(schema) ? fill_sets(loading, sets, schema) : 0;

	if (rc == 0 && under) {
		rc = config_path(loading, under, &root);
		if (rc == 0)
			json_object_set_new(schema, "under", json_string(root));
	}
	json_object_foreach(schema, key, child) if (rc == 0 && strcmp(key, "const") && strcmp(key, "default")) rc =
		prepare(loading, sets, child);
	json_array_foreach(schema, index, child) rc = rc < 0 ? rc : prepare(loading, sets, child);
	return rc;
}

static json_t *expand_args(const json_t *args)
{
	json_t *properties = json_object();
	json_t *required = json_array();
	const char *name;
	json_t *source;

	json_object_foreach((json_t *)(uintptr_t)args, name, source)
	{
		json_t *schema = json_deep_copy(source);

		if (!jsontext_get_flag(schema, "optional", false))
			json_array_append_new(required, json_string(name));
		json_object_del(schema, "optional");
		json_object_set_new(properties, name, schema);
	}
	return json_pack("{s:s, s:o, s:o, s:b}", "type", "object", "properties", properties, "required", required,
			 "additionalProperties", 0);
}

static int read_schema(const struct loading *loading, const json_t *root, const json_t *source, struct tool *tool)
{
	const json_t *full = json_object_get(source, "schema");
	enum schema_form form = full ? SCHEMA_WHOLE : SCHEMA_ARGS;
	cleanup_json json_t *document = full ? json_deep_copy(full) : expand_args(json_object_get(source, "args"));
	int rc = document ? prepare(loading, json_object_get(root, "sets"), document) : err_nomem(loading->err);

	rc = rc < 0 ? rc : schema_compile(document, form, &tool->schema, NULL, loading->err);
	if (rc < 0)
		return rc;
	tool->input_schema = schema_public(document, form);
	if (tool->input_schema && !json_object_get(tool->input_schema, "type"))
		json_object_set_new(tool->input_schema, "type", json_string("object"));
	return tool->input_schema ? 0 : err_nomem(loading->err);
}

/* Each {name} of a template must be an argument; *names counts them. */
static int check_template(const struct loading *loading, const struct tool *tool, const char *template, size_t *names)
{
	const json_t *properties = json_object_get(tool->input_schema, "properties");

	*names = 0;
	for (const char *at = template; *at; at++) {
		char name[128];
		size_t len;

		if ((at[0] == '{' || at[0] == '}') && at[1] == at[0]) {
			at++;
			continue;
		}
		if (*at == '}')
			return err_set(loading->err, CORDON_ECONFIG, 0, "'%s': a '}' alone: write }} for a brace",
				       template);
		if (*at != '{')
			continue;
		len = strcspn(at + 1, "{}");
		if (at[1 + len] != '}' || !len || len >= sizeof(name))
			return err_set(loading->err, CORDON_ECONFIG, 0, "'%s': a '{' alone: write {{ for a brace",
				       template);
		memcpy(name, at + 1, len);
		name[len] = '\0';
		if (!json_object_get(properties, name))
			return err_set(loading->err, CORDON_ECONFIG, 0,
				       "'%s' names '%s', which is no argument of this tool", template, name);
		(*names)++;
		at += 1 + len;
	}
	return 0;
}

static int read_run(const struct loading *loading, const json_t *source, struct tool *tool)
{
	const char *input = jsontext_get_text(source, "stdin", NULL);
	size_t names = 0;
	int rc = config_texts(loading, json_object_get(source, "run"), &tool->argv);

	for (size_t i = 0; rc == 0 && tool->argv[i]; i++) {
		rc = check_template(loading, tool, tool->argv[i], &names);
		if (rc == 0 && i == 0 && (names || !tool->argv[0][0]))
			rc = err_set(loading->err, CORDON_ECONFIG, 0,
				     "the program is part of the policy: no argument can choose it");
	}
	if (rc == 0 && input) {
		tool->stdin_template = strdup(input);
		rc = tool->stdin_template ? check_template(loading, tool, input, &names) : err_nomem(loading->err);
		if (rc == 0 && (names != 1 || input[0] != '{' || input[strlen(input) - 1] != '}'))
			rc = err_set(loading->err, CORDON_ECONFIG, 0,
				     "'stdin' is exactly one argument, as in \"{text}\"");
	}
	return rc;
}

static int read_store(const struct loading *loading, const json_t *source, struct tool *tool)
{
	static const struct {
		const char *kind, *argument;
		enum tool_kind tool;
	} kinds[] = { { "search", "query", TOOL_SEARCH }, { "read", "doc", TOOL_READ } };
	const char *kind = jsontext_get_text(source, "store", "");

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) {
		if (strcmp(kinds[i].kind, kind))
			continue;
		tool->kind = kinds[i].tool;
		if (json_object_get(json_object_get(tool->input_schema, "properties"), kinds[i].argument))
			return 0;
		return err_set(loading->err, CORDON_ECONFIG, 0, "'store: %s' needs an argument named '%s'", kind,
			       kinds[i].argument);
	}
	return err_set(loading->err, CORDON_ECONFIG, 0, "'store' is search or read");
}

static int read_exits(const struct loading *loading, const json_t *source, struct tool *tool)
{
	const json_t *list = json_object_get(source, "ok-exit");
	const json_t *item;
	size_t index;

	tool->ok_exit = calloc(256, 1);
	if (!tool->ok_exit)
		return err_nomem(loading->err);
	tool->ok_exit[0] = !list;
	json_array_foreach(list, index, item) tool->ok_exit[json_integer_value(item) & 0xff] = 1;
	return 0;
}

static int read_profile(const struct loading *loading, const json_t *source, struct tool *tool)
{
	const char *name = jsontext_get_text(source, "profile", "tool");

	tool->profile = policy_profile(loading->policy, name);
	if (tool->profile)
		return 0;
	return err_set(loading->err, CORDON_ECONFIG, 0, "no profile is named '%s'", name);
}

static int read_rate(const struct loading *loading, const json_t *source, struct tool *tool)
{
	const char *rate = jsontext_get_text(source, "rate", NULL);

	tool->ask_always = !strcmp(jsontext_get_text(source, "ask", ""), "always");
	return rate ? parse_rate(slice_of(rate), &tool->rate, loading->err) : 0;
}

static int check_name(const struct loading *loading, const char *name)
{
	const struct policy *policy = loading->policy;

	for (size_t i = 0; i < policy->tool_count; i++)
		if (name_is_same(policy->tools[i].name, name))
			return err_set(loading->err, CORDON_ECONFIG, 0,
				       "the tools '%s' and '%s' are one name where a model's API has no dot", name,
				       policy->tools[i].name);
	return 0;
}

/* Where each argument stands, for the operator's "cordon.yaml:12". */
static int note_places(const struct loading *loading, const json_t *source, const char *pointer, struct tool *tool)
{
	const char *name;
	json_t *schema;

	tool->arg_where = json_object();
	json_object_foreach(json_object_get(source, "args"), name, schema)
	{
		cleanup_free char *args = yaml_pointer(pointer, "args");
		cleanup_free char *at = args ? yaml_pointer(args, name) : NULL;
		cleanup_free char *where = NULL;

		if (!at || config_where(loading, at, &where) < 0 ||
		    json_object_set_new(tool->arg_where, name, json_string(where)) < 0)
			return err_nomem(loading->err);
	}
	return tool->arg_where ? 0 : err_nomem(loading->err);
}

static int read_tool(const struct loading *loading, const json_t *root, const char *name, const json_t *source)
{
	struct tool *tool = &loading->policy->tools[loading->policy->tool_count];
	bool runs = json_object_get(source, "run");
	char pointer[200];
	int rc = check_name(loading, name);

	snprintf(pointer, sizeof(pointer), "/tools/%s", name);
	if (rc < 0)
		return config_place(loading, pointer, rc);
	*tool = (struct tool){ .name = strdup(name), .kind = TOOL_RUN };
	loading->policy->tool_count++;
	if (!tool->name)
		return err_nomem(loading->err);
	rc = config_where(loading, pointer, &tool->where);
	rc = rc < 0 ? rc : config_text(loading, json_object_get(source, "description"), &tool->description);
	rc = rc < 0 ? rc : config_texts(loading, json_object_get(source, "marks"), &tool->marks);
	rc = rc < 0 ? rc : note_places(loading, source, pointer, tool);
	rc = rc < 0 ? rc : read_exits(loading, source, tool);
	rc = rc < 0 ? rc : read_schema(loading, root, source, tool);
	rc = rc < 0 ? rc : runs ? read_run(loading, source, tool) : read_store(loading, source, tool);
	rc = rc < 0 ? rc : read_profile(loading, source, tool);
	rc = rc < 0 ? rc : read_rate(loading, source, tool);
	return rc < 0 ? config_place(loading, pointer, err_wrap(loading->err, rc, "tool '%s'", name)) : 0;
}

int config_tools(const struct loading *loading, const json_t *root)
{
	struct policy *policy = loading->policy;
	json_t *tools = json_object_get(root, "tools");
	const char *name;
	json_t *source;
	int rc = 0;

	if (!json_object_size(tools))
		return 0;
	policy->tools = calloc(json_object_size(tools), sizeof(*policy->tools));
	if (!policy->tools)
		return err_nomem(loading->err);
	json_object_foreach(tools, name, source) rc = rc < 0 ? rc : read_tool(loading, root, name, source);
	return rc;
}
