// SPDX-License-Identifier: Apache-2.0
/*
 * records.c - JSON lines, one bad line costing no other.
 */
#include "sandbox/cli/records.h"

#include <errno.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/terminal.h"

#define LINE_LIMIT (80u << 20) /* a document of SHIELD_TEXT_MAX with a quarter of escapes */
#define READ_BYTES (256u << 10)

struct reader {
	struct records *records;
	struct buf line;
	uint64_t number;
	bool skipping; /* inside a line that was too long */
};

static void complain(struct reader *reader, const char *what)
{
	terminal_line(stderr, "cordon: %s:%llu: %s", reader->records->name, (unsigned long long)reader->number, what);
	reader->records->failed++;
}

static int give(struct reader *reader, const json_t *object, struct cordon_err *err)
{
	const json_t *id = json_object_get(object, "id");
	const json_t *text = json_object_get(object, "text");
	struct record_line line = {
		.number = reader->number,
		.id = json_string_value(id),
		.text = { json_string_value(text), json_string_length(text) },
	};

	if (!line.id || !line.text.data) {
		complain(reader, "not an object with a text 'id' and a text 'text'");
		return 0;
	}
	return reader->records->each(reader->records->ctx, &line, err);
}

static int end_line(struct reader *reader, struct cordon_err *err)
{
	cleanup_json json_t *object = NULL;
	struct cordon_err fault = { .code = 0 };
	const char *text = buf_text(&reader->line);
	int rc = 0;

	reader->number++;
	if (reader->skipping)
		complain(reader, "the line is too long");
	else if (text[strspn(text, " \t\r")] == '\0' && strlen(text) == reader->line.len)
		rc = 0; /* blank */
	else if (jsontext_load(buf_slice(&reader->line), &object, &fault) < 0)
		complain(reader, fault.text);
	else
		rc = give(reader, object, err);
	reader->skipping = false;
	buf_clear(&reader->line);
	return rc;
}

static int take(struct reader *reader, struct cordon_slice bytes, struct cordon_err *err)
{
	while (bytes.len) {
		const char *newline = memchr(bytes.data, '\n', bytes.len);
		size_t len = newline ? (size_t)(newline - bytes.data) : bytes.len;
		int rc = 0;

		if (!reader->skipping)
			rc = buf_add(&reader->line, (struct cordon_slice){ bytes.data, len }, err);
		if (rc == CORDON_ELIMIT)
			reader->skipping = true;
		else if (rc < 0)
			return rc;
		if (!newline)
			return 0;
		rc = end_line(reader, err);
		if (rc < 0)
			return rc;
		bytes = slice_from(bytes, len + 1);
	}
	return 0;
}

int records_each(struct records *records, struct cordon_err *err)
{
	struct reader reader = { .records = records, .line = { .limit = LINE_LIMIT } };
	cleanup_free char *bytes = malloc(READ_BYTES);
	int rc = bytes ? 0 : err_nomem(err);

	while (rc == 0) {
		ssize_t len = read(records->fd, bytes, READ_BYTES);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0)
			rc = err_set(err, CORDON_ESYS, errno, "cannot read '%s'", records->name);
		if (len <= 0)
			break;
		rc = take(&reader, (struct cordon_slice){ bytes, (size_t)len }, err);
	}
	if (rc == 0 && (reader.line.len || reader.skipping))
		rc = end_line(&reader, err);
	buf_release(&reader.line);
	return rc;
}
