// SPDX-License-Identifier: Apache-2.0
/*
 * policy_facts.c - the kernel resolves a path beneath its root, or it is refused with a reason; each case with openat2 and
 * without. Links that are swapped while the kernel walks lead nowhere else.
 */
#include "tests/unit/base_scratch.h"

#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "sandbox/base/json.h"
#include "sandbox/policy/facts.h"
#include "sandbox/policy/schema/schema.h"

#define ROUNDS 3000 /* of a race: some hundred swaps fall between two steps of the walk */

static struct cordon_err err;

static void plant(void)
{
	scratch_make();
	cr_assert_eq(mkdir(at("ws"), 0755), 0);
	cr_assert_eq(mkdir(at("wsx"), 0755), 0);
	cr_assert_eq(mkdir(at("out"), 0755), 0);
	cr_assert_eq(mkdir(at("ws/sub"), 0755), 0);
	put("ws/a.txt", SLICE("a"));
	put("ws/sub/b.txt", SLICE("b"));
	put("ws/-dash", SLICE("d"));
	put("wsx/a.txt", SLICE("x"));
	put("out/secret", SLICE("s"));
	cr_assert_eq(symlink("/etc/passwd", at("ws/absolute")), 0);
	cr_assert_eq(symlink(at("ws/a.txt"), at("ws/inward")), 0);
	cr_assert_eq(symlink("../out/secret", at("ws/up")), 0);
	cr_assert_eq(symlink("../ws/a.txt", at("ws/return")), 0);
	cr_assert_eq(symlink("../out", at("ws/folder-up")), 0);
	cr_assert_eq(symlink("nowhere", at("ws/dangling")), 0);
	cr_assert_eq(symlink("../out/new", at("ws/dangling-up")), 0);
	cr_assert_eq(symlink("loop", at("ws/loop")), 0);
	cr_assert_eq(symlink("sub/b.txt", at("ws/relative")), 0);
	cr_assert_eq(symlink("sub", at("ws/folder")), 0);
	cr_assert_eq(symlink("/proc/self/cwd", at("ws/magic")), 0);
}

TestSuite(facts, .init = plant, .fini = scratch_drop);

static void resolve(enum facts_way way, const char *value, struct fact_path *fact)
{
	char *root = realpath(at("ws"), NULL);

	cr_assert_not_null(root);
	*fact = (struct fact_path){ .fd = -1 };
	cr_assert_eq(fact_resolve(way, root, value, fact, &err), 0, "'%s': %s", value, err.text);
	free(root);
}

static void release(struct fact_path *fact)
{
	free(fact->canonical);
	free(fact->below);
	free(fact->fault);
	if (fact->fd >= 0)
		close(fact->fd);
}

static const struct {
	const char *value;
	const char *below; /* NULL: refused */
	const char *below_walking; /* without openat2 */
	bool exists;
} cases[] = {
	{ "a.txt", "a.txt", "a.txt", true },
	{ ".", ".", ".", true },
	{ "./sub//b.txt", "sub/b.txt", "sub/b.txt", true },
	{ "sub/", "sub", "sub", true },
	{ "-dash", "-dash", "-dash", true },
	{ "sub/../a.txt", "a.txt", NULL, true },
	{ "relative", "sub/b.txt", NULL, true },
	{ "folder/b.txt", "sub/b.txt", NULL, true },
	{ "new", "new", "new", false },
	{ "new/deep/file", "new/deep/file", "new/deep/file", false },
	{ "sub/new/", "sub/new", "sub/new", false },
	{ "folder/new", "sub/new", NULL, false },
	{ "sub/../new", "new", NULL, false },
	{ "", NULL, NULL, false },
	{ "..", NULL, NULL, false },
	{ "../ws/a.txt", NULL, NULL, false },
	{ "../ws", NULL, NULL, false },
	{ "../out/secret", NULL, NULL, false },
	{ "../out/new", NULL, NULL, false },
	{ "sub/../../ws/a.txt", NULL, NULL, false },
	{ "sub/../../out/new", NULL, NULL, false },
	{ "new/../a.txt", NULL, NULL, false },
	{ "new/../../out/secret", NULL, NULL, false },
	{ "absolute", NULL, NULL, false },
	{ "inward", NULL, NULL, false },
	{ "up", NULL, NULL, false },
	{ "return", NULL, NULL, false },
	{ "folder-up/secret", NULL, NULL, false },
	{ "folder-up/new", NULL, NULL, false },
	{ "dangling", NULL, NULL, false },
	{ "dangling/new", NULL, NULL, false },
	{ "dangling-up", NULL, NULL, false },
	{ "loop", NULL, NULL, false },
	{ "loop/new", NULL, NULL, false },
	{ "magic/a.txt", NULL, NULL, false },
	{ "a.txt/", NULL, NULL, false },
	{ "a.txt/new", NULL, NULL, false },
	{ "sub/\xff", NULL, NULL, false },
	{ "~/a.txt", "~/a.txt", "~/a.txt", false }, /* no shell: a folder named '~' */
};

