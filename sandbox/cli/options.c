// SPDX-License-Identifier: Apache-2.0
/*
 * options.c - a command line read by its table.
 *
 * Strict, as the config is: an unknown option names the nearest known one, an option given twice is a mistake rather than
 * a question of order, a value that is missing is not taken from the next option. "--" ends the options; options and
 * operands may mix, but for a command that takes another program's command line.
 */
#include "sandbox/cli/options.h"

#include <stdlib.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"

#define NAMES_MAX 64 /* rows of one command */
#define WORD_MAX 32 /* longer words are nobody's typing mistake */
#define EDITS_MAX 2
#define HELP_COLUMN 26

static const struct option_row common_rows[] = {
	OPTION_ROW("--config", "FILE", OPTION_TEXT, config,
		   "the config (else ./cordon.yaml, else the user's, else built in)"),
	OPTION_ROW("--json", NULL, OPTION_FLAG, json, "output for programs: one JSON object, or one a line"),
	OPTION_ROW("--help", NULL, OPTION_FLAG, help, "this text"),
};

const struct option_row *options_common(size_t *count)
{
	*count = ARRAY_LEN(common_rows);
	return common_rows;
}

/* ---- nearest name ---- */

static size_t least(size_t a, size_t b, size_t c)
{
	size_t two = a < b ? a : b;

	return two < c ? two : c;
}

/* Levenshtein's distance; words longer than WORD_MAX are far from everything. */
static size_t edits(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1];
	size_t a_len = strlen(a);
	size_t b_len = strlen(b);

	if (a_len > WORD_MAX || b_len > WORD_MAX)
		return WORD_MAX;
	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

const char *options_nearest(const char *word, const char *const *names, size_t count)
{
	const char *best = NULL;
	size_t best_edits = EDITS_MAX + 1;

	for (size_t i = 0; i < count; i++) {
		size_t distance = edits(word, names[i]);

		if (distance >= best_edits || distance >= strlen(names[i]))
			continue;
		best = names[i];
		best_edits = distance;
	}
	return best;
}

/* ---- parsing ---- */

struct parser {
	const struct verb *verb;
	const char *const *argv;
	size_t at; /* of the next word */
	bool seen_own[NAMES_MAX];
	bool seen_common[ARRAY_LEN(common_rows)];
	struct options *out;
	struct cordon_err *err;
};

static const struct option_row *find(struct parser *parser, const char *name, size_t len, bool **seen)
{
	const struct verb *verb = parser->verb;

	for (size_t i = 0; i < verb->row_count && i < NAMES_MAX; i++) {
		if (strlen(verb->rows[i].name) != len || strncmp(verb->rows[i].name, name, len))
			continue;
		*seen = &parser->seen_own[i];
		return &verb->rows[i];
	}
	for (size_t i = 0; i < ARRAY_LEN(common_rows); i++) {
		if (strlen(common_rows[i].name) != len || strncmp(common_rows[i].name, name, len))
			continue;
		*seen = &parser->seen_common[i];
		return &common_rows[i];
	}
	return NULL;
}

static int unknown(const struct parser *parser, const char *word, size_t len)
{
	const char *names[NAMES_MAX + ARRAY_LEN(common_rows)];
	cleanup_free char *name = strndup(word, len);
	const char *near;
	size_t count = 0;

	if (!name)
		return err_nomem(parser->err);
	for (size_t i = 0; i < parser->verb->row_count && i < NAMES_MAX; i++)
		names[count++] = parser->verb->rows[i].name;
	for (size_t i = 0; i < ARRAY_LEN(common_rows); i++)
		names[count++] = common_rows[i].name;
	near = options_nearest(name, names, count);
	if (near)
		return err_set(parser->err, CORDON_EINVAL, 0, "unknown option '%s' of '%s': did you mean '%s'?", name,
			       parser->verb->name, near);
	return err_set(parser->err, CORDON_EINVAL, 0, "unknown option '%s' of '%s': see 'cordon %s --help'", name,
		       parser->verb->name, parser->verb->name);
}

static int append(struct option_list *list, const char *item, struct cordon_err *err)
{
	const char **items = reallocarray(list->items, list->count + 2, sizeof(*items));

	if (!items)
		return err_nomem(err);
	items[list->count++] = item;
	items[list->count] = NULL;
	list->items = items;
	return 0;
}

static int store(struct parser *parser, const struct option_row *row, const char *value)
{
	char *slot = (char *)parser->out + row->at;
	int rc;

	switch (row->kind) {
	case OPTION_FLAG:
		*(bool *)(void *)slot = true;
		return 0;
	case OPTION_TEXT:
		*(const char **)(void *)slot = value;
		return 0;
	case OPTION_LIST:
		return append((struct option_list *)(void *)slot, value, parser->err);
	case OPTION_NUMBER:
		rc = parse_u64(slice_of(value), (uint64_t *)(void *)slot, parser->err);
		if (rc < 0 || !*(uint64_t *)(void *)slot)
			return err_set(parser->err, CORDON_EINVAL, 0, "option '%s' takes a number from 1 on, not '%s'",
				       row->name, value);
		return 0;
	}
	return err_set(parser->err, CORDON_EINVAL, 0, "option '%s' has no kind", row->name);
}

