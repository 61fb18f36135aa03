// SPDX-License-Identifier: Apache-2.0
/*
 * config_review.c - a last look at a policy that is whole: rules that can never match, profiles that are wide, and the
 * file's own tests. A policy that fails its own examples is not loaded.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/policy/config.h"
#include "sandbox/policy/name.h"

#define MARKS_MAX 256 /* of one session, in a test */

static bool is_set_by_a_tool(const struct policy *policy, const char *mark)
{
	for (size_t i = 0; i < policy->tool_count; i++)
		for (char **own = policy->tools[i].marks; *own; own++)
			if (!strcmp(*own, mark))
				return true;
	return false;
}

static int review_flows(const struct loading *loading)
{
	const struct policy *policy = loading->policy;

	for (size_t i = 0; i < policy->flow_count; i++) {
		const struct flow *flow = &policy->flows[i];
		const char *dead = is_set_by_a_tool(policy, flow->mark) ? NULL : flow->mark;
		char pointer[64];

		for (char **mark = flow->after; *mark && !dead; mark++)
			dead = is_set_by_a_tool(policy, *mark) ? NULL : *mark;
		snprintf(pointer, sizeof(pointer), "/flows/%zu", i);
		if (dead)
			return config_fault(loading, pointer,
					    "the flow '%s' can never match: no tool sets the mark '%s' (marks: [%s])",
					    flow->name, dead, dead);
	}
	return 0;
}

static int review_limits(const struct loading *loading)
{
	const struct policy *policy = loading->policy;

	for (size_t i = 0; i < policy->limit_count; i++) {
		char pointer[64];
		bool used = false;

		for (size_t t = 0; t < policy->tool_count && !used; t++)
			used = name_matches(policy->limits[i].tools, policy->tools[t].name);
		snprintf(pointer, sizeof(pointer), "/limits/%zu", i);
		if (!used)
			return config_fault(loading, pointer,
					    "the limit on '%s' can never match: there is no such tool",
					    policy->limits[i].tools);
	}
	return 0;
}

static int warn(const struct loading *loading, const char *where, const char *profile, const char *what)
{
	struct policy *policy = loading->policy;
	size_t count = 0;
	char **grown;
	char *text = NULL;

	while (policy->warnings && policy->warnings[count])
		count++;
	grown = realloc(policy->warnings, (count + 2) * sizeof(*grown));
	if (!grown)
		return err_nomem(loading->err);
	policy->warnings = grown;
	grown[count] = NULL;
	if (asprintf(&text, "%s: the profile '%s' %s", where, profile, what) < 0)
		return err_nomem(loading->err);
	grown[count] = text;
	grown[count + 1] = NULL;
	return 0;
}

static bool holds(const char *folder, const char *path)
{
	size_t len = strlen(folder);

	return !strcmp(folder, "/") || (!strncmp(folder, path, len) && (!path[len] || path[len] == '/'));
}

static int review_profiles(const struct loading *loading)
{
	const struct policy *policy = loading->policy;
	int rc = 0;

	for (size_t i = 0; i < policy->profile_count && rc == 0; i++) {
		const struct profile *profile = &policy->profiles[i];

		for (char **path = profile->write; *path && rc == 0; path++)
			if (holds(*path, policy->workspace) && strcmp(*path, policy->workspace))
				rc = warn(loading, profile->where, profile->name,
					  "may write to more than the workspace");
		for (char **path = profile->read; *path && rc == 0; path++)
			if (!strcmp(*path, "/") || !strcmp(*path, "/etc") || !strcmp(*path, "/home"))
				rc = warn(loading, profile->where, profile->name, "reads far more than a tool needs");
	}
	return rc;
}

/* The marks that the calls of `after` would have set; borrowed. */
static int assume(const struct loading *loading, const json_t *after, const char *pointer, char **marks)
{
	const json_t *item;
	size_t count = 0;
	size_t index;

	json_array_foreach(after, index, item)
	{
		const struct tool *tool = policy_tool(loading->policy, json_string_value(item));

		if (!tool)
			return config_fault(loading, pointer, "'after' names '%s', which is no tool",
					    json_string_value(item));
		for (char **mark = tool->marks; *mark && count < MARKS_MAX; mark++)
			marks[count++] = *mark;
	}
	marks[count] = NULL;
	return 0;
}

/* A call that its template refuses is denied, as it would be when it is made. */
static int try_template(const struct decide_input *input, struct decision *decision, struct cordon_err *err)
{
	struct command command = { 0 };
	struct cordon_err fault = { .code = 0 };
	int rc;

	if (!input->tool || input->tool->kind != TOOL_RUN || decision->effect == EFFECT_DENY)
		return 0;
	rc = command_fill(input->tool, input->args, input->facts, &command, &fault);
	command_release(&command);
	if (rc == CORDON_ENOMEM)
		return err_nomem(err);
	if (rc == 0)
		return 0;
	decision->effect = EFFECT_DENY;
	free(decision->why);
	decision->why = strdup(fault.text);
	return decision->why ? 0 : err_nomem(err);
}

static int decide_test(const struct loading *loading, const json_t *test, struct session_view *view,
		       struct decision *decision)
{
	const char *name = jsontext_get_text(test, "call", "");
	cleanup_json json_t *empty = json_object();
	const json_t *with = json_object_get(test, "with");
	struct facts facts = { 0 };
	struct decide_input input = { .policy = loading->policy,
				      .tool = policy_tool(loading->policy, name),
				      .name = name,
				      .args = with ? with : empty,
				      .facts = &facts,
				      .session = view };
	int rc = input.tool ? facts_gather(loading->policy, input.tool, input.args, &facts, loading->err) : 0;

	if (rc == 0)
		rc = policy_decide(&input, decision, loading->err);
	if (rc == 0)
		rc = try_template(&input, decision, loading->err);
	facts_release(&facts);
	return rc;
}

static int run_test(const struct loading *loading, const json_t *test, size_t index)
{
	const char *expect = jsontext_get_text(test, "expect", "");
	char *marks[MARKS_MAX + 1] = { NULL };
	struct session_view view = { .marks = marks };
	struct decision decision = { 0 };
	char pointer[64];
	int rc;

	snprintf(pointer, sizeof(pointer), "/tests/%zu", index);
	rc = assume(loading, json_object_get(test, "after"), pointer, marks);
	if (rc < 0)
		return rc;
	rc = decide_test(loading, test, &view, &decision);
	if (rc < 0)
		return config_place(loading, pointer, rc);
	if (strcmp(effect_name(decision.effect), expect))
		rc = config_fault(loading, pointer, "the test of '%s' expects %s, but the policy says %s: %s",
				  jsontext_get_text(test, "call", ""), expect, effect_name(decision.effect),
				  decision.why ? decision.why : "");
	decision_release(&decision);
	return rc;
}

int config_review(const struct loading *loading, const json_t *root)
{
	const json_t *tests = json_object_get(root, "tests");
	int rc = review_flows(loading);

	rc = rc < 0 ? rc : review_limits(loading);
	rc = rc < 0 ? rc : review_profiles(loading);
	for (size_t i = 0; i < json_array_size(tests) && rc == 0; i++)
		rc = run_test(loading, json_array_get(tests, i), i);
	return rc;
}
