// SPDX-License-Identifier: Apache-2.0
/*
 * decide.c - may this call be made: a pure function of policy, tool, arguments, facts and session.
 *
 * Every rule that speaks about the call is looked at, in the order tool, arguments, flows, rate, limits, ask; each gives a
 * row of explain's path. Deny beats ask beats allow beats the default, which is deny; of two that deny, the first one is
 * named. What the model hears has the rule's name, the reason and what would have been allowed, but no path of the host and
 * no line of the config; the operator hears these too, with the shortest change that would allow the call.
 */
#include <stdarg.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/near.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/policy.h"
#include "sandbox/policy/schema/schema.h"

#define SENTENCE_MAX 4096

struct deciding {
	const struct decide_input *in;
	struct decision *out;
	struct cordon_err *err;
	bool settled; /* a rule has spoken */
};

static char *sentence(const char *format, ...) PRINTF_LIKE(1, 2);
static char *sentence(const char *format, ...)
{
	char *text = NULL;
	va_list list;

	va_start(list, format);
	if (vasprintf(&text, format, list) < 0)
		text = NULL;
	va_end(list);
	return text;
}

struct verdict {
	enum effect effect;
	const char *rule;
	const char *where;
	char *why; /* taken */
	char *say; /* taken */
};

static int add_row(struct deciding *deciding, const char *rule, const char *where, enum effect effect, bool matched)
{
	json_t *row = json_pack("{s:s, s:s?, s:s, s:b}", "rule", rule, "where", where, "effect", effect_name(effect),
				"matched", (int)matched);

	return json_array_append_new(deciding->out->path, row) < 0 ? err_nomem(deciding->err) : 0;
}

/* A rule that matched. The strictest is kept, of equals the first. */
static int speak(struct deciding *deciding, struct verdict verdict)
{
	cleanup_free char *why = verdict.why;
	cleanup_free char *say = verdict.say;
	struct decision *out = deciding->out;
	int rc = add_row(deciding, verdict.rule, verdict.where, verdict.effect, true);

	if (rc < 0 || !why || !say)
		return rc < 0 ? rc : err_nomem(deciding->err);
	if (deciding->settled && verdict.effect >= out->effect)
		return 0;
	free(out->rule);
	free(out->where);
	free(out->why);
	free(out->say);
	out->effect = verdict.effect;
	out->rule = strdup(verdict.rule);
	out->where = strdup(verdict.where ? verdict.where : "built-in");
	out->why = TAKE(why);
	out->say = TAKE(say);
	deciding->settled = true;
	return out->rule && out->where ? 0 : err_nomem(deciding->err);
}

/* ---- the tool ---- */

static int decide_unknown(struct deciding *deciding)
{
	const struct policy *policy = deciding->in->policy;
	const char *name = deciding->in->name ? deciding->in->name : "";
	const char *near = NULL;
	struct cordon_err printable = { .code = 0 };

	err_set(&printable, CORDON_EINVAL, 0, "%.100s", name); /* the name is the model's own */
	for (size_t i = 0; i < policy->tool_count && !near; i++)
		if (near_is_meant(name, policy->tools[i].name))
			near = policy->tools[i].name;
	return speak(
		deciding,
		(struct verdict){ EFFECT_DENY, "default", policy->path ? policy->path : "built-in",
				  sentence("no tool '%s' is in the config%s%s%s: to allow it, add it under 'tools:'",
					   printable.text, near ? " (did you mean '" : "", near ? near : "",
					   near ? "'?)" : ""),
				  sentence("default: there is no tool '%s'%s%s%s", printable.text,
					   near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "") });
}

/* ---- arguments ---- */

