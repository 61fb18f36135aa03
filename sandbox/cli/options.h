/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options.h - one table a command: the rows drive the parser, `--help` and the completions alike.
 */
#ifndef CLI_OPTIONS_H
#define CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

enum option_kind { OPTION_FLAG, OPTION_TEXT, OPTION_LIST, OPTION_NUMBER };

struct option_row {
	const char *name; /* "--config" or "-k" */
	const char *argument; /* "FILE"; NULL for a flag */
	const char *help;
	enum option_kind kind;
	size_t at; /* offset in struct options: bool, const char *, struct option_list, uint64_t */
};

#define OPTION_ROW(name, argument, kind, field, help)                                                                  \
	{                                                                                                              \
		name, argument, help, kind, offsetof(struct options, field)                                            \
	}

struct option_list {
	const char **items;
	size_t count;
};

struct options { /* what a command line said; texts are borrowed from argv */
	const char *config, *workspace, *session, *profile, *report, *args, *collection, *trust, *format, *fail_on,
		*queries, *agent, *dir, *vkey, *tool, *effect, *since, *kind;
	struct option_list arg;
	uint64_t number; /* -k, -n; 0: not given */
	bool json, help, jsonl, trec, follow;
	bool needs_workspace; /* the command runs tools: it has --workspace */
	const char **operands; /* NULL-terminated */
	size_t operand_count;
};

struct verb { /* one command */
	const char *name;
	const char *operands; /* for the usage line: "TOOL", "FILE..." */
	const char *summary; /* one line, for `cordon --help` */
	const char *detail; /* what `--help` says besides; "" */
	const struct option_row *rows; /* besides --config, --json and --help, which all have */
	size_t row_count;
	size_t operand_min, operand_max;
	bool program; /* options end at the first operand: what follows is somebody else's command line */
	int fault_status; /* 2; exec: 125 */
	int (*run)(const struct options *options); /* returns the exit status */
};

#define OPERANDS_ANY ((size_t)-1)

/* Rows of the options that every command has. */
const struct option_row *options_common(size_t *count);
/* CORDON_EINVAL with the nearest name. argv is what follows the command's name. *out is released whatever the result. */
USE_RESULT int options_parse(const struct verb *verb, const char *const *argv, struct options *out,
			     struct cordon_err *err);
void options_release(struct options *options);
/* `cordon VERB --help`. */
void options_help(const struct verb *verb, FILE *to);
/* The name among `names` that is at most two edits away from `word`; NULL where none is. */
const char *options_nearest(const char *word, const char *const *names, size_t count);

#endif
