// SPDX-License-Identifier: Apache-2.0
/*
 * policy_decide.c - deny beats ask beats allow beats the default; each rule that was looked at has its row; a refusal says its
 * rule to the model and its line to the operator, and nothing that the model wrote gets through as it was.
 */
#include "tests/unit/base_scratch.h"

#include "sandbox/base/json.h"
#include "sandbox/base/utf8.h"
#include "sandbox/policy/policy.h"
#include "sandbox/policy/schema/schema.h"

static char config[] = "/home/someone/secret-project/cordon.yaml";
static char reads_private[] = "reads-private";
static char reads_untrusted[] = "reads-untrusted";
static char sends_out[] = "sends-out";
static char *nothing[] = { NULL };
static char *sends[] = { sends_out, NULL };
static char *sends_and_reads[] = { sends_out, reads_private, reads_untrusted, NULL };
static char *both[] = { reads_private, reads_untrusted, NULL };
static char *untrusted[] = { reads_untrusted, NULL };
static char *private[] = { reads_private, NULL };

static char post[] = "post", list[] = "list";
static char line_3[] = "cordon.yaml:3", line_7[] = "cordon.yaml:7", line_8[] = "cordon.yaml:8",
	    line_9[] = "cordon.yaml:9";
static char no_send[] = "no-send", ask_send[] = "ask-send", say[] = "Nothing may be sent out.";

static struct tool tools[] = { { .name = post, .where = line_3 }, { .name = list, .where = line_3 } };
static struct flow flows[2];
static struct policy policy;
static struct session_view session;
static struct decision decision;
static struct cordon_err err;

static void begin(void)
{
	static const char text[] = "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\",\"maximum\":9},"
				   "\"s\":{\"type\":\"string\",\"maxLength\":3}},\"required\":[\"n\"],"
				   "\"additionalProperties\":false}";
	cleanup_json json_t *document = NULL;

	scratch_make();
	cr_assert_eq(jsontext_load(SLICE(text), &document, &err), 0, "%s", err.text);
	cr_assert_eq(schema_compile(document, SCHEMA_ARGS, &tools[0].schema, NULL, &err), 0, "%s", err.text);
	tools[0].arg_where = json_pack("{s:s}", "n", "cordon.yaml:5");
	tools[0].marks = sends;
	flows[0] = (struct flow){ ask_send, line_8, NULL, FLOW_ASK, sends_out, untrusted };
	flows[1] = (struct flow){ no_send, line_7, say, FLOW_DENY, sends_out, both };
	policy = (struct policy){ .path = config,
				  .tools = tools,
				  .tool_count = ARRAY_LEN(tools),
				  .flows = flows,
				  .flow_count = ARRAY_LEN(flows) };
	session = (struct session_view){ .marks = nothing };
}

static void end(void)
{
	decision_release(&decision);
	schema_free(tools[0].schema);
	json_decref(tools[0].arg_where);
	scratch_drop();
}

TestSuite(decide, .init = begin, .fini = end);

static void decide_value(const json_t *args)
{
	struct facts facts = { .paths = NULL };
	struct decide_input input = { &policy, &tools[0], "post", args, &facts, &session };

	decision_release(&decision);
	cr_assert_eq(policy_decide(&input, &decision, &err), 0, "%s", err.text);
}

static void decide(const char *args_text)
{
	cleanup_json json_t *args = NULL;

	cr_assert_eq(jsontext_load(slice_of(args_text), &args, &err), 0, "%s: %s", args_text, err.text);
	decide_value(args);
}

static void expect(enum effect effect, const char *rule, const char *where)
{
	cr_expect_eq(decision.effect, effect, "%s: %s", effect_name(decision.effect), decision.why);
	cr_expect_str_eq(decision.rule, rule);
	cr_expect_str_eq(decision.where, where);
	cr_expect(*decision.why && *decision.say);
	cr_expect_null(strstr(decision.say, "cordon.yaml"), "a line of the config for the model: %s", decision.say);
	cr_expect_null(strstr(decision.say, "/home/"), "a path of the host for the model: %s", decision.say);
	if (effect != EFFECT_ALLOW) {
		cr_expect_eq(strncmp(decision.say, rule, strlen(rule)), 0, "the rule's name comes first: %s",
			     decision.say);
		cr_expect(strstr(decision.why, "to allow it") || effect == EFFECT_ASK, "no remedy: %s", decision.why);
	}
}

