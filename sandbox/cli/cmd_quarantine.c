// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_quarantine.c - `cordon quarantine`: what the shield held back. `show` is the one output with its text; a list has
 * no excerpt. Releasing and dropping change what a model will see, so both are recorded before they are done.
 */
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/json.h"
#include "sandbox/base/parse.h"
#include "sandbox/base/slice.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

struct quarantine {
	const struct options *options;
	struct supervisor *supervisor;
	struct retriever *retriever;
	uint64_t id;
};

/* ---- list ---- */

static json_t *findings_of(const struct retriever_held *held)
{
	struct cordon_err err;
	json_t *findings = NULL;
	json_t *finding;
	size_t i;

	if (jsontext_load(slice_of(held->findings ? held->findings : "[]"), &findings, &err) < 0)
		return json_array();
	json_array_foreach(findings, i, finding) json_object_del(finding, "excerpt");
	return findings;
}

static int print_held(const struct quarantine *q, const struct retriever_held *held)
{
	cleanup_json json_t *findings = findings_of(held);
	json_t *object;

	if (!q->options->json) {
		terminal_line(stdout, "%llu  %s  %.2f  %zu finding%s  %s", (unsigned long long)held->id, held->when,
			      held->score, json_array_size(findings), json_array_size(findings) == 1 ? "" : "s",
			      held->doc);
		return 0;
	}
	object = json_object();
	json_object_set_new(object, "id", json_integer((json_int_t)held->id));
	json_object_set_new(object, "doc", text_or_null(held->doc));
	json_object_set_new(object, "uri", text_or_null(held->uri));
	json_object_set_new(object, "collection", text_or_null(held->collection));
	json_object_set_new(object, "trust", text_or_null(held->trust));
	json_object_set_new(object, "when", text_or_null(held->when));
	json_object_set_new(object, "score", json_real(held->score));
	json_object_set_new(object, "bytes", json_integer((json_int_t)held->bytes));
	json_object_set(object, "findings", findings);
	return terminal_json(object);
}

static int list(struct quarantine *q, struct cordon_err *err)
{
	struct retriever_held *rows = NULL;
	size_t count = 0;
	int rc = retriever_quarantine_list(q->retriever, &rows, &count, err);
	int status = 0;

	if (rc < 0)
		return rc;
	for (size_t i = 0; i < count; i++)
		status |= print_held(q, &rows[i]);
	if (!count && !q->options->json)
		fputs("nothing is held back\n", stderr);
	retriever_held_free(rows, count);
	return status;
}

/* ---- one document ---- */

static int show(struct quarantine *q, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = SHIELD_TEXT_MAX };
	int rc = retriever_quarantine_show(q->retriever, q->id, &text, err);

	if (rc < 0)
		return rc;
	if (q->options->json)
		return terminal_json(
			json_pack("{s:I, s:o}", "id", (json_int_t)q->id, "text", jsontext_string(buf_slice(&text))));
	terminal_text(stdout, buf_slice(&text));
	return 0;
}

static int record(struct quarantine *q, const char *action, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = AUDIT_RECORD_MAX };
	cleanup_json json_t *object = NULL;
	struct audit *audit;
	uint64_t index;
	char ts[32];
	int rc = supervisor_audit(q->supervisor, &audit, err);

	if (rc < 0)
		return rc;
	clock_rfc3339(clock_real_ms(), ts);
	object = json_pack("{s:s, s:s, s:s, s:I, s:I}", "kind", "quarantine", "ts", ts, "action", action, "document",
			   (json_int_t)q->id, "uid", (json_int_t)getuid());
	rc = jsontext_dump(object, &text, err);
	return rc < 0 ? rc : audit_append(audit, buf_slice(&text), &index, err);
}

static int say_done(const struct quarantine *q, const char *word)
{
	if (q->options->json)
		return terminal_json(json_pack("{s:I, s:s}", "id", (json_int_t)q->id, "done", word));
	printf("%s %llu\n", word, (unsigned long long)q->id);
	return 0;
}

static int release_one(struct quarantine *q, struct cordon_err *err)
{
	int rc = record(q, "release", err);

	if (rc == 0)
		rc = retriever_quarantine_release(q->retriever, q->id, err);
	return rc < 0 ? rc : say_done(q, "released");
}

static int drop_one(struct quarantine *q, struct cordon_err *err)
{
	int rc = record(q, "drop", err);

	if (rc == 0)
		rc = retriever_quarantine_drop(q->retriever, q->id, err);
	return rc < 0 ? rc : say_done(q, "dropped");
}

static const struct {
	const char *name;
	bool takes_id;
	int (*run)(struct quarantine *q, struct cordon_err *err); /* 0, 1 for a failure already told, or an error */
} actions[] = {
	{ "list", false, list },
	{ "show", true, show },
	{ "release", true, release_one },
	{ "drop", true, drop_one },
};

static int find_action(const struct options *options, struct quarantine *q, size_t *at, struct cordon_err *err)
{
	const char *name = options->operands[0];

	for (*at = 0; *at < ARRAY_LEN(actions) && strcmp(actions[*at].name, name); (*at)++)
		;
	if (*at == ARRAY_LEN(actions))
		return err_set(err, CORDON_EINVAL, 0,
			       "unknown action '%s' of 'quarantine': list, show, release or drop", name);
	if (actions[*at].takes_id != (options->operand_count == 2))
		return err_set(err, CORDON_EINVAL, 0, "'quarantine %s' takes %s", name,
			       actions[*at].takes_id ? "the number of one document" : "nothing more");
	if (!actions[*at].takes_id)
		return 0;
	if (parse_u64(slice_of(options->operands[1]), &q->id, NULL) < 0)
		return err_set(err, CORDON_EINVAL, 0, "'%s' is not the number of a document", options->operands[1]);
	return 0;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	struct quarantine q = { .options = options };
	size_t at = 0;
	int rc = find_action(options, &q, &at, &err);

	if (rc == 0)
		rc = surroundings_open(options, &around, &err);
	q.supervisor = around.supervisor;
	if (rc == 0)
		rc = supervisor_retriever(around.supervisor, &q.retriever, &err);
	if (rc == 0)
		rc = actions[at].run(&q, &err);
	return rc < 0 ? terminal_fault(&err) : rc;
}

const struct verb verb_quarantine = {
	.name = "quarantine",
	.operands = "list|show ID|release ID|drop ID",
	.summary = "List, read, release or delete what the shield held back",
	.detail = "'show' is the only output with the text of a held document.",
	.operand_min = 1,
	.operand_max = 2,
	.fault_status = 2,
	.run = run,
};
