// SPDX-License-Identifier: Apache-2.0
/*
 * command.c - a run template filled with the arguments of one call.
 *
 * A template is a list of elements and stays one: a value becomes a whole element or a part of one, never two, and is never
 * read again (braces in a value are text). No shell sees any of it. What an option parser would read as an option is
 * refused where no `--` stands before. A path argument is written as what was checked: its name below the folder in which
 * the tool starts, else its canonical path, so that a link swapped after the check names nothing.
 */
#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/policy/policy.h"
#include "sandbox/policy/schema/schema.h"

#define ELEMENT_MAX (128u << 10) /* the kernel's MAX_ARG_STRLEN, its NUL included */
#define ELEMENTS_MAX 4096
#define STDIN_MAX (16u << 20)

struct filling {
	const struct tool *tool;
	const json_t *args;
	const struct facts *facts;
	struct cordon_err *err;
	char **argv;
	size_t count;
	bool ended; /* a `--` stands before */
};

static int push(struct filling *filling, struct buf *text)
{
	char **argv = filling->argv;

	if (filling->count >= ELEMENTS_MAX)
		return err_set(filling->err, CORDON_ELIMIT, 0, "more than %d elements in the command", ELEMENTS_MAX);
	argv = realloc(argv, (filling->count + 2) * sizeof(*argv));
	if (!argv)
		return err_nomem(filling->err);
	filling->argv = argv;
	argv[filling->count] = buf_take(text);
	if (!argv[filling->count])
		return err_nomem(filling->err);
	argv[++filling->count] = NULL;
	return 0;
}

static const struct fact_path *fact_at(const struct filling *filling, const char *pointer)
{
	for (size_t i = 0; filling->facts && i < filling->facts->path_count; i++)
		if (!strcmp(filling->facts->paths[i].pointer, pointer))
			return &filling->facts->paths[i];
	return NULL;
}

/* A checked path as the tool should read it. */
static int add_path(struct filling *filling, const struct fact_path *fact, const char *value, struct buf *out)
{
	bool relative = value[0] != '/' && filling->facts->start && !strcmp(filling->facts->start, fact->root);
	bool dashed = fact->below && fact->below[0] == '-' && value[0] != '-';
	int rc;

	if (fact->fault || !fact->canonical || !fact->below)
		return err_set(filling->err, CORDON_EINVAL, 0, "'%s' was not resolved", fact->pointer);
	if (!relative)
		return buf_add_text(out, fact->canonical, filling->err);
	rc = dashed ? buf_add_text(out, "./", filling->err) : 0;
	return rc < 0 ? rc : buf_add_text(out, fact->below, filling->err);
}

