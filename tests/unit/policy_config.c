// SPDX-License-Identifier: Apache-2.0
/*
 * policy_config.c - a config is loaded whole or not at all: each fault names file and line and what would be right; what comes
 * with Cordon loads; one that was merely found is not believed.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>

#include "sandbox/base/file.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/config.h"
#include "sandbox/policy/schema/schema.h"
#include "sandbox/policy/schema_text.h"

static char source[PATH_MAX]; /* where the tests are run: the repository's root */
static char folder[] = "/var/tmp/policy-config.XXXXXX";

static void make_folder(void)
{
	char path[100];

	cr_assert_not_null(getcwd(source, sizeof(source)));
	cr_assert_not_null(mkdtemp(folder));
	snprintf(path, sizeof(path), "%s/ws", folder);
	cr_assert_eq(mkdir(path, 0755), 0);
	cr_assert_eq(chdir(path), 0);
}

static void remove_folder(void)
{
	char command[100];

	snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	cr_assert_eq(execl("/bin/sh", "sh", "-c", command, NULL), 0);
}

static void forget_folder(void)
{
	pid_t pid = fork();

	if (pid == 0)
		remove_folder();
}

static void put(const char *path, struct cordon_slice text, mode_t mode)
{
	cleanup_close int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_fd(fd, text, NULL), 0);
	cr_assert_eq(fchmod(fd, mode), 0);
}

static int load(const char *config, struct policy **out, struct cordon_err *err)
{
	char cwd[100];
	char data[100];
	char home[100];
	struct policy_place place = { .config = config, .uid = getuid() };

	snprintf(cwd, sizeof(cwd), "%s/ws", folder);
	snprintf(data, sizeof(data), "%s/data", folder);
	snprintf(home, sizeof(home), "%s/home", folder);
	place.cwd = cwd;
	place.cordon_data = data;
	place.home = home;
	return policy_load(&place, out, err);
}

TestSuite(config, .init = make_folder, .fini = forget_folder);

static const struct {
	const char *text;
	const char *words; /* in the message */
} faults[] = {
	{ "tools: {}\n", "'version' is missing" },
	{ "version: 2\n", "c.yaml:1: version" },
	{ "version: 01\n", "c.yaml:1: version" },
	{ "version: '1'\n", "c.yaml:1: version" },
	{ "[]\n", "mapping" },
	{ "version: 1\ntolls: {}\n", "c.yaml:2: tolls: unknown key 'tolls': did you mean 'tools'?" },
	{ "version: 1\ntools: {t: {rnu: [/bin/true], args: {}}}\n", "did you mean 'run'?" },
	{ "version: 1\ntools:\n  t:\n    run: [/bin/true]\n    args: {a: {tipe: string}}\n", "c.yaml:5: " },
	{ "version: 1\nservers: {}\n", "c.yaml:2: 'servers'" },
	{ "version: 1\nmoderation: {}\n", "not enforced by this build" },
	{ "version: 1\nformats: assert\n", "not enforced by this build" },
	{ "version: 1\ntools: {t: {http: {}, args: {}}}\n", "not enforced by this build" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {u: {type: string, host: [a]}}}}\n",
	  "not enforced by this build" },
	{ "version: 1\nprofiles: {p: {net: {hosts: [a]}}}\n", "not enforced by this build" },
	{ "version: 1\nprofiles: {p: {net: all}}\n", "c.yaml:2: profiles/p/net" },
	{ "version: 1\nprofiles: {p: {limits: {memory: 64}}}\n", "c.yaml:2: " },
	{ "version: 1\nprofiles: {p: {limits: {wall: 10}}}\n", "c.yaml:2: " },
	{ "version: 1\nprofiles: {p: {limits: {pids: 1_000}}}\n", "c.yaml:2: " },
	{ "version: 1\nprofiles: {p: {allow-missing: [everything]}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}, profile: none}}\n", "no profile is named 'none'" },
	{ "version: 1\ntools: {\"a b\": {run: [/bin/true], args: {}}}\n", "c.yaml:2: " },
	{ "version: 1\ntools:\n  a.b: {run: [/bin/true], args: {}}\n  a__b: {run: [/bin/true], args: {}}\n",
	  "c.yaml:4: " },
	{ "version: 1\ntools: {t: {run: [], args: {}}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {run: [/bin/echo, \"{x}\"], args: {}}}\n", "no argument of this tool" },
	{ "version: 1\ntools: {t: {run: [/bin/echo, \"{x\"], args: {x: {type: string}}}}\n", "'{' alone" },
	{ "version: 1\ntools: {t: {run: [\"{x}\"], args: {x: {type: string}}}}\n", "no argument can choose it" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {x: {type: string, pattern: \"(\"}}}}\n", "not a pattern" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {x: {optional: yes}}}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}, rate: 10}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}, ask: sometimes}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {args: {}}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {store: search, run: [/bin/true], args: {}}}\n", "c.yaml:2: " },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}, marks: [m]}}\nflows: [{name: f, deny: n, after: [m]}]\n",
	  "c.yaml:3: the flow 'f' can never match" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}}}\nlimits: [{tools: u, max: 1/min}]\n",
	  "c.yaml:3: the limit on 'u' can never match" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {}}}\ntests: [{call: t, expect: deny}]\n",
	  "c.yaml:3: the test of 't' expects deny" },
	{ "version: 1\ntests: [{call: t, expect: allow}]\n", "c.yaml:2: " },
	{ "version: 1\nworkspace: /\n", "workspace" },
	{ "version: 1\nworkspace: none-here\n", "none-here" },
	{ "version: 1\ntools: {t: {run: [/bin/true], args: {p: {under: \"${home}\"}}}}\n", "${workspace}" },
	{ "version: 1\nsets: {s: [a]}\ntools: {t: {run: [/bin/true], args: {p: {one-of: $other}}}}\n",
	  "no set is named 'other'" },
};

