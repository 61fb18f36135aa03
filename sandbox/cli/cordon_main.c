// SPDX-License-Identifier: Apache-2.0
/*
 * cordon_main.c - the program `cordon`: finds the command, parses its options by its own table, runs it.
 */
#include <malloc.h>
#include <string.h>

#include "include/cordon.h"
#include "sandbox/base/err.h"
#include "sandbox/cli/late/late.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define MAPPED_FROM (4 << 20)
#define GROWS_BY (512 << 10)

#define USAGE 2

static const struct verb *const verbs[] = {
#define X(name) &verb_##name,
	VERBS(X)
#undef X
};

static int help(FILE *to)
{
	size_t count;
	const struct option_row *rows = options_common(&count);

	fputs("usage: cordon COMMAND [OPTION]... [OPERAND]...\n"
	      "Stands between an agent's model and the world: decides, confines, reads, remembers and proves.\n\n"
	      "Commands:\n",
	      to);
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		fprintf(to, "  %-12s %s\n", verbs[i]->name, verbs[i]->summary);
	fputs("\nOptions of every command:\n", to);
	for (size_t i = 0; i < count; i++)
		fprintf(to, "  %-14s %s%s\n", rows[i].name, rows[i].argument ? "FILE: " : "", rows[i].help);
	fputs("\n'cordon COMMAND --help' tells the rest; 'cordon --version' the version.\n", to);
	return 0;
}

static const struct verb *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		if (!strcmp(verbs[i]->name, name))
			return verbs[i];
	return NULL;
}

static int unknown(const char *name)
{
	const char *names[ARRAY_LEN(verbs)];
	const char *near;

	for (size_t i = 0; i < ARRAY_LEN(verbs); i++)
		names[i] = verbs[i]->name;
	near = options_nearest(name, names, ARRAY_LEN(verbs));
	if (near)
		terminal_line(stderr, "cordon: unknown command '%s': did you mean '%s'?", name, near);
	else
		terminal_line(stderr, "cordon: unknown command '%s': see 'cordon --help'", name);
	return USAGE;
}

/* Words for a shell's completion: the commands, or a command's options. Hidden: the shell asks, not the user. */
static int complete(const char *name)
{
	const struct verb *verb = name ? find(name) : NULL;
	size_t count;
	const struct option_row *common = options_common(&count);

	for (size_t i = 0; !name && i < ARRAY_LEN(verbs); i++)
		puts(verbs[i]->name);
	for (size_t i = 0; verb && i < verb->row_count; i++)
		puts(verb->rows[i].name);
	for (size_t i = 0; verb && i < count; i++)
		puts(common[i].name);
	return 0;
}

static int run(const struct verb *verb, const char *const *argv)
{
	CLEANUP(options_release) struct options options;
	struct cordon_err err = { .code = 0 };
	int rc = options_parse(verb, argv, &options, &err);

	if (rc < 0) {
		terminal_fault(&err);
		return verb->fault_status;
	}
	if (options.help) {
		options_help(verb, stdout);
		return 0;
	}
	late_status = verb->fault_status;
	return verb->run(&options);
}

static int dispatch(const char *const *argv)
{
	const struct verb *verb;

	if (!argv[0]) {
		help(stderr);
		return USAGE;
	}
	if (!strcmp(argv[0], "--help") || !strcmp(argv[0], "help"))
		return help(stdout);
	if (!strcmp(argv[0], "--version")) {
		printf("cordon %s\n", CORDON_VERSION);
		return 0;
	}
	if (!strcmp(argv[0], "--complete"))
		return complete(argv[1]);
	verb = find(argv[0]);
	return verb ? run(verb, argv + 1) : unknown(argv[0]);
}

/* A start reads a file or two whole. Memory that is mapped for that and given back costs more than what is read. */
static void keep_memory(void)
{
	mallopt(M_MMAP_THRESHOLD, MAPPED_FROM);
	mallopt(M_TRIM_THRESHOLD, MAPPED_FROM);
	mallopt(M_TOP_PAD, GROWS_BY);
}

int main(int argc, char **argv)
{
	keep_memory();
	return terminal_end(dispatch((const char *const *)argv + (argc > 0)));
}
