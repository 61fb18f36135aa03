// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_init.c - `cordon init`: a commented cordon.yaml for this folder and this machine's rung, never over one, approved
 * by the one who asked for it; then the lines that register Cordon with an agent.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define FILE_NAME "cordon.yaml"
#define CONFIG_MAX (64u << 10)

static const char config_head[] =
	"# What an agent may do here. Everything that is not listed is refused.\n"
	"# 'cordon check' tells whether this file is sound, 'cordon explain TOOL' what would be decided and why.\n"
	"version: 1\n"
	"\n"
	"profiles:\n"
	"  # What a program sees. The system's programs are always there, read-only; nothing else is.\n"
	"  reader:\n"
	"    read: [\"${workspace}\"]\n"
	"    limits: {wall: 10s, cpu: 5s, memory: 256M, pids: 64, output: 1M, disk: 64M}\n";

static const char config_rung_three[] =
	"    # This machine has no namespaces ('cordon doctor' tells why). Without them a tool has no private /tmp,\n"
	"    # sees the process list, and its limits are per process.\n"
	"    allow-missing: [namespaces]\n";

static const char config_tail[] =
	"\n"
	"tools:\n"
	"  grep:\n"
	"    description: Lines of the workspace's files that match a pattern.\n"
	"    run: [/usr/bin/grep, -rn, --, \"{pattern}\", \"{path}\"] # an argument list, never a shell\n"
	"    ok-exit: [0, 1] # 1 is \"no match\"\n"
	"    profile: reader\n"
	"    args:\n"
	"      pattern: {type: string, maxLength: 200}\n"
	"      path: {type: string, under: \"${workspace}\"}\n"
	"    marks: [reads-private]\n"
	"\n"
	"  list:\n"
	"    description: What is in a folder of the workspace.\n"
	"    run: [/usr/bin/ls, -la, --, \"{path}\"]\n"
	"    profile: reader\n"
	"    args:\n"
	"      path: {type: string, under: \"${workspace}\"}\n"
	"    marks: [reads-private]\n"
	"\n"
	"  # The safe document store: fill it with 'cordon index PATH'.\n"
	"  search: {store: search, args: {query: {type: string, maxLength: 400}}, marks: [reads-untrusted]}\n"
	"  read: {store: read, args: {doc: {type: string}}, marks: [reads-untrusted]}\n"
	"\n"
	"limits:\n"
	"  - {tools: \"*\", max: 60/min}\n"
	"\n"
	"# What happens to a reply by the shield's word: quarantine, redact or fence.\n"
	"shield: {injection: quarantine, suspicious: fence, secrets: redact}\n"
	"\n"
	"# Run at every load: a policy that fails its own examples is not loaded.\n"
	"tests:\n"
	"  - {call: grep, with: {pattern: x, path: .}, expect: allow}\n"
	"  - {call: grep, with: {pattern: x, path: \"../../etc/passwd\"}, expect: deny}\n";

static const struct {
	const char *agent;
	const char *before; /* the program's path stands between these, then the config's */
	const char *between;
	const char *after;
} registrations[] = {
	{ "claude-code", "claude mcp add cordon -- '", "' mcp --config '", "'\n" },
	{ "codex", "# in ~/.codex/config.toml\n[mcp_servers.cordon]\ncommand = '", "'\nargs = ['mcp', '--config', '",
	  "']\n" },
	{ "gemini", "gemini mcp add cordon '", "' mcp --config '", "'\n" },
};

static const char generic_before[] = "{\"mcpServers\": {\"cordon\": {\"command\": \"";
static const char generic_between[] = "\", \"args\": [\"mcp\", \"--config\", \"";
static const char generic_after[] = "\"]}}}\n";

static int check_agent(const char *agent, struct cordon_err *err)
{
	for (size_t i = 0; agent && i < ARRAY_LEN(registrations); i++)
		if (!strcmp(registrations[i].agent, agent))
			return 0;
	return agent ? err_set(err, CORDON_EINVAL, 0, "unknown agent '%s': claude-code, codex or gemini", agent) : 0;
}

