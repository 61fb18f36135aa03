// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_trust.c - `cordon trust [FILE]`: this config is mine, as it is now.
 */
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static int run(const struct options *options)
{
	struct surroundings around;
	struct cordon_err err = { .code = 0 };
	const char *file = options->operand_count ? options->operands[0]
			   : options->config	  ? options->config
						  : "cordon.yaml";
	char hex[65];
	int rc = surroundings_look(options, &around, &err);

	if (rc == 0)
		rc = policy_trust(&around.place, file, hex, &err);
	if (rc < 0) {
		terminal_fault(&err);
		return 2;
	}
	if (options->json)
		return terminal_json(json_pack("{s:s, s:s}", "file", file, "sha256", hex));
	terminal_line(stdout, "trusted '%s' (sha256 %s)", file, hex);
	return 0;
}

const struct verb verb_trust = {
	.name = "trust",
	.operands = "[FILE]",
	.summary = "Approve a config's bytes as they are now (./cordon.yaml where no file is named)",
	.detail = "",
	.operand_max = 1,
	.fault_status = 2,
	.run = run,
};
