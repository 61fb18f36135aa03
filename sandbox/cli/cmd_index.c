// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_index.c - `cordon index`: documents into the safe store. One that cannot be read is told and the rest goes on.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

static const char *const labels[] = { "own", "trusted", "untrusted" };

struct intake {
	struct retriever *retriever;
	struct retriever_intake rules;
	struct retriever_tally tally;
	bool bar; /* stderr is a terminal */
};

static void complain(void *ctx, const char *doc, const struct cordon_err *err)
{
	const struct intake *intake = ctx;

	if (intake->bar)
		fputs("\r\033[K", stderr);
	terminal_line(stderr, "cordon: '%s': %s", doc, err->text);
}

static void progress(void *ctx, const struct retriever_tally *tally)
{
	(void)ctx;
	fprintf(stderr, "\r\033[K%llu documents, %llu unchanged, %llu held back", (unsigned long long)tally->documents,
		(unsigned long long)tally->unchanged, (unsigned long long)tally->quarantined);
}

static int index_jsonl(struct intake *intake, const char *path, struct cordon_err *err)
{
	cleanup_close int fd = -1;
	bool standard = !strcmp(path, "-");
	struct retriever_jsonl jsonl = { STDIN_FILENO, "standard input" };

	if (!standard)
		fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (!standard && fd < 0) {
		struct cordon_err fault = { .code = 0 };

		err_set(&fault, CORDON_ESYS, errno, "cannot open it");
		complain(intake, path, &fault);
		intake->tally.failed++;
		return 0;
	}
	if (!standard)
		jsonl = (struct retriever_jsonl){ fd, path };
	return retriever_index_jsonl(intake->retriever, &intake->rules, &jsonl, &intake->tally, err);
}

static int index_file(struct intake *intake, const char *path, struct cordon_err *err)
{
	return retriever_index_path(intake->retriever, &intake->rules, path, &intake->tally, err);
}

static int print(const struct options *options, const struct retriever_tally *tally)
{
	if (options->json)
		return terminal_json(json_pack(
			"{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f}", "documents", (json_int_t)tally->documents, "chunks",
			(json_int_t)tally->chunks, "bytes", (json_int_t)tally->bytes, "unchanged",
			(json_int_t)tally->unchanged, "quarantined", (json_int_t)tally->quarantined, "skipped",
			(json_int_t)tally->skipped, "failed", (json_int_t)tally->failed, "seconds", tally->seconds));
	printf("%llu documents (%llu passages, %llu bytes) in %.1f s; %llu unchanged, %llu held back, %llu skipped, "
	       "%llu failed\n",
	       (unsigned long long)tally->documents, (unsigned long long)tally->chunks,
	       (unsigned long long)tally->bytes, tally->seconds, (unsigned long long)tally->unchanged,
	       (unsigned long long)tally->quarantined, (unsigned long long)tally->skipped,
	       (unsigned long long)tally->failed);
	if (tally->quarantined)
		fputs("cordon: 'cordon quarantine list' tells what was held back\n", stderr);
	return 0;
}

static int check_words(const struct options *options, const char *trust, struct cordon_err *err)
{
	size_t row = 0;

	while (row < ARRAY_LEN(labels) && strcmp(labels[row], trust))
		row++;
	if (row == ARRAY_LEN(labels))
		return err_set(err, CORDON_EINVAL, 0, "unknown trust '%s': own, trusted or untrusted", trust);
	for (size_t i = 0; i < options->operand_count; i++)
		if (strstr(options->operands[i], "://"))
			return err_set(err, CORDON_EINVAL, 0,
				       "'%s': this build fetches no documents; save it and index the file",
				       options->operands[i]);
	return 0;
}

static int open_intake(const struct options *options, struct surroundings *around, struct intake *intake,
		       struct cordon_err *err)
{
	int rc = check_words(options, intake->rules.trust, err);

	if (rc == 0)
		rc = surroundings_open(options, around, err);
	if (rc == 0)
		rc = supervisor_shield(around->supervisor, &intake->rules.shield, err);
	if (rc == 0)
		rc = supervisor_retriever(around->supervisor, &intake->retriever, err);
	if (rc == 0 && around->policy->suspicious == ACTION_QUARANTINE)
		intake->rules.hold_at = SHIELD_SUSPICIOUS;
	return rc;
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	struct cordon_err err = { .code = 0 };
	struct intake intake = {
		.bar = isatty(STDERR_FILENO) && !options->json,
		.rules = {
			.collection = options->collection ? options->collection : RETRIEVER_COLLECTION,
			.trust = options->trust ? options->trust : "untrusted",
			.hold_at = SHIELD_INJECTION,
			.complain = complain,
			.ctx = &intake,
		},
	};
	int rc = open_intake(options, &around, &intake, &err);

	if (intake.bar)
		intake.rules.progress = progress;
	for (size_t i = 0; i < options->operand_count && rc == 0; i++)
		rc = (options->jsonl ? index_jsonl : index_file)(&intake, options->operands[i], &err);
	if (intake.bar)
		fputs("\r\033[K", stderr);
	if (rc < 0)
		return terminal_fault(&err);
	if (print(options, &intake.tally))
		return 1;
	return intake.tally.failed ? 1 : 0;
}

static const struct option_row rows[] = {
	OPTION_ROW("--jsonl", NULL, OPTION_FLAG, jsonl,
		   "the files are JSON lines {\"id\",\"text\",\"title\"?,\"uri\"?}; - is stdin"),
	OPTION_ROW("--collection", "C", OPTION_TEXT, collection, "the collection that the documents belong to"),
	OPTION_ROW("--trust", "LABEL", OPTION_TEXT, trust, "own, trusted or untrusted (the default)"),
};

const struct verb verb_index = {
	.name = "index",
	.operands = "PATH...",
	.summary = "Put documents into the safe store; what the shield finds poisoned is held back",
	.detail = "Files, folders, .gz files or, with --jsonl, JSON lines. Exit status: 0 done, quarantined documents\n"
		  "included, 1 a document could not be read, 2 usage or config error.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = OPERANDS_ANY,
	.fault_status = 2,
	.run = run,
};