static void expect_case(enum facts_way way, size_t i)
{
	const char *wanted = way == FACTS_WALK ? cases[i].below_walking : cases[i].below;
	struct fact_path fact;

	resolve(way, cases[i].value, &fact);
	cr_expect_eq(!fact.fault, wanted != NULL, "'%s' by way %d: %s", cases[i].value, way,
		     fact.fault ? fact.fault : fact.canonical);
	cr_expect_eq(fact.fd >= 0, wanted != NULL, "'%s': a descriptor where it was refused, or none", cases[i].value);
	if (wanted && !fact.fault) {
		char *root = realpath(at("ws"), NULL);

		cr_expect_str_eq(fact.below, wanted);
		cr_expect_eq(fact.exists, cases[i].exists, "'%s'", cases[i].value);
		cr_expect_eq(strncmp(fact.canonical, root, strlen(root)), 0);
		cr_expect_str_eq(fact.canonical + strlen(root) + (strcmp(wanted, ".") != 0),
				 strcmp(wanted, ".") ? wanted : "");
		free(root);
	}
	release(&fact);
}

Test(facts, resolves_beneath_the_root_or_refuses)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_case(FACTS_BENEATH, i);
}

Test(facts, follows_no_link_at_all_without_openat2)
{
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		expect_case(FACTS_WALK, i);
}

static const struct {
	const char *form; /* the root's path for %s */
	const char *below;
} absolutes[] = {
	{ "%s", "." },
	{ "%s/", "." },
	{ "%s/a.txt", "a.txt" },
	{ "//%s//./sub/b.txt", "sub/b.txt" },
	{ "%s/new", "new" },
	{ "%sx/a.txt", NULL },
	{ "%s/../ws/a.txt", NULL },
	{ "%s/../out/secret", NULL },
	{ "%s/../../../../../../etc/passwd", NULL },
	{ "%s/absolute", NULL },
	{ "%s/up", NULL },
	{ "/proc/self/root%s/a.txt", NULL },
	{ "/..%s/a.txt", NULL },
	{ "/etc/passwd", NULL },
	{ "/", NULL },
};

Test(facts, takes_an_absolute_path_that_begins_with_the_root_and_no_other)
{
	char *root = realpath(at("ws"), NULL);

	for (size_t i = 0; i < ARRAY_LEN(absolutes); i++) {
		for (enum facts_way way = FACTS_BENEATH; way <= FACTS_WALK; way++) {
			char value[PATH_MAX + 100];
			const char *hole = strstr(absolutes[i].form, "%s");
			struct fact_path fact;

			snprintf(value, sizeof(value), "%.*s%s%s",
				 (int)(hole ? hole - absolutes[i].form : (long)strlen(absolutes[i].form)),
				 absolutes[i].form, hole ? root : "", hole ? hole + 2 : "");
			resolve(way, value, &fact);
			cr_expect_eq(!fact.fault, absolutes[i].below != NULL, "'%s': %s", value,
				     fact.fault ? fact.fault : fact.canonical);
			if (absolutes[i].below && fact.below)
				cr_expect_str_eq(fact.below, absolutes[i].below);
			release(&fact);
		}
	}
	free(root);
}

Test(facts, refuses_names_that_are_longer_than_a_path)
{
	char name[NAME_MAX + 20];
	char path[PATH_MAX + 20];
	struct fact_path fact;

	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	resolve(FACTS_BENEATH, name, &fact);
	cr_expect(fact.fault && strstr(fact.fault, "longer"), "%s", fact.fault);
	release(&fact);
	memset(path, '/', sizeof(path) - 1);
	path[0] = 'a';
	path[sizeof(path) - 1] = '\0';
	resolve(FACTS_BENEATH, path, &fact);
	cr_expect(fact.fault && strstr(fact.fault, "longer"), "%s", fact.fault);
	release(&fact);
	name[NAME_MAX] = '\0';
	snprintf(path, sizeof(path), "new/%s", name);
	resolve(FACTS_BENEATH, path, &fact);
	cr_expect_null(fact.fault, "%s", fact.fault);
	release(&fact);
}