/* word begins with '-'. "--name", "--name=value", "-k", "-k5". */
static int take_option(struct parser *parser, const char *word)
{
	bool long_form = word[1] == '-';
	size_t len = long_form ? strcspn(word, "=") : 2;
	const char *value = word[len] == '\0' ? NULL : word + len + (long_form ? 1 : 0);
	bool *seen = NULL;
	const struct option_row *row = find(parser, word, len, &seen);

	if (!row)
		return unknown(parser, word, len);
	if (*seen && row->kind != OPTION_LIST)
		return err_set(parser->err, CORDON_EINVAL, 0, "option '%s' is given twice", row->name);
	*seen = true;
	if (row->kind == OPTION_FLAG && value)
		return err_set(parser->err, CORDON_EINVAL, 0, "option '%s' takes no value", row->name);
	if (row->kind != OPTION_FLAG && !value) {
		value = parser->argv[parser->at];
		if (!value)
			return err_set(parser->err, CORDON_EINVAL, 0, "option '%s' needs a value: %s", row->name,
				       row->argument);
		parser->at++;
	}
	return store(parser, row, value);
}

static int take_operands(struct parser *parser, struct option_list *operands)
{
	int rc = 0;

	while (rc == 0 && parser->argv[parser->at])
		rc = append(operands, parser->argv[parser->at++], parser->err);
	return rc;
}

static int walk(struct parser *parser, struct option_list *operands)
{
	int rc = 0;

	while (rc == 0 && parser->argv[parser->at]) {
		const char *word = parser->argv[parser->at];

		if (!strcmp(word, "--")) {
			parser->at++;
			return take_operands(parser, operands);
		}
		if (word[0] != '-' || word[1] == '\0') {
			if (parser->verb->program)
				return take_operands(parser, operands);
			parser->at++;
			rc = append(operands, word, parser->err);
			continue;
		}
		parser->at++;
		rc = take_option(parser, word);
	}
	return rc;
}

/* A command without --workspace runs no tool. */
static bool works_in_a_folder(const struct verb *verb)
{
	for (size_t i = 0; i < verb->row_count; i++)
		if (verb->rows[i].at == offsetof(struct options, workspace))
			return true;
	return false;
}

int options_parse(const struct verb *verb, const char *const *argv, struct options *out, struct cordon_err *err)
{
	struct parser parser = { .verb = verb, .argv = argv, .out = out, .err = err };
	struct option_list operands = { .count = 0 };
	int rc;

	*out = (struct options){ .needs_workspace = works_in_a_folder(verb) };
	rc = walk(&parser, &operands);
	if (rc == 0 && !operands.items) {
		operands.items = calloc(1, sizeof(*operands.items));
		rc = operands.items ? 0 : err_nomem(err);
	}
	out->operands = operands.items;
	out->operand_count = operands.count;
	if (rc < 0 || out->help)
		return rc;
	if (operands.count < verb->operand_min)
		return err_set(err, CORDON_EINVAL, 0, "'%s' needs %s: see 'cordon %s --help'", verb->name,
			       verb->operands, verb->name);
	if (operands.count > verb->operand_max)
		return err_set(err, CORDON_EINVAL, 0, "'%s' does not take '%s': see 'cordon %s --help'", verb->name,
			       operands.items[verb->operand_max], verb->name);
	return 0;
}

void options_release(struct options *options)
{
	free(options->operands);
	free(options->arg.items);
	*options = (struct options){ .config = NULL };
}

/* ---- help ---- */

static void help_row(const struct option_row *row, FILE *to)
{
	int width = fprintf(to, "  %s%s%s", row->name, row->argument ? " " : "", row->argument ? row->argument : "");

	fprintf(to, "%*s%s\n", width < HELP_COLUMN ? HELP_COLUMN - width : 1, "", row->help);
}

void options_help(const struct verb *verb, FILE *to)
{
	fprintf(to, "usage: cordon %s [OPTION]...%s%s%s\n", verb->name, verb->program ? " -- " : "",
		verb->operands[0] && !verb->program ? " " : "", verb->operands);
	fprintf(to, "%s.\n", verb->summary);
	if (verb->detail[0])
		fprintf(to, "\n%s\n", verb->detail);
	fputs("\nOptions:\n", to);
	for (size_t i = 0; i < verb->row_count; i++)
		help_row(&verb->rows[i], to);
	for (size_t i = 0; i < ARRAY_LEN(common_rows); i++)
		help_row(&common_rows[i], to);
}