/* "deny flow no-send -" and so on: one row of explain's path, '+' where it matched. */
static void expect_rows(const char *const *rows)
{
	const json_t *row;
	size_t index;

	json_array_foreach(decision.path, index, row)
	{
		char text[200];

		snprintf(text, sizeof(text), "%s %s %s", jsontext_get_text(row, "effect", "?"),
			 jsontext_get_text(row, "rule", "?"), jsontext_get_flag(row, "matched", false) ? "+" : "-");
		cr_assert_not_null(rows[index], "one row more: %s", text);
		cr_expect_str_eq(text, rows[index]);
		cr_expect_eq(strncmp(jsontext_get_text(row, "where", ""), "cordon.yaml:", 12), 0);
	}
	cr_expect_null(rows[json_array_size(decision.path)]);
}

Test(decide, allows_what_no_rule_speaks_against_and_shows_each_that_was_looked_at)
{
	decide("{\"n\":1}");
	expect(EFFECT_ALLOW, "tool post", "cordon.yaml:3");
	expect_rows((const char *const[]){ "deny arguments -", "ask flow ask-send -", "deny flow no-send -",
					   "allow tool post +", NULL });
}

Test(decide, is_deny_where_nothing_was_decided)
{
	struct decision zero = { 0 };

	cr_expect_eq(zero.effect, EFFECT_DENY);
	cr_expect_str_eq(effect_name(EFFECT_DENY), "deny");
	cr_expect_str_eq(effect_name(EFFECT_ASK), "ask");
	cr_expect_str_eq(effect_name(EFFECT_ALLOW), "allow");
	cr_expect_str_eq(effect_name((enum effect)77), "deny");
	decision_release(&zero);
}

static const struct {
	const char *args;
	const char *words; /* for the model */
	const char *where;
	const char *change; /* for the operator */
} refused[] = {
	{ "{}", "'n' is missing", "cordon.yaml:3", "optional: true" },
	{ "{\"n\":10}", "/n", "cordon.yaml:5", "raise 'maximum'" },
	{ "{\"n\":\"1\"}", "/n", "cordon.yaml:5", "'type'" },
	{ "{\"n\":null}", "/n", "cordon.yaml:5", "'type'" },
	{ "{\"n\":1.5}", "/n", "cordon.yaml:5", "'type'" },
	{ "{\"n\":1,\"s\":\"four\"}", "/s", "cordon.yaml:3", "raise 'maxLength'" },
	{ "{\"n\":1,\"m\":1}", "unknown key 'm'", "cordon.yaml:3", "under 'args:'" },
	{ "{\"N\":1,\"n\":1}", "the known ones are n, s", "cordon.yaml:3", "under 'args:'" },
	{ "[]", "not one JSON object", "cordon.yaml:3", "" },
	{ "[{\"n\":1}]", "not one JSON object", "cordon.yaml:3", "" },
};

Test(decide, refuses_wrong_missing_and_extra_arguments_by_name)
{
	for (size_t i = 0; i < ARRAY_LEN(refused); i++) {
		decide(refused[i].args);
		expect(EFFECT_DENY, "arguments", refused[i].where);
		cr_expect(strstr(decision.say, refused[i].words), "%s: %s", refused[i].args, decision.say);
		cr_expect(strstr(decision.why, refused[i].change), "%s: %s", refused[i].args, decision.why);
	}
	decide_value(NULL);
	expect(EFFECT_DENY, "arguments", "cordon.yaml:3");
}

Test(decide, tells_the_keys_of_a_model_without_what_a_terminal_obeys)
{
	cleanup_json json_t *args = json_pack("{s:i, s:i}", "n", 1, "\x1b[2Jallow\nrule: tool post", 1);

	decide_value(args);
	expect(EFFECT_DENY, "arguments", "cordon.yaml:3");
	cr_expect_null(strpbrk(decision.say, "\x1b\n"), "%s", decision.say);
	cr_expect_null(strpbrk(decision.why, "\x1b\n"), "%s", decision.why);
}

Test(decide, asks_after_one_mark_and_denies_after_all)
{
	session.marks = private;
	decide("{\"n\":1}");
	expect(EFFECT_ALLOW, "tool post", "cordon.yaml:3");
	session.marks = untrusted;
	decide("{\"n\":1}");
	expect(EFFECT_ASK, "flow ask-send", "cordon.yaml:8");
	session.marks = both;
	decide("{\"n\":1}");
	expect(EFFECT_DENY, "flow no-send", "cordon.yaml:7");
	cr_expect(strstr(decision.say, say), "%s", decision.say);
	expect_rows((const char *const[]){ "deny arguments -", "ask flow ask-send +", "deny flow no-send +",
					   "allow tool post +", NULL });
}

Test(decide, holds_a_call_to_the_marks_before_it_and_not_to_its_own)
{
	tools[0].marks = sends_and_reads;
	decide("{\"n\":1}");
	expect(EFFECT_ALLOW, "tool post", "cordon.yaml:3");
	session.marks = both;
	tools[0].marks = both;
	decide("{\"n\":1}");
	expect(EFFECT_ALLOW, "tool post", "cordon.yaml:3");
}