Test(facts, refuses_a_root_that_became_a_link_or_went_away)
{
	char *root = realpath(at("ws"), NULL);

	for (enum facts_way way = FACTS_BENEATH; way <= FACTS_WALK; way++) {
		struct fact_path fact = { .fd = -1 };

		cr_assert_eq(rename(at("ws"), at("moved")), 0);
		cr_assert_eq(fact_resolve(way, root, "a.txt", &fact, &err), 0);
		cr_expect(fact.fault && strstr(fact.fault, "gone"), "%s", fact.fault);
		release(&fact);
		cr_assert_eq(symlink("moved", at("ws")), 0);
		fact = (struct fact_path){ .fd = -1 };
		cr_assert_eq(fact_resolve(way, root, "a.txt", &fact, &err), 0);
		cr_expect(fact.fault && strstr(fact.fault, "link"), "%s", fact.fault);
		release(&fact);
		cr_assert_eq(unlink(at("ws")), 0);
		cr_assert_eq(rename(at("moved"), at("ws")), 0);
	}
	free(root);
}

Test(facts, counts_the_names_of_a_file_but_not_those_of_a_folder)
{
	struct fact_path fact;

	cr_assert_eq(link(at("out/secret"), at("ws/hard")), 0);
	resolve(FACTS_BENEATH, "hard", &fact);
	cr_expect_null(fact.fault);
	cr_expect_eq(fact.links, 2);
	release(&fact);
	resolve(FACTS_BENEATH, "sub", &fact);
	cr_expect_eq(fact.links, 1);
	release(&fact);
}

Test(facts, holds_the_very_object_that_was_checked)
{
	struct fact_path fact;
	struct stat before;
	struct stat held;

	cr_assert_eq(stat(at("ws/a.txt"), &before), 0);
	resolve(FACTS_BENEATH, "a.txt", &fact);
	cr_assert_eq(unlink(at("ws/a.txt")), 0);
	cr_assert_eq(symlink("../out/secret", at("ws/a.txt")), 0);
	cr_assert_eq(fstat(fact.fd, &held), 0);
	cr_expect_eq(held.st_ino, before.st_ino);
	release(&fact);
	resolve(FACTS_BENEATH, "sub/new", &fact);
	cr_assert_eq(stat(at("ws/sub"), &before), 0);
	cr_assert_eq(fstat(fact.fd, &held), 0);
	cr_expect_eq(held.st_ino, before.st_ino, "of a file to be made: its folder");
	cr_expect_eq(fcntl(fact.fd, F_GETFD), FD_CLOEXEC);
	release(&fact);
}

/* ---- races ---- */

/* A child that ends with its parent, so that a test that fails leaves nothing running. */
static pid_t other_side(void)
{
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (pid == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL) < 0)
		_exit(1);
	return pid;
}

static pid_t swap_forever(const char *one, const char *two)
{
	char left[PATH_MAX + 256];
	char right[PATH_MAX + 256];
	pid_t pid;

	snprintf(left, sizeof(left), "%s", at(one));
	snprintf(right, sizeof(right), "%s", at(two));
	pid = other_side();
	while (pid == 0)
		if (renameat2(AT_FDCWD, left, AT_FDCWD, right, RENAME_EXCHANGE) < 0)
			_exit(1);
	return pid;
}

static void end(pid_t pid)
{
	int status = 0;

	kill(pid, SIGKILL);
	cr_assert_eq(waitpid(pid, &status, 0), pid);
	cr_expect(WIFSIGNALED(status), "the other side gave up");
}

static void race(enum facts_way way)
{
	struct stat inside;
	pid_t pid;

	cr_assert_eq(mkdir(at("ws/race"), 0755), 0);
	put("ws/race/secret", SLICE("harmless"));
	cr_assert_eq(stat(at("ws/race/secret"), &inside), 0);
	cr_assert_eq(symlink("../out", at("ws/swap")), 0);
	pid = swap_forever("ws/race", "ws/swap");
	for (int i = 0; i < ROUNDS; i++) {
		struct fact_path fact;
		struct stat held;

		resolve(way, "race/secret", &fact);
		if (!fact.fault) {
			cr_assert_eq(fstat(fact.fd, &held), 0);
			cr_assert_eq(held.st_ino, inside.st_ino, "round %d opened %s", i, fact.canonical);
			cr_assert(fact.exists);
		}
		release(&fact);
		resolve(way, "race/new", &fact);
		if (!fact.fault)
			cr_assert(!strcmp(fact.below, "race/new") || !strcmp(fact.below, "swap/new"), "round %d: %s", i,
				  fact.canonical);
		release(&fact);
	}
	end(pid);
}

