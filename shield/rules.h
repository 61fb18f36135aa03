/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rules.h - the patterns, as tables.
 *
 * A pattern is a row of slots, read left to right. A slot is alternatives ("ignore|disregard") or a named set
 * ("@ignore"); "_" is a space inside an alternative, "*" at its end stands for any end of the word. "+3" before a slot
 * lets up to three other words stand in between; without it the slots touch. Words are written as fold.h gives them.
 */
#ifndef SHIELD_RULES_H
#define SHIELD_RULES_H

#include <stddef.h>

/* What a pattern is about, and the sentence that a finding says it with. */
#define RULE_CLASSES(X)                                                                                                \
	X(OVERRIDE, "tells its reader to set aside the instructions it was given")                                     \
	X(ROLE, "gives its reader another role, or a mode without limits")                                             \
	X(LEAK, "asks for the system prompt or other hidden instructions")                                             \
	X(TOOL, "tells its reader to call a tool or run a command")                                                    \
	X(EXFIL, "asks to send data somewhere")                                                                        \
	X(AUTHORITY, "claims authority or urgency over its reader")                                                    \
	X(SECRECY, "asks to keep something from the user")                                                             \
	X(PERSONA, "dictates who its reader is and how it must speak")                                                 \
	X(PAYLOAD, "dictates what the answer must contain")                                                            \
	X(AGENT, "speaks to an AI and not to a person")                                                                \
	X(POISON, "orders steps that must come before a tool may be used")                                             \
	X(COMPLETION, "pretends that the task is done and gives another")                                              \
	X(TOKEN, "imitates the marks that separate the turns of a chat")                                               \
	X(DISCUSSION, "speaks of attacks on language models")

enum rule_class {
#define X(id, says) RULE_##id,
	RULE_CLASSES(X)
#undef X
		RULE_CLASS_COUNT
};

struct rule {
	const char *id; /* language, class, what sets it apart */
	enum rule_class class;
	double weight; /* how sure one hit alone is, 0 to 1 */
	const char *pattern;
	const char *hit; /* an example that must match */
	const char *miss; /* and one, as near as can be, that must not */
};

struct rule_set {
	const char *name;
	const char *alternatives;
};

struct rule_table {
	const struct rule *rules;
	size_t count;
};

extern const struct rule_set rule_sets[];
extern const size_t rule_set_count;
extern const struct rule_table rules_english;
extern const struct rule_table rules_other; /* the other languages */

const char *rule_class_says(enum rule_class class);

#endif