static int write_config(const char *path, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = CONFIG_MAX };
	cleanup_close int fd = -1;
	struct jail_machine machine;
	int rc = jail_probe(&machine, err);

	if (rc == 0)
		rc = buf_add_text(&text, config_head, err);
	if (rc == 0 && jail_rung(&machine) == 3)
		rc = buf_add_text(&text, config_rung_three, err);
	if (rc == 0)
		rc = buf_add_text(&text, config_tail, err);
	if (rc < 0)
		return rc;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
	if (fd < 0 && errno == EEXIST)
		return err_set(err, CORDON_EINVAL, 0, "'%s' is there already and is left as it is", path);
	if (fd < 0)
		return err_set(err, CORDON_EINVAL, errno, "cannot make '%s'", path);
	/* Whatever the umask: a config that others may write is not used. */
	if (fchmod(fd, 0644) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot set the mode of '%s'", path);
	rc = file_write_fd(fd, buf_slice(&text), err);
	if (rc == 0 && fsync(fd) < 0)
		rc = err_set(err, CORDON_ESYS, errno, "cannot write '%s'", path);
	if (rc < 0)
		unlink(path);
	return rc;
}

static void print_registration(const char *agent, const char *config)
{
	char self[PATH_MAX];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 1);
	const char *before = generic_before;
	const char *between = generic_between;
	const char *after = generic_after;

	self[len > 0 ? len : 0] = '\0';
	for (size_t i = 0; agent && i < ARRAY_LEN(registrations); i++) {
		if (strcmp(registrations[i].agent, agent))
			continue;
		before = registrations[i].before;
		between = registrations[i].between;
		after = registrations[i].after;
	}
	printf("\nTo put Cordon in front of %s:\n\n", agent ? agent : "an MCP client");
	fputs(before, stdout);
	terminal_text(stdout, slice_of(len > 0 ? self : "cordon"));
	fputs(between, stdout);
	terminal_text(stdout, slice_of(config));
	fputs(after, stdout);
}

static int report(const struct options *options, const char *path, const struct policy *policy)
{
	if (options->json)
		return terminal_json(json_pack("{s:o, s:b, s:i}", "config", text_or_null(path), "sound", 1, "tools",
					       (int)policy->tool_count));
	terminal_line(stdout, "wrote '%s', approved it, and checked it: sound (%zu tools)", path, policy->tool_count);
	fputs("\nTry it:\n\n  cordon run list --arg path=.\n  cordon run grep --arg pattern=version --arg "
	      "path=cordon.yaml\n",
	      stdout);
	print_registration(options->agent, path);
	return 0;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	char path[PATH_MAX + sizeof(FILE_NAME) + 1];
	char hex[65];
	int rc = check_agent(options->agent, &err);

	if (rc == 0)
		rc = surroundings_look(options, &around, &err);
	if (rc < 0)
		return terminal_fault(&err);
	if (options->config)
		rc = snprintf(path, sizeof(path), "%s%s%s", options->config[0] == '/' ? "" : around.cwd,
			      options->config[0] == '/' ? "" : "/", options->config);
	else
		rc = snprintf(path, sizeof(path), "%s/%s", around.cwd, FILE_NAME);
	rc = rc < 0 || (size_t)rc >= sizeof(path)
		     ? err_set(&err, CORDON_EINVAL, 0, "the config's path is longer than %d bytes", PATH_MAX)
		     : write_config(path, &err);
	if (rc == 0)
		rc = policy_trust(&around.place, path, hex, &err);
	around.place.config = path;
	if (rc == 0)
		rc = policy_load(&around.place, &around.policy, &err);
	if (rc < 0)
		return terminal_fault(&err);
	return report(options, path, around.policy);
}

static const struct option_row rows[] = {
	OPTION_ROW("--agent", "AGENT", OPTION_TEXT, agent, "print the lines for claude-code, codex or gemini"),
};

const struct verb verb_init = {
	.name = "init",
	.operands = "",
	.summary = "Write a commented cordon.yaml for this folder, never over one, and check it",
	.detail = "The file is approved for this user, and works at once: cordon run list --arg path=.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.fault_status = 2,
	.run = run,
};
