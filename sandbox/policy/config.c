// SPDX-License-Identifier: Apache-2.0
/*
 * config.c - loading a policy: find, read, check, build, review; whole or not at all.
 *
 * The built-in config is loaded first, by the same way: it gives the profile `tool` and, where there is no file, the two
 * tools on the store. What this build does not enforce is refused by a table before the schema sees it, so that the message
 * says that and not "unknown key".
 */
#include "sandbox/policy/config.h"

#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/name.h"
#include "sandbox/policy/place.h"
#include "sandbox/policy/schema/schema.h"
#include "sandbox/policy/schema_text.h"

/* JSON, as every start reads it: what YAML would add is a library to load. */
static const char builtin_profiles[] =
	"{\"version\": 1, \"profiles\": {\"tool\": {\"write\": [\"${workspace}\"], \"net\": \"none\","
	" \"limits\": {\"wall\": \"10s\", \"cpu\": \"5s\", \"memory\": \"256M\", \"pids\": 64, \"output\": \"1M\","
	" \"disk\": \"64M\"}}}}";

static const char builtin_tools[] =
	"{\"version\": 1, \"tools\": {"
	"\"search\": {\"description\": \"Ranked passages of the safe document store.\", \"store\": \"search\","
	" \"args\": {\"query\": {\"type\": \"string\", \"maxLength\": 400}}, \"marks\": [\"reads-untrusted\"]},"
	"\"read\": {\"description\": \"One document of the safe document store, by its id.\", \"store\": \"read\","
	" \"args\": {\"doc\": {\"type\": \"string\", \"maxLength\": 4096}}, \"marks\": [\"reads-untrusted\"]}}}";

struct cordon_slice config_builtin(size_t at)
{
	const struct cordon_slice texts[] = { SLICE(builtin_profiles), SLICE(builtin_tools) };

	return at < ARRAY_LEN(texts) ? texts[at] : (struct cordon_slice){ NULL, 0 };
}

int config_fault(const struct loading *loading, const char *pointer, const char *format, ...)
{
	char sentence[1000];
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	return err_set(loading->err, CORDON_ECONFIG, 0, "%s:%d: %s", loading->yaml->name,
		       yaml_line(loading->yaml, pointer), sentence);
}

int config_place(const struct loading *loading, const char *pointer, int rc)
{
	if (rc >= 0 || rc == CORDON_ENOMEM)
		return rc;
	return err_wrap(loading->err, CORDON_ECONFIG, "%s:%d", loading->yaml->name, yaml_line(loading->yaml, pointer));
}

int config_where(const struct loading *loading, const char *pointer, char **out)
{
	*out = loading->policy->path || strcmp(loading->yaml->name, "built-in") ? yaml_where(loading->yaml, pointer)
										: strdup("built-in");
	return *out ? 0 : err_nomem(loading->err);
}

int config_text(const struct loading *loading, const json_t *value, char **out)
{
	*out = strdup(json_is_string(value) ? json_string_value(value) : "");
	return *out ? 0 : err_nomem(loading->err);
}

int config_texts(const struct loading *loading, const json_t *value, char ***out)
{
	char **texts = calloc(json_array_size(value) + 1, sizeof(*texts));
	const json_t *item;
	size_t index;

	if (!texts)
		return err_nomem(loading->err);
	json_array_foreach(value, index, item)
	{
		texts[index] = strdup(json_is_string(item) ? json_string_value(item) : "");
		if (!texts[index]) {
			config_free_texts(texts);
			return err_nomem(loading->err);
		}
	}
	*out = texts;
	return 0;
}

void config_free_texts(char **texts)
{
	for (size_t i = 0; texts && texts[i]; i++)
		free(texts[i]);
	free(texts);
}

int config_path(const struct loading *loading, const char *text, char **out)
{
	static const char mark[] = "${workspace}";
	cleanup_free char *joined = NULL;
	const struct policy *policy = loading->policy;
	int rc;

	if (!strncmp(text, mark, sizeof(mark) - 1)) {
		const char *rest = text + sizeof(mark) - 1;

		if (*rest && *rest != '/')
			return err_set(loading->err, CORDON_ECONFIG, 0, "'%s': a '/' must follow ${workspace}", text);
		rc = place_join(policy->workspace, *rest ? rest + 1 : ".", &joined, loading->err);
	} else if (strstr(text, "${")) {
		return err_set(loading->err, CORDON_ECONFIG, 0,
			       "'%s': only ${workspace}, at the beginning, is replaced in a path", text);
	} else {
		rc = place_join(policy->folder, text, &joined, loading->err);
	}
	return rc < 0 ? rc : place_canonical(joined, out, loading->err);
}