Test(facts, leads_nowhere_else_while_a_folder_is_swapped_with_a_link, .timeout = 60)
{
	race(FACTS_BENEATH);
}

Test(facts, leads_nowhere_else_while_a_link_is_swapped_and_openat2_is_missing, .timeout = 60)
{
	race(FACTS_WALK);
}

Test(facts, never_calls_a_file_by_the_name_of_a_removed_one, .timeout = 60)
{
	char from[PATH_MAX + 256];
	char to[PATH_MAX + 256];
	pid_t pid;

	snprintf(from, sizeof(from), "%s", at("ws/a.txt"));
	snprintf(to, sizeof(to), "%s", at("ws/second"));
	pid = other_side();
	while (pid == 0)
		if (link(from, to) < 0 || unlink(to) < 0)
			_exit(1);
	for (int i = 0; i < ROUNDS; i++) {
		struct fact_path fact;

		resolve(FACTS_BENEATH, "second", &fact);
		if (!fact.fault)
			cr_assert_str_eq(fact.below, "second");
		release(&fact);
	}
	end(pid);
}

/* ---- all of a call ---- */

static struct schema *schema_with_paths(const char *root)
{
	cleanup_json json_t *document =
		json_pack("{s:s, s:{s:{s:s, s:s}, s:{s:s, s:{s:s, s:s}}, s:{s:s}}, s:b}", "type", "object",
			  "properties", "path", "type", "string", "under", root, "list", "type", "array", "items",
			  "type", "string", "under", root, "plain", "type", "string", "additionalProperties", 0);
	struct schema *schema = NULL;

	cr_assert_eq(schema_compile(document, SCHEMA_ARGS, &schema, NULL, &err), 0, "%s", err.text);
	return schema;
}

static int check(const struct tool *tool, const json_t *args, struct facts *facts, struct schema_fault *fault)
{
	const struct policy policy = { .workspace = scratch };

	cr_assert_eq(facts_gather(&policy, tool, args, facts, &err), 0, "%s", err.text);
	return schema_check(tool->schema, args, facts, fault, &err);
}

Test(facts, gathers_each_path_of_a_call_by_its_pointer)
{
	char *root = realpath(at("ws"), NULL);
	struct tool tool = { .schema = schema_with_paths(root) };
	cleanup_json json_t *args = json_pack("{s:s, s:[s, s], s:s}", "path", "a.txt", "list", "sub", "../out", "plain",
					      "../../etc/passwd");
	struct facts facts = { .paths = NULL };
	struct schema_fault fault;

	cr_expect_eq(check(&tool, args, &facts, &fault), 1);
	cr_expect_str_eq(fault.pointer, "/list/1");
	cr_expect_str_eq(fault.keyword, "under");
	cr_expect_null(strstr(fault.text, root), "a path of the host for the model: %s", fault.text);
	cr_assert_eq(facts.path_count, 3);
	cr_expect_str_eq(facts.paths[0].pointer, "/path");
	cr_expect_str_eq(facts.paths[1].pointer, "/list/0");
	cr_expect_str_eq(facts.paths[1].below, "sub");
	cr_expect_not_null(facts.paths[2].fault);
	cr_expect_eq(facts.paths[2].fd, -1);
	facts_release(&facts);
	facts_release(&facts);
	schema_free(tool.schema);
	free(root);
}

Test(facts, refuses_a_path_with_a_nul_and_more_paths_than_it_holds)
{
	char *root = realpath(at("ws"), NULL);
	struct tool tool = { .schema = schema_with_paths(root) };
	cleanup_json json_t *nul = json_object();
	cleanup_json json_t *many = json_object();
	json_t *list = json_array();
	struct facts facts = { .paths = NULL };
	struct schema_fault fault;

	json_object_set_new(nul, "path", json_stringn_nocheck("a.txt\0/../x", 11));
	cr_expect_neq(check(&tool, nul, &facts, &fault), 0, "what stands before the NUL is not the path");
	facts_release(&facts);
	for (int i = 0; i < 1000; i++)
		json_array_append_new(list, json_string("a.txt"));
	json_object_set_new(many, "list", list);
	cr_expect_neq(check(&tool, many, &facts, &fault), 0);
	facts_release(&facts);
	schema_free(tool.schema);
	free(root);
}