Test(config, names_line_and_remedy_of_each_fault)
{
	for (size_t i = 0; i < ARRAY_LEN(faults); i++) {
		struct policy *policy = NULL;
		struct cordon_err err = { .code = 0 };

		put("c.yaml", slice_of(faults[i].text), 0600);
		cr_expect_eq(load("c.yaml", &policy, &err), CORDON_ECONFIG, "%s", faults[i].text);
		cr_expect(strstr(err.text, faults[i].words), "%s-> %s", faults[i].text, err.text);
		policy_free(policy);
	}
}

static void copy_here(const char *from)
{
	cleanup_buf struct buf text = { .limit = 1u << 20 };
	struct cordon_err err = { .code = 0 };
	char path[PATH_MAX + 100];

	snprintf(path, sizeof(path), "%s/configs/%.60s", source, from);
	cr_assert_eq(file_read(AT_FDCWD, path, &text, &err), 0, "%s", err.text);
	put("copy.yaml", buf_slice(&text), 0600);
}

Test(config, loads_what_comes_with_cordon)
{
	const char *const files[] = { "cordon.yaml", "examples/coding-agent.yaml", "examples/rag-service.yaml" };

	cr_assert_eq(mkdir("notes", 0755), 0);
	cr_assert_eq(mkdir("outbox", 0755), 0);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		struct policy *policy = NULL;
		struct cordon_err err = { .code = 0 };

		copy_here(files[i]);
		cr_expect_eq(load("copy.yaml", &policy, &err), 0, "%s: %s", files[i], err.text);
		if (!policy)
			continue;
		cr_expect_geq(policy->tool_count, 4);
		cr_expect(!policy->warnings || !policy->warnings[0], "%s: %s", files[i],
			  policy->warnings ? policy->warnings[0] : "");
		policy_free(policy);
	}
}

Test(config, has_two_tools_and_a_narrow_profile_without_a_file)
{
	struct policy *policy = NULL;
	struct cordon_err err = { .code = 0 };
	const struct profile *tool;

	cr_assert_eq(load(NULL, &policy, &err), 0, "%s", err.text);
	tool = policy_profile(policy, "tool");
	cr_expect_eq(policy->tool_count, 2);
	cr_expect_str_eq(policy_tool(policy, "search")->where, "built-in");
	cr_expect_null(policy->path);
	cr_assert_not_null(tool);
	cr_expect_null(tool->read[0]);
	cr_expect_str_eq(tool->write[0], policy->workspace);
	cr_expect_eq(tool->limits.memory_bytes, 256u << 20);
	cr_expect_eq(tool->limits.wall_ms, 10000);
	cr_expect_eq(tool->limits.cpu_ms, 5000);
	cr_expect_eq(tool->limits.pids, 64);
	cr_expect_eq(tool->limits.output_bytes, 1u << 20);
	cr_expect_eq(tool->limits.disk_bytes, 64u << 20);
	cr_expect_eq(tool->limits.new_names, 8192);
	cr_expect_eq(tool->allow_missing, 0);
	policy_free(policy);
}