static const struct {
	const char *keyword;
	const char *change; /* the shortest that would allow it */
} changes[] = {
	{ "maxLength", "raise 'maxLength'" },
	{ "max-bytes", "raise 'max-bytes'" },
	{ "minLength", "lower 'minLength'" },
	{ "maximum", "raise 'maximum'" },
	{ "minimum", "lower 'minimum'" },
	{ "maxItems", "raise 'maxItems'" },
	{ "pattern", "widen 'pattern'" },
	{ "match", "widen 'match'" },
	{ "glob", "widen 'glob'" },
	{ "not", "narrow 'not'" },
	{ "under", "name a wider folder in 'under'" },
	{ "links", "drop 'links: single'" },
	{ "enum", "add the value to 'enum'" },
	{ "one-of", "add the value to 'one-of'" },
	{ "type", "add the type to 'type'" },
	{ "required", "add 'optional: true' to the argument" },
	{ "additionalProperties", "add the argument under 'args:'" },
};

static const char *change_for(const char *keyword)
{
	for (size_t i = 0; i < ARRAY_LEN(changes); i++)
		if (!strcmp(changes[i].keyword, keyword))
			return changes[i].change;
	return "widen the argument's schema";
}

/* The line of the argument's schema, else of the tool. */
static const char *where_of(const struct tool *tool, const char *pointer)
{
	size_t len = *pointer ? strcspn(pointer + 1, "/") : 0;
	json_t *where = len ? json_object_getn(tool->arg_where, pointer + 1, len) : NULL;

	return where ? json_string_value(where) : tool->where;
}

static int refuse_arguments(struct deciding *deciding, const struct schema_fault *fault)
{
	const struct tool *tool = deciding->in->tool;
	const char *where = where_of(tool, fault->pointer);
	struct cordon_err text = { .code = 0 };

	/* The pointer has the model's own keys in it. */
	err_set(&text, CORDON_EINVAL, 0, "%s%s%s", fault->pointer, *fault->pointer ? ": " : "", fault->text);
	return speak(deciding, (struct verdict){ EFFECT_DENY, "arguments", where,
						 sentence("%s; to allow it, %s at %s", text.text,
							  change_for(fault->keyword), where),
						 sentence("arguments: %s", text.text) });
}

static int decide_arguments(struct deciding *deciding)
{
	const struct decide_input *in = deciding->in;
	struct schema_fault fault;
	struct cordon_err undecided = { .code = 0 };
	int rc;

	if (!json_is_object(in->args)) {
		fault = (struct schema_fault){ .text = "not one JSON object", .keyword = "type" };
		return refuse_arguments(deciding, &fault);
	}
	rc = schema_check(in->tool->schema, in->args, in->facts, &fault, &undecided);
	if (rc == CORDON_ENOMEM)
		return err_nomem(deciding->err);
	if (rc < 0) {
		fault = (struct schema_fault){ .pointer = "" };
		snprintf(fault.text, sizeof(fault.text), "%.390s", undecided.text);
	}
	if (rc)
		return refuse_arguments(deciding, &fault);
	return add_row(deciding, "arguments", in->tool->where, EFFECT_DENY, false);
}

/* ---- flows ---- */

static bool has_text(char *const *list, const char *text)
{
	for (; list && *list; list++)
		if (!strcmp(*list, text))
			return true;
	return false;
}

static bool flow_matches(const struct flow *flow, const struct tool *tool, const struct session_view *session)
{
	if (!has_text(tool->marks, flow->mark))
		return false;
	for (char *const *mark = flow->after; mark && *mark; mark++)
		if (!has_text(session ? session->marks : NULL, *mark))
			return false;
	return true;
}

static char *join(char *const *list)
{
	cleanup_buf struct buf text = { .limit = SENTENCE_MAX };

	for (size_t i = 0; list && list[i]; i++)
		if (buf_addf(&text, NULL, "%s%s", i ? ", " : "", list[i]) < 0)
			break;
	return buf_take(&text);
}