static const struct {
	const char *section;
	const char *key; /* below any entry of the section; NULL: the section itself */
	const char *what;
} unenforced[] = {
	{ "servers", NULL, "wrapped MCP servers" },
	{ "moderation", NULL, "moderation endpoints" },
	{ "formats", NULL, "asserted formats" },
	{ "tools", "http", "http tools" },
	{ "tools", "pin", "pins" },
	{ "tools", "headers", "http tools" },
};

static int refuse_unenforced(const struct loading *loading, const json_t *root)
{
	for (size_t i = 0; i < ARRAY_LEN(unenforced); i++) {
		json_t *section = json_object_get(root, unenforced[i].section);
		char pointer[256];
		const char *name;
		json_t *entry;

		snprintf(pointer, sizeof(pointer), "/%s", unenforced[i].section);
		if (section && !unenforced[i].key)
			return config_fault(loading, pointer, "'%s' (%s) is not enforced by this build",
					    unenforced[i].section, unenforced[i].what);
		json_object_foreach(unenforced[i].key ? section : NULL, name, entry)
		{
			if (!json_object_get(entry, unenforced[i].key))
				continue;
			snprintf(pointer, sizeof(pointer), "/%s/%.128s/%s", unenforced[i].section, name,
				 unenforced[i].key);
			return config_fault(loading, pointer, "'%s' (%s) is not enforced by this build",
					    unenforced[i].key, unenforced[i].what);
		}
	}
	return 0;
}

static int refuse_hosts(const struct loading *loading, const json_t *root)
{
	const char *name;
	json_t *profile;

	json_object_foreach(json_object_get(root, "profiles"), name, profile)
	{
		char pointer[256];

		if (!json_object_get(json_object_get(profile, "net"), "hosts"))
			continue;
		snprintf(pointer, sizeof(pointer), "/profiles/%.128s/net", name);
		return config_fault(loading, pointer,
				    "'net: hosts' (the egress broker) is not enforced by this build: 'net: none' is");
	}
	return 0;
}

static int check_tree(const struct loading *loading, struct yaml *yaml)
{
	cleanup_json json_t *document = NULL;
	struct schema *schema = NULL;
	struct schema_fault fault;
	int rc = jsontext_load(policy_schema_text(), &document, loading->err);

	if (rc == 0 && !json_is_object(yaml->root))
		return config_fault(loading, "", "not a mapping: at least 'version: 1' is needed");
	if (rc == 0 && (refuse_unenforced(loading, yaml->root) < 0 || refuse_hosts(loading, yaml->root) < 0))
		return CORDON_ECONFIG; /* these name their line themselves */
	rc = rc < 0 ? rc : yaml_retype(yaml, document, loading->err);
	rc = rc < 0 ? rc : schema_compile(document, SCHEMA_WHOLE, &schema, NULL, loading->err);
	rc = rc < 0 ? rc : schema_check(schema, yaml->root, NULL, &fault, loading->err);
	schema_free(schema);
	if (rc <= 0)
		return config_place(loading, "", rc);
	if (!fault.pointer[0])
		return config_fault(loading, "", "%s", fault.text);
	return config_fault(loading, fault.pointer, "%s: %s", fault.pointer + 1, fault.text);
}

/* One tree, built-in or the file's, into policy. */
static int add_tree(struct policy *policy, struct yaml *yaml, struct cordon_err *err)
{
	struct loading loading = { .policy = policy, .yaml = yaml, .err = err };
	/* The built-in text is ours: a unit test holds it against the schema, so that no start pays for it. */
	int rc = policy->path ? check_tree(&loading, yaml) : 0;

	rc = rc < 0 ? rc : config_profiles(&loading, json_object_get(yaml->root, "profiles"));
	rc = rc < 0 ? rc : config_tools(&loading, yaml->root);
	rc = rc < 0 ? rc : config_rules(&loading, yaml->root);
	return rc < 0 ? rc : config_review(&loading, yaml->root);
}

static int add_builtin(struct policy *policy, struct cordon_slice text, struct cordon_err *err)
{
	char name[] = "built-in";
	struct yaml yaml = { .name = name };
	int rc = jsontext_load(text, &yaml.root, err);

	rc = rc < 0 ? rc : add_tree(policy, &yaml, err);
	json_decref(yaml.root);
	return rc;
}

