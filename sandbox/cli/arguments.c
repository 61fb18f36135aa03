// SPDX-License-Identifier: Apache-2.0
/*
 * arguments.c - what a shell user types becomes the JSON that a model would send.
 *
 * `--arg` writes JSON text, not a tree: a name given twice, or bytes that are no UTF-8, must reach the strict reader as
 * they were typed, not as something that was mended on the way.
 */
#include "sandbox/cli/arguments.h"

#include <fcntl.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

/* True where the schema of argument `name` takes a string. */
static bool takes_string(const struct tool *tool, struct cordon_slice name)
{
	const json_t *properties = tool ? json_object_get(tool->input_schema, "properties") : NULL;
	const json_t *type = json_object_get(json_object_getn(properties, name.data, name.len), "type");
	const json_t *item;
	size_t i;

	if (json_is_string(type))
		return !strcmp(json_string_value(type), "string");
	json_array_foreach(type, i,
			   item) if (json_is_string(item) && !strcmp(json_string_value(item), "string")) return true;
	return false;
}

/* A JSON string with every byte from 0x80 on as it came. */
static int add_string(struct buf *out, struct cordon_slice text, struct cordon_err *err)
{
	int rc = buf_add_text(out, "\"", err);

	for (size_t i = 0; i < text.len && rc == 0; i++) {
		unsigned char byte = (unsigned char)text.data[i];

		if (byte < 0x20)
			rc = buf_addf(out, err, "\\u%04x", byte);
		else if (byte == '"' || byte == '\\')
			rc = buf_addf(out, err, "\\%c", byte);
		else
			rc = buf_add(out, (struct cordon_slice){ text.data + i, 1 }, err);
	}
	return rc < 0 ? rc : buf_add_text(out, "\"", err);
}

static int add_json(struct buf *out, struct cordon_slice value, struct cordon_err *err)
{
	cleanup_json json_t *loaded = NULL;

	if (jsontext_load(value, &loaded, NULL) == 0)
		return buf_add(out, value, err);
	/* What is no JSON goes on as text: the schema will say that it wanted something else. */
	return add_string(out, value, err);
}

static int add_pairs(const struct option_list *pairs, const struct tool *tool, struct buf *out, struct cordon_err *err)
{
	int rc = buf_add_text(out, "{", err);

	for (size_t i = 0; i < pairs->count && rc == 0; i++) {
		const char *equals = strchr(pairs->items[i], '=');
		struct cordon_slice name;

		if (!equals || equals == pairs->items[i])
			return err_set(err, CORDON_EINVAL, 0, "'--arg %s' is not NAME=VALUE", pairs->items[i]);
		name = (struct cordon_slice){ pairs->items[i], (size_t)(equals - pairs->items[i]) };
		if (i)
			rc = buf_add_text(out, ", ", err);
		if (rc == 0)
			rc = add_string(out, name, err);
		if (rc == 0)
			rc = buf_add_text(out, ": ", err);
		if (rc == 0)
			rc = takes_string(tool, name) ? add_string(out, slice_of(equals + 1), err)
						      : add_json(out, slice_of(equals + 1), err);
	}
	return rc < 0 ? rc : buf_add_text(out, "}", err);
}

static int add_source(const char *source, struct buf *out, struct cordon_err *err)
{
	int rc;

	if (!strcmp(source, "-"))
		rc = file_read_fd(STDIN_FILENO, out, err);
	else if (source[0] == '@')
		rc = file_read(AT_FDCWD, source + 1, out, err);
	else
		return buf_add_text(out, source, err);
	/* Whatever hinders the reading, it is the caller's to mend. */
	return rc < 0 ? err_wrap(err, CORDON_EINVAL, "--args %s", source) : 0;
}

int arguments_read(const struct options *options, const struct tool *tool, struct buf *out, struct cordon_err *err)
{
	if (options->args && options->arg.count)
		return err_set(err, CORDON_EINVAL, 0, "either '--args' or '--arg', not both");
	if (options->args)
		return add_source(options->args, out, err);
	return add_pairs(&options->arg, tool, out, err);
}
