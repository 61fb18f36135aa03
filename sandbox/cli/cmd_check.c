// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_check.c - `cordon check`: is the config sound. The loading is the check; this says how it went.
 */
#include "sandbox/base/digest.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static int fail(const struct options *options, const struct cordon_err *err)
{
	if (options->json)
		terminal_json(json_pack("{s:b, s:s}", "sound", 0, "fault", err->text));
	terminal_fault(err);
	return 2;
}

static int print_json(const struct policy *policy)
{
	json_t *warnings = json_array();
	char hex[2 * DIGEST_BYTES + 1];

	for (size_t i = 0; policy->warnings && policy->warnings[i]; i++)
		json_array_append_new(warnings, text_or_null(policy->warnings[i]));
	digest_hex(&policy->revision, hex);
	return terminal_json(json_pack("{s:b, s:o, s:s, s:o, s:i, s:i, s:i, s:o}", "sound", 1, "config",
				       text_or_null(policy->path), "revision", hex, "workspace",
				       text_or_null(policy->workspace), "tools", (int)policy->tool_count, "profiles",
				       (int)policy->profile_count, "tests", (int)json_array_size(policy->tests),
				       "warnings", warnings));
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	const struct policy *policy;

	if (surroundings_load(options, &around, &err) < 0)
		return fail(options, &err);
	policy = around.policy;
	for (size_t i = 0; policy->warnings && policy->warnings[i]; i++)
		terminal_line(stderr, "cordon: warning: %s", policy->warnings[i]);
	if (options->json)
		return print_json(policy);
	terminal_line(stdout, "%s: sound (%zu tools, %zu profiles, %zu tests passed)",
		      policy->path ? policy->path : "built-in config", policy->tool_count, policy->profile_count,
		      json_array_size(policy->tests));
	return 0;
}

static const struct option_row rows[] = {
	OPTION_ROW("--workspace", "DIR", OPTION_TEXT, workspace, "the workspace (else the config's, else this folder)"),
};

const struct verb verb_check = {
	.name = "check",
	.operands = "",
	.summary = "Check the config: its keys, its rules, its own tests",
	.detail = "Exit status: 0 sound (warnings included), 2 any fault.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.fault_status = 2,
	.run = run,
};