Test(config, gives_a_profile_the_limits_of_tool_and_no_list_of_it)
{
	struct policy *policy = NULL;
	struct cordon_err err = { .code = 0 };
	const struct profile *mine;

	put("c.yaml", SLICE("version: 1\nprofiles: {p: {limits: {wall: 1s}}, tool: {limits: {pids: 7}}}\n"), 0600);
	cr_assert_eq(load("c.yaml", &policy, &err), 0, "%s", err.text);
	mine = policy_profile(policy, "p");
	cr_expect_null(mine->read[0]);
	cr_expect_null(mine->write[0]);
	cr_expect_eq(mine->limits.wall_ms, 1000);
	cr_expect_eq(mine->limits.memory_bytes, 256u << 20);
	cr_expect_eq(policy_profile(policy, "tool")->limits.pids, 7);
	cr_expect_null(policy_profile(policy, "tool")->write[0], "one named like a built-in one replaces it");
	policy_free(policy);
}

Test(config, does_not_believe_a_file_that_was_merely_found)
{
	struct policy *policy = NULL;
	struct cordon_err err = { .code = 0 };
	char data[100];
	char cwd[100];
	struct policy_place place = { .uid = getuid() };
	char hex[65];

	snprintf(cwd, sizeof(cwd), "%s/ws", folder);
	snprintf(data, sizeof(data), "%s/data", folder);
	place.cwd = cwd;
	place.cordon_data = data;
	put("cordon.yaml", SLICE("version: 1\n"), 0644);
	cr_expect_eq(load(NULL, &policy, &err), CORDON_ECONFIG);
	cr_expect(strstr(err.text, "cordon trust"), "%s", err.text);
	cr_assert_eq(policy_trust(&place, "cordon.yaml", hex, &err), 0, "%s", err.text);
	cr_expect_eq(strlen(hex), 64);
	cr_expect_eq(load(NULL, &policy, &err), 0, "%s", err.text);
	policy_free(policy);
	policy = NULL;
	put("cordon.yaml", SLICE("version: 1\n# changed\n"), 0644);
	cr_expect_eq(load(NULL, &policy, &err), CORDON_ECONFIG, "changed after approval");
	put("cordon.yaml", SLICE("version: 1\n"), 0664);
	cr_expect_eq(load(NULL, &policy, &err), CORDON_ECONFIG, "its group may write it");
	cr_expect(strstr(err.text, "chmod"), "%s", err.text);
	put("cordon.yaml", SLICE("version: 1\n"), 0646);
	cr_expect_eq(load(NULL, &policy, &err), CORDON_ECONFIG, "anybody may write it");
	put("cordon.yaml", SLICE("version: 1\n"), 0644);
	if (getuid() == 0 && chown("cordon.yaml", 12345, 12345) == 0) {
		place.uid = 0;
		cr_expect_eq(load(NULL, &policy, &err), CORDON_ECONFIG, "somebody else's");
		cr_expect(strstr(err.text, "12345"), "%s", err.text);
	}
	cr_expect_null(policy);
}

Test(policy_config, the_built_in_texts_fit_the_schema)
{
	cleanup_json json_t *document = NULL;
	struct schema *schema = NULL;
	size_t count = 0;

	cr_assert_eq(jsontext_load(policy_schema_text(), &document, NULL), 0);
	cr_assert_eq(schema_compile(document, SCHEMA_WHOLE, &schema, NULL, NULL), 0);
	for (struct cordon_slice text; (text = config_builtin(count)).data; count++) {
		cleanup_json json_t *tree = NULL;
		struct schema_fault fault;

		cr_assert_eq(jsontext_load(text, &tree, NULL), 0);
		cr_expect_eq(schema_check(schema, tree, NULL, &fault, NULL), 0, "%zu: %s: %s", count, fault.pointer,
			     fault.text);
	}
	cr_expect_eq(count, 2);
	schema_free(schema);
}