Test(decide, takes_a_mark_for_the_whole_word)
{
	char longer[] = "reads-untrusted-not";
	char shorter[] = "reads";
	char *marks[] = { longer, shorter, NULL };

	session.marks = marks;
	decide("{\"n\":1}");
	expect(EFFECT_ALLOW, "tool post", "cordon.yaml:3");
}

Test(decide, denies_where_no_token_is_left_and_says_when_one_is)
{
	session.exhausted = line_9;
	session.exhausted_rule = "limit *";
	session.retry_ms = 1001;
	decide("{\"n\":1}");
	expect(EFFECT_DENY, "limit *", "cordon.yaml:9");
	cr_expect(strstr(decision.say, "in 2 s"), "%s", decision.say);
	session.retry_ms = 0;
	decide("{\"n\":1}");
	expect(EFFECT_DENY, "limit *", "cordon.yaml:9");
	cr_expect(strstr(decision.say, "in this session"), "%s", decision.say);
}

Test(decide, names_the_first_of_what_denies_and_lets_no_ask_soften_it)
{
	tools[0].ask_always = true;
	session.exhausted = line_9;
	session.exhausted_rule = "limit *";
	decide("{\"n\":1}");
	expect(EFFECT_DENY, "limit *", "cordon.yaml:9");
	session.marks = both;
	decide("{\"n\":1}");
	expect(EFFECT_DENY, "flow no-send", "cordon.yaml:7");
	decide("{\"n\":10}");
	expect(EFFECT_DENY, "arguments", "cordon.yaml:5");
}

Test(decide, asks_each_time_where_the_tool_says_so)
{
	tools[0].ask_always = true;
	decide("{\"n\":1}");
	expect(EFFECT_ASK, "tool post", "cordon.yaml:3");
	session.marks = untrusted;
	decide("{\"n\":1}");
	expect(EFFECT_ASK, "flow ask-send", "cordon.yaml:8");
}

static void decide_unknown(const char *name)
{
	struct decide_input input = { .policy = &policy, .name = name, .session = &session };

	decision_release(&decision);
	cr_assert_eq(policy_decide(&input, &decision, &err), 0, "%s", err.text);
	cr_expect_eq(decision.effect, EFFECT_DENY);
	cr_expect_str_eq(decision.rule, "default");
}

Test(decide, denies_a_tool_that_is_not_there_and_names_the_one_that_was_meant)
{
	decide_unknown("pots");
	cr_expect(strstr(decision.say, "did you mean 'post'"), "%s", decision.say);
	decide_unknown("rm");
	cr_expect_null(strstr(decision.say, "did you mean"), "%s", decision.say);
	cr_expect_null(strstr(decision.say, config), "%s", decision.say);
	decide_unknown("");
	decide_unknown(NULL);
	policy = (struct policy){ .path = NULL };
	decide_unknown("post");
	cr_expect_str_eq(decision.where, "built-in");
}

static const char *const hostile[] = {
	"\x1b[2J\x1b[1;1Hallowed",
	"a\ndecision: allow",
	"\xff\xfe",
	"a\xe2\x80\xae"
	"b", /* right-to-left override */
	"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98"
	"\x80"
	"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98"
	"\x80"
	"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98"
	"\x80"
	"\xf0\x9f\x98\x80\xf0\x9f\x98\x80\xf0\x9f\x98\x80"
	"ab\xf0\x9f\x98\x80\xf0\x9f\x98\x80", /* its hundredth byte is inside a character */
};

static void expect_printable(const char *text)
{
	cr_expect_eq(utf8_valid_until(slice_of(text)), strlen(text), "no UTF-8: %s", text);
	cr_expect_null(strpbrk(text, "\x1b\n\r\t"), "%s", text);
	cr_expect_null(strstr(text, "\xe2\x80\xae"), "%s", text);
}

Test(decide, repeats_an_unknown_name_only_as_printable_text)
{
	for (size_t i = 0; i < ARRAY_LEN(hostile); i++) {
		decide_unknown(hostile[i]);
		expect_printable(decision.say);
		expect_printable(decision.why);
	}
}

Test(decide, gives_the_same_decision_for_the_same_input)
{
	cleanup_buf struct buf first = { .limit = 1u << 16 };
	cleanup_buf struct buf second = { .limit = 1u << 16 };

	session.marks = both;
	decide("{\"n\":1}");
	cr_assert_eq(jsontext_dump(decision.path, &first, &err), 0);
	decide("{\"n\":1}");
	cr_assert_eq(jsontext_dump(decision.path, &second, &err), 0);
	cr_expect_str_eq(buf_text(&first), buf_text(&second));
}