static int decide_flow(struct deciding *deciding, const struct flow *flow)
{
	const struct decide_input *in = deciding->in;
	enum effect effect = flow->effect == FLOW_ASK ? EFFECT_ASK : EFFECT_DENY;
	cleanup_free char *rule = sentence("flow %s", flow->name);
	cleanup_free char *after = join(flow->after);

	if (!rule || !after)
		return err_nomem(deciding->err);
	if (!flow_matches(flow, in->tool, in->session))
		return add_row(deciding, rule, flow->where, effect, false);
	return speak(deciding,
		     (struct verdict){
			     effect, rule, flow->where,
			     sentence("this call would set '%s' in a session that has %s; to allow it, begin a new "
				      "session, or change 'after' at %s",
				      flow->mark, after, flow->where),
			     flow->say ? sentence("%s: %s", rule, flow->say)
				       : sentence("%s: this session already has %s, so no call that %s is %s", rule,
						  after, flow->mark,
						  effect == EFFECT_ASK ? "made without approval" : "allowed") });
}

/* ---- rates, ask, the tool itself ---- */

static int decide_rates(struct deciding *deciding)
{
	const struct session_view *session = deciding->in->session;
	const char *rule;

	if (!session || !session->exhausted)
		return 0;
	rule = session->exhausted_rule ? session->exhausted_rule : "limit";
	if (!session->retry_ms)
		return speak(deciding,
			     (struct verdict){
				     EFFECT_DENY, rule, session->exhausted,
				     sentence("no call is left in this session; to allow it, raise the number at %s",
					      session->exhausted),
				     sentence("%s: no call is left in this session", rule) });
	return speak(deciding,
		     (struct verdict){ EFFECT_DENY, rule, session->exhausted,
				       sentence("no call is left for %llu ms; to allow it, raise the number at %s",
						(unsigned long long)session->retry_ms, session->exhausted),
				       sentence("%s: no call is left; one is free again in %llu s", rule,
						(unsigned long long)(session->retry_ms + 999) / 1000) });
}

static int decide_tool(struct deciding *deciding)
{
	const struct tool *tool = deciding->in->tool;
	cleanup_free char *rule = sentence("tool %s", tool->name);
	int rc;

	if (!rule)
		return err_nomem(deciding->err);
	rc = speak(deciding, (struct verdict){ EFFECT_ALLOW, rule, tool->where, sentence("nothing speaks against it"),
					       sentence("%s: allowed", rule) });
	if (rc < 0 || !tool->ask_always)
		return rc;
	return speak(deciding,
		     (struct verdict){ EFFECT_ASK, rule, tool->where,
				       sentence("'ask: always' at %s: a person must approve each call", tool->where),
				       sentence("%s: a person must approve each call", rule) });
}

static int decide_known(struct deciding *deciding)
{
	const struct policy *policy = deciding->in->policy;
	int rc = decide_arguments(deciding);

	for (size_t i = 0; i < policy->flow_count && rc == 0; i++)
		rc = decide_flow(deciding, &policy->flows[i]);
	if (rc == 0)
		rc = decide_rates(deciding);
	return rc < 0 ? rc : decide_tool(deciding);
}

int policy_decide(const struct decide_input *input, struct decision *decision, struct cordon_err *err)
{
	struct decision made = { .effect = EFFECT_DENY, .path = json_array() };
	struct deciding deciding = { .in = input, .out = &made, .err = err };
	int rc = made.path ? 0 : err_nomem(err);

	if (rc == 0)
		rc = input->tool ? decide_known(&deciding) : decide_unknown(&deciding);
	if (rc < 0) {
		decision_release(&made);
		return rc;
	}
	*decision = made;
	return 0;
}

void decision_release(struct decision *decision)
{
	free(decision->rule);
	free(decision->where);
	free(decision->why);
	free(decision->say);
	json_decref(decision->path);
	*decision = (struct decision){ .effect = EFFECT_DENY };
}

const char *effect_name(enum effect effect)
{
	static const char *const names[] = { "deny", "ask", "allow" };

	return (unsigned int)effect < ARRAY_LEN(names) ? names[effect] : names[EFFECT_DENY];
}
