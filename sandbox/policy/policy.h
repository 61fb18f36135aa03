/* SPDX-License-Identifier: Apache-2.0 */
/*
 * policy.h - the loaded config, and the decision: a pure function of (policy, session state, call, facts).
 *
 * A policy is loaded whole or not at all: strict YAML with lines and columns, checked against configs/cordon.schema.json
 * by the same validator that checks tool arguments, then compiled. It is read-only afterwards and may be shared by calls.
 * Everything in it is owned by it. `where` fields are "cordon.yaml:12", or "built-in".
 */
#ifndef POLICY_POLICY_H
#define POLICY_POLICY_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"
#include "sandbox/base/digest.h"
#include "sandbox/base/parse.h"
#include "sandbox/jail/jail.h"
#include "sandbox/policy/schema/fact.h"
#include "shield/shield.h"

struct profile {
	char *name;
	char *where;
	char **read; /* absolute paths, ${workspace} replaced; NULL-terminated, as are all char ** here */
	char **write; /* write includes read */
	char **env; /* NAME=value */
	char **pass_env; /* NAME */
	struct jail_limits limits;
	uint32_t allow_missing; /* bits of enum jail_promise */
};

enum tool_kind { TOOL_RUN, TOOL_SEARCH, TOOL_READ };

struct schema; /* a compiled JSON Schema with Cordon's keywords (schema.h) */

struct tool {
	char *name;
	char *where;
	char *description;
	enum tool_kind kind;
	char **argv; /* templates, TOOL_RUN */
	char *stdin_template; /* NULL: /dev/null */
	unsigned char *ok_exit; /* 256 flags */
	const struct profile *profile;
	struct schema *schema; /* of the whole argument object */
	json_t *input_schema; /* what a model is shown: the schema less Cordon's own keywords */
	char **marks;
	struct rate rate; /* max 0: none */
	bool ask_always;
	json_t *arg_where; /* argument's name -> "cordon.yaml:12" */
};

struct flow {
	char *name, *where, *say;
	enum { FLOW_DENY, FLOW_ASK } effect;
	char *mark; /* calls that would set this mark ... */
	char **after; /* ... in a session that has all of these */
};

struct limit {
	char *where;
	char *tools; /* pattern: a name, or with `*` */
	struct rate rate;
};

/* What happens to a reply by the shield's word: config `shield:`. The zero value withholds. */
enum shield_action { ACTION_QUARANTINE, ACTION_REDACT, ACTION_FENCE };

struct policy {
	char *path; /* of the config file; NULL: built-in default */
	char *folder; /* its folder, canonical; the base of relative paths */
	char *workspace; /* canonical */
	char *data; /* the data folder, absolute */
	struct digest revision; /* SHA-256 of the config's bytes (of the built-in text without a file) */
	struct profile *profiles;
	size_t profile_count;
	struct tool *tools;
	size_t tool_count;
	struct flow *flows;
	size_t flow_count;
	struct limit *limits;
	size_t limit_count;
	enum shield_action injection, suspicious, secrets;
	json_t *tests; /* as written; run by policy_load() */
	char **warnings; /* wide profiles, shadowed rules: said by `check`, status 0 */
};

struct policy_place { /* where and for whom to load */
	const char *config; /* --config, or NULL: ./cordon.yaml, $XDG_CONFIG_HOME/..., built-in */
	const char *workspace; /* --workspace, or NULL */
	const char *cwd; /* absolute */
	const char *home; /* $HOME, or NULL */
	const char *xdg_config, *xdg_data, *cordon_data; /* the environment's, or NULL */
	uid_t uid;
	enum { WORKSPACE_NEEDED, WORKSPACE_UNUSED } use; /* UNUSED: no tool is run, so any folder will do */
};

/*
 * Finds, reads, checks and compiles the config. CORDON_ECONFIG with "file:line" and what would be right. A found
 * ./cordon.yaml that is not approved (policy_trust()) is CORDON_ECONFIG with the command to type.
 */
USE_RESULT int policy_load(const struct policy_place *place, struct policy **out, struct cordon_err *err);
void policy_free(struct policy *policy);
/* `cordon trust FILE`: approves the bytes of the file as they are now. *hex gets the SHA-256. */
USE_RESULT int policy_trust(const struct policy_place *place, const char *file, char hex[65], struct cordon_err *err);

/* Both accept a name with "__" for "." (DESIGN, names). NULL: not there. */
const struct tool *policy_tool(const struct policy *policy, const char *name);
const struct profile *policy_profile(const struct policy *policy, const char *name);

/* ---- facts: what the decision needs from outside, gathered before it ---- */

/* Resolves every `under` argument (openat2 with RESOLVE_BENEATH|RESOLVE_NO_MAGICLINKS; without openat2, component by
 * component with O_NOFOLLOW). Bad arguments are facts, not errors. */
USE_RESULT int facts_gather(const struct policy *policy, const struct tool *tool, const json_t *args,
			    struct facts *facts, struct cordon_err *err);
void facts_release(struct facts *facts);

/* ---- session state: marks, counters (state.db) ---- */

struct session;

/* id NULL: the user's default session, which ends after a day without calls. */
USE_RESULT int session_open(const struct policy *policy, const char *id, struct session **out, struct cordon_err *err);
void session_close(struct session *session);
const char *session_id(const struct session *session);
/* Reads marks and counters as they are now, for a decision that counts nothing (explain). */
struct session_view { /* what a decision sees of the session */
	char **marks;
	const char *exhausted; /* where of the rate or limit that has no token left; NULL: none */
	const char *exhausted_rule; /* "limit *", "rate grep" */
	uint64_t retry_ms;
};
USE_RESULT int session_look(struct session *session, const struct policy *policy, const struct tool *tool,
			    struct session_view *view, struct cordon_err *err);
void session_view_release(struct session_view *view);
/*
 * For an allowed call, in one transaction with the look: takes a token of each bucket that covers the tool and sets the
 * tool's marks. *view tells when another process was quicker and nothing was left: then nothing was taken or set.
 */
USE_RESULT int session_commit(struct session *session, const struct policy *policy, const struct tool *tool,
			      struct session_view *view, struct cordon_err *err);

/* ---- the decision ---- */

enum effect { EFFECT_DENY, EFFECT_ASK, EFFECT_ALLOW };

struct decision {
	enum effect effect;
	char *rule; /* "arguments", "flow no-send-after-untrusted", "limit *", "tool grep", "default", ... */
	char *where; /* cordon.yaml:12 */
	char *why; /* for the operator */
	char *say; /* for the model: rule's name, reason, what would have been allowed; no host path, no line */
	json_t *path; /* explain's "path": [{"rule","where","effect","matched"}] */
};

/* Pure. tool NULL: unknown tool `name`. args NULL: they were not a JSON object. */
struct decide_input {
	const struct policy *policy;
	const struct tool *tool;
	const char *name;
	const json_t *args;
	const struct facts *facts;
	const struct session_view *session;
};
USE_RESULT int policy_decide(const struct decide_input *input, struct decision *decision, struct cordon_err *err);
void decision_release(struct decision *decision);
const char *effect_name(enum effect effect);

/* ---- templates ---- */

struct command { /* a filled template: what will be exec'ed */
	char **argv;
	char *stdin_text; /* NULL: none */
	size_t stdin_len;
};
USE_RESULT int command_fill(const struct tool *tool, const json_t *args, const struct facts *facts,
			    struct command *command, struct cordon_err *err);
void command_release(struct command *command);

#endif
