// SPDX-License-Identifier: Apache-2.0
/*
 * jsonl.c - JSON lines into the store: {"id","text","title"?,"uri"?}, one document a line.
 *
 * A line that is wrong is told with its number and counted, and the rest goes on. A line is read up to a limit and then
 * skipped to its end, so that one of a gigabyte costs no more than the limit.
 */
#include <errno.h>
#include <string.h>

#include "retriever/intake.h"
#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

#define LINE_BYTES_MAX ((size_t)2 * SHIELD_TEXT_MAX) /* a text with every second character escaped by a backslash */
#define READ_BYTES 65536

struct lines {
	struct intake_run *run;
	const char *name;
	uint64_t number;
	struct buf line;
	bool too_long;
};

static int bad_line(struct lines *lines, const struct cordon_err *why)
{
	char place[512];

	snprintf(place, sizeof(place), "%s:%llu", lines->name, (unsigned long long)lines->number);
	intake_failed(lines->run, place, why);
	return 0;
}

/* Why this is no document; 0 where it is one. */
static int judge(const json_t *object, struct cordon_err *why)
{
	const char *id = jsontext_get_text(object, "id", "");

	if (!json_is_object(object))
		return err_set(why, CORDON_EINVAL, 0, "not a JSON object: {\"id\", \"text\"} would be right");
	if (!*id)
		return err_set(why, CORDON_EINVAL, 0, "no \"id\" that is a text and not empty");
	if (!json_is_string(json_object_get(object, "text")))
		return err_set(why, CORDON_EINVAL, 0, "no \"text\" that is a text");
	if (json_string_length(json_object_get(object, "text")) > SHIELD_TEXT_MAX)
		return err_set(why, CORDON_ELIMIT, 0, "\"text\" is larger than 64 MiB");
	return 0;
}

static int take_line(struct lines *lines, struct cordon_err *err)
{
	cleanup_json json_t *object = NULL;
	cleanup_buf struct buf text = { 0 };
	struct cordon_err why = { 0 };
	struct intake_label label;
	const json_t *value;
	int rc;

	lines->number++;
	if (lines->too_long) {
		err_set(&why, CORDON_ELIMIT, 0, "a line of more than %zu bytes", LINE_BYTES_MAX);
		return bad_line(lines, &why);
	}
	if (strspn(buf_text(&lines->line), " \t\r") == lines->line.len)
		return 0;
	if (jsontext_load(buf_slice(&lines->line), &object, &why) < 0 || judge(object, &why) < 0)
		return bad_line(lines, &why);
	label = (struct intake_label){ jsontext_get_text(object, "id", ""), jsontext_get_text(object, "title", ""),
				       jsontext_get_text(object, "uri", "") };
	value = json_object_get(object, "text");
	buf_init(&text, SHIELD_TEXT_MAX);
	rc = buf_add(&text, (struct cordon_slice){ json_string_value(value), json_string_length(value) }, err);
	return rc < 0 ? rc : intake_add(lines->run, &label, &text, err);
}

static int end_line(struct lines *lines, struct cordon_err *err)
{
	int rc = take_line(lines, err);

	buf_clear(&lines->line);
	lines->too_long = false;
	return rc;
}

static int take_block(struct lines *lines, struct cordon_slice block, struct cordon_err *err)
{
	int rc = 0;

	while (rc == 0 && block.len) {
		const char *end = memchr(block.data, '\n', block.len);
		struct cordon_slice part = { block.data, end ? (size_t)(end - block.data) : block.len };

		if (!lines->too_long) {
			rc = buf_add(&lines->line, part, err);
			lines->too_long = rc == CORDON_ELIMIT;
			rc = lines->too_long ? 0 : rc;
		}
		if (rc == 0 && end)
			rc = end_line(lines, err);
		block = slice_from(block, part.len + (end ? 1 : 0));
	}
	return rc;
}

static int take_all(struct lines *lines, int fd, struct cordon_err *err)
{
	char block[READ_BYTES];
	int rc = 0;

	while (rc == 0) {
		ssize_t got = read(fd, block, sizeof(block));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot read '%s'", lines->name);
		if (got == 0)
			break;
		rc = take_block(lines, (struct cordon_slice){ block, (size_t)got }, err);
	}
	if (rc == 0 && (lines->line.len || lines->too_long))
		rc = end_line(lines, err);
	rc = rc < 0 ? rc : intake_flush(lines->run, err); /* the last group goes out */
	return rc < 0 ? rc : intake_flush(lines->run, err); /* and its answer comes in */
}

int retriever_index_jsonl(struct retriever *retriever, const struct retriever_intake *intake,
			  const struct retriever_jsonl *jsonl, struct retriever_tally *tally, struct cordon_err *err)
{
	struct intake_run run;
	struct lines lines = { .run = &run, .name = jsonl->name };
	int rc = intake_begin(&run, retriever, intake, tally, err);

	if (rc < 0)
		return rc;
	buf_init(&lines.line, LINE_BYTES_MAX);
	rc = take_all(&lines, jsonl->fd, err);
	buf_release(&lines.line);
	intake_end(&run);
	return rc;
}