/* Before the sections: data folder and workspace, which paths are made from. root: the file's tree, or NULL. */
static int set_folders(struct policy *policy, const struct policy_place *where, const struct place *place,
		       const json_t *root, struct cordon_err *err)
{
	cleanup_free char *data = NULL;
	cleanup_free char *workspace = NULL;
	const char *asked = where->workspace;
	const char *base = where->cwd;
	const char *named = jsontext_get_text(root, "data", NULL);
	int rc =
		named ? place_join(place->folder, named, &data, err) : place_join("/", place->default_data, &data, err);

	rc = rc < 0 ? rc : place_canonical(data, &policy->data, err);
	if (!asked && (asked = jsontext_get_text(root, "workspace", NULL)))
		base = place->folder;
	rc = rc < 0 ? rc : place_join(base, asked ? asked : where->cwd, &workspace, err);
	return rc < 0 ? rc : place_workspace(where, workspace, policy->data, &policy->workspace, err);
}

/* file: the config's tree; empty where there is none. */
static int build(const struct policy_place *where, struct place *place, struct yaml *file, struct policy *policy,
		 struct cordon_err *err)
{
	int rc = set_folders(policy, where, place, file->root, err);

	policy->folder = TAKE(place->folder);
	rc = rc < 0 ? rc : add_builtin(policy, SLICE(builtin_profiles), err); /* path is NULL as yet */
	if (rc < 0)
		return rc;
	if (!place->path) {
		rc = add_builtin(policy, SLICE(builtin_tools), err);
		return rc < 0 ? rc : digest_of(SLICE(builtin_tools), &policy->revision, err);
	}
	policy->path = TAKE(place->path);
	policy->revision = place->digest;
	return add_tree(policy, file, err);
}

static int load(const struct policy_place *where, struct place *place, struct policy *policy, struct cordon_err *err)
{
	struct yaml file = { 0 };
	int rc = place->path ? yaml_load(place->path, buf_slice(&place->text), &file, err) : 0;

	rc = rc < 0 ? rc : build(where, place, &file, policy, err);
	yaml_release(&file);
	return rc;
}

int policy_load(const struct policy_place *where, struct policy **out, struct cordon_err *err)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	struct place place = { 0 };
	int rc = policy ? place_find(where, &place, err) : err_nomem(err);

	if (rc == 0) {
		policy->suspicious = ACTION_FENCE;
		policy->secrets = ACTION_REDACT;
		rc = load(where, &place, policy, err);
		place_release(&place);
	}
	if (rc < 0) {
		policy_free(policy);
		return rc;
	}
	*out = policy;
	return 0;
}

int policy_trust(const struct policy_place *place, const char *file, char hex[65], struct cordon_err *err)
{
	return place_trust(place, file, hex, err);
}

static void free_tool(struct tool *tool)
{
	free(tool->name);
	free(tool->where);
	free(tool->description);
	config_free_texts(tool->argv);
	free(tool->stdin_template);
	free(tool->ok_exit);
	schema_free(tool->schema);
	json_decref(tool->input_schema);
	json_decref(tool->arg_where);
	config_free_texts(tool->marks);
}

static void free_profile(struct profile *profile)
{
	free(profile->name);
	free(profile->where);
	config_free_texts(profile->read);
	config_free_texts(profile->write);
	config_free_texts(profile->env);
	config_free_texts(profile->pass_env);
}

static void free_flow(struct flow *flow)
{
	free(flow->name);
	free(flow->where);
	free(flow->say);
	free(flow->mark);
	config_free_texts(flow->after);
}

void policy_free(struct policy *policy)
{
	if (!policy)
		return;
	for (size_t i = 0; i < policy->tool_count; i++)
		free_tool(&policy->tools[i]);
	for (size_t i = 0; i < policy->profile_count; i++)
		free_profile(&policy->profiles[i]);
	for (size_t i = 0; i < policy->flow_count; i++)
		free_flow(&policy->flows[i]);
	for (size_t i = 0; i < policy->limit_count; i++) {
		free(policy->limits[i].where);
		free(policy->limits[i].tools);
	}
	free(policy->tools);
	free(policy->profiles);
	free(policy->flows);
	free(policy->limits);
	free(policy->path);
	free(policy->folder);
	free(policy->workspace);
	free(policy->data);
	json_decref(policy->tests);
	config_free_texts(policy->warnings);
	free(policy);
}

const struct tool *policy_tool(const struct policy *policy, const char *name)
{
	for (size_t i = 0; i < policy->tool_count; i++)
		if (name_is_same(policy->tools[i].name, name))
			return &policy->tools[i];
	return NULL;
}

const struct profile *policy_profile(const struct policy *policy, const char *name)
{
	for (size_t i = policy->profile_count; i > 0; i--) /* one of the file's replaces a built-in one */
		if (!strcmp(policy->profiles[i - 1].name, name))
			return &policy->profiles[i - 1];
	return NULL;
}