static int add_number(struct filling *filling, const json_t *value, struct buf *out)
{
	double real = json_real_value(value);
	char text[32];

	if (json_is_integer(value))
		return buf_addf(out, filling->err, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (isfinite(real) && floor(real) == real)
		return buf_addf(out, filling->err, "%.0f", real + 0.0);
	jsontext_real(real, text);
	return buf_add_text(out, text, filling->err);
}

/* One scalar; pointer names it for its fact. */
static int add_scalar(struct filling *filling, const json_t *value, const char *pointer, struct buf *out)
{
	const struct fact_path *fact = json_is_string(value) ? fact_at(filling, pointer) : NULL;

	if (fact)
		return add_path(filling, fact, json_string_value(value), out);
	if (json_is_string(value)) {
		struct cordon_slice text = { json_string_value(value), json_string_length(value) };

		if (memchr(text.data, '\0', text.len))
			return err_set(filling->err, CORDON_EINVAL, 0, "a NUL in '%s'", pointer);
		return buf_add(out, text, filling->err);
	}
	if (json_is_number(value))
		return add_number(filling, value, out);
	if (json_is_boolean(value))
		return buf_add_text(out, json_is_true(value) ? "true" : "false", filling->err);
	return err_set(filling->err, CORDON_EINVAL, 0, "'%s' is an object or null, which a command line cannot hold",
		       pointer);
}

/* A value must not become an option by being the first thing in its element. */
static int check_dash(struct filling *filling, const char *name, const struct buf *element)
{
	if (buf_text(element)[0] != '-' || filling->ended || schema_is_option(filling->tool->schema, name))
		return 0;
	return err_set(filling->err, CORDON_EINVAL, 0,
		       "'%s' begins with '-' and would be read as an option; a path can be written './-name'", name);
}

/* ---- templates ---- */

/* "{name}" as a whole element: the name, malloc()ed; NULL where it is something else. */
static char *sole_name(const char *element)
{
	size_t len = strlen(element);

	if (len < 3 || element[0] != '{' || element[1] == '{' || strcspn(element + 1, "{}") != len - 2 ||
	    element[len - 1] != '}')
		return NULL;
	return strndup(element + 1, len - 2);
}

static int too_long(struct filling *filling, const char *name)
{
	return err_set(filling->err, CORDON_ELIMIT, 0, "'%s' is longer than 128 KiB, more than the kernel takes", name);
}

static int push_value(struct filling *filling, const char *name, const json_t *value, const char *pointer)
{
	cleanup_buf struct buf text = { .limit = ELEMENT_MAX - 1 };
	int rc = add_scalar(filling, value, pointer, &text);

	if (rc == CORDON_ELIMIT)
		return too_long(filling, name);
	if (rc == 0)
		rc = check_dash(filling, name, &text);
	return rc < 0 ? rc : push(filling, &text);
}

static char *pointer_of(const char *name)
{
	char *out = malloc(2 * strlen(name) + 2);
	char *to = out;

	if (!out)
		return NULL;
	*to++ = '/';
	for (; *name; name++) {
		bool escaped = *name == '~' || *name == '/';

		if (escaped)
			*to++ = '~';
		*to++ = !escaped ? *name : *name == '~' ? '0' : '1';
	}
	*to = '\0';
	return out;
}

static int fill_sole(struct filling *filling, const char *name)
{
	const json_t *value = json_object_get(filling->args, name);
	cleanup_free char *pointer = pointer_of(name);
	const json_t *item;
	size_t index;
	int rc = 0;

	if (!pointer)
		return err_nomem(filling->err);
	if (!value)
		return 0; /* an optional one that was not given */
	if (!json_is_array(value))
		return push_value(filling, name, value, pointer);
	json_array_foreach(value, index, item)
	{
		cleanup_free char *at = NULL;

		if (asprintf(&at, "%s/%zu", pointer, index) < 0) {
			at = NULL;
			return err_nomem(filling->err);
		}
		rc = rc < 0 ? rc : push_value(filling, name, item, at);
	}
	return rc;
}

/* One "{name}" inside a longer element. *given turns false where the argument is not there. */
static int add_part(struct filling *filling, struct cordon_slice name, struct buf *out, bool *given)
{
	cleanup_free char *text = strndup(name.data, name.len);
	cleanup_free char *pointer = text ? pointer_of(text) : NULL;
	const json_t *value = text ? json_object_get(filling->args, text) : NULL;
	bool first = !out->len;
	int rc;

	if (!text || !pointer)
		return err_nomem(filling->err);
	*given = *given && value;
	if (!value)
		return 0;
	if (!json_is_string(value) && !json_is_number(value))
		return err_set(filling->err, CORDON_EINVAL, 0,
			       "'%s' stands inside a longer element, where only a text or a number can", text);
	rc = add_scalar(filling, value, pointer, out);
	if (rc == CORDON_ELIMIT)
		return too_long(filling, text);
	return rc == 0 && first ? check_dash(filling, text, out) : rc;
}

static int fill_mixed(struct filling *filling, const char *element)
{
	cleanup_buf struct buf text = { .limit = ELEMENT_MAX - 1 };
	bool given = true;
	int rc = 0;

	for (const char *at = element; *at && rc == 0;) {
		size_t plain = strcspn(at, "{}");

		if (plain) {
			rc = buf_add(&text, (struct cordon_slice){ at, plain }, filling->err);
			at += plain;
		} else if (at[0] == at[1]) { /* {{ and }} */
			rc = buf_add(&text, (struct cordon_slice){ at, 1 }, filling->err);
			at += 2;
		} else {
			size_t len = strcspn(at + 1, "}");

			rc = add_part(filling, (struct cordon_slice){ at + 1, len }, &text, &given);
			at += len + 2;
		}
	}
	if (rc < 0 || !given)
		return rc;
	return push(filling, &text);
}

static int fill_element(struct filling *filling, const char *element)
{
	cleanup_free char *name = sole_name(element);
	int rc = name ? fill_sole(filling, name) : fill_mixed(filling, element);

	if (rc == 0 && !strcmp(element, "--"))
		filling->ended = true;
	return rc;
}

static int fill_stdin(struct filling *filling, struct command *command)
{
	cleanup_free char *name = sole_name(filling->tool->stdin_template);
	cleanup_free char *pointer = name ? pointer_of(name) : NULL;
	const json_t *value = name ? json_object_get(filling->args, name) : NULL;
	cleanup_buf struct buf text = { .limit = STDIN_MAX };
	int rc;

	if (!name || !pointer)
		return err_nomem(filling->err);
	if (!value)
		return 0;
	rc = add_scalar(filling, value, pointer, &text);
	if (rc == CORDON_ELIMIT)
		return err_set(filling->err, rc, 0, "'%s' is longer than 16 MiB", name);
	if (rc < 0)
		return rc;
	command->stdin_len = text.len;
	command->stdin_text = buf_take(&text);
	return command->stdin_text ? 0 : err_nomem(filling->err);
}

int command_fill(const struct tool *tool, const json_t *args, const struct facts *facts, struct command *command,
		 struct cordon_err *err)
{
	struct filling filling = { .tool = tool, .args = args, .facts = facts, .err = err };
	struct command filled = { .argv = NULL };
	int rc = 0;

	for (char **element = tool->argv; *element && rc == 0; element++)
		rc = fill_element(&filling, *element);
	filled.argv = filling.argv;
	if (rc == 0 && !filled.argv)
		rc = err_set(err, CORDON_EINVAL, 0, "nothing is left of the command");
	if (rc == 0 && tool->stdin_template)
		rc = fill_stdin(&filling, &filled);
	if (rc < 0) {
		command_release(&filled);
		return rc;
	}
	*command = filled;
	return 0;
}

void command_release(struct command *command)
{
	for (char **element = command->argv; element && *element; element++)
		free(*element);
	free(command->argv);
	free(command->stdin_text);
	*command = (struct command){ .argv = NULL };
}
