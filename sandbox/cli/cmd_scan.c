// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_scan.c - `cordon scan`: the shield on any text. Needs no config and no data folder.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/cli/records.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define HELD 4

static const struct {
	const char *name;
	enum shield_format format;
} formats[] = {
	{ "auto", SHIELD_AUTO },
	{ "text", SHIELD_TEXT },
	{ "html", SHIELD_HTML },
	{ "markdown", SHIELD_MARKDOWN },
};

struct scan {
	const struct options *options;
	struct shield *shield;
	struct shield_request request;
	enum shield_verdict fail_on; /* verdicts at least this bad are status 4 */
	const char *file;
	bool held;
	uint64_t failed;
};

static void scan_close(struct scan *scan)
{
	shield_close(scan->shield);
}

static int read_names(struct scan *scan, struct cordon_err *err)
{
	const char *format = scan->options->format ? scan->options->format : "auto";
	const char *fail_on = scan->options->fail_on ? scan->options->fail_on : "injection";
	size_t row = 0;

	while (row < ARRAY_LEN(formats) && strcmp(formats[row].name, format))
		row++;
	if (row == ARRAY_LEN(formats))
		return err_set(err, CORDON_EINVAL, 0, "unknown format '%s': auto, text, html or markdown", format);
	scan->request.format = formats[row].format;
	if (!strcmp(fail_on, "injection"))
		scan->fail_on = SHIELD_INJECTION;
	else if (!strcmp(fail_on, "suspicious"))
		scan->fail_on = SHIELD_SUSPICIOUS;
	else
		return err_set(err, CORDON_EINVAL, 0, "'--fail-on' is injection or suspicious, not '%s'", fail_on);
	return 0;
}

static void print(const struct scan *scan, const struct shield_report *report, const char *id)
{
	terminal_verdict(report->verdict, 10);
	terminal_line(stdout, " %.2f %s%s%s", report->score, scan->file, id ? " " : "", id ? id : "");
	for (size_t i = 0; i < report->finding_count; i++) {
		const struct shield_finding *finding = &report->findings[i];

		terminal_line(stdout, "  %s at %llu to %llu (%.2f, %s): %s", shield_kind_name(finding->kind),
			      (unsigned long long)finding->start, (unsigned long long)finding->end, finding->score,
			      shield_layer_name(finding->layer), finding->why ? finding->why : "");
		if (finding->excerpt && finding->excerpt[0])
			terminal_line(stdout, "    \"%s\"", finding->excerpt);
	}
}

static int scan_text(struct scan *scan, struct cordon_slice text, const char *id, struct cordon_err *err)
{
	CLEANUP(shield_report_release) struct shield_report report = { .verdict = SHIELD_INJECTION };
	int rc;

	scan->request.text = text;
	scan->request.name = id ? NULL : scan->file;
	rc = shield_scan(scan->shield, &scan->request, &report, err);
	if (rc < 0)
		return rc;
	if (report.verdict <= scan->fail_on)
		scan->held = true;
	if (!scan->options->json) {
		print(scan, &report, id);
		return 0;
	}
	return terminal_json(report_to_json(&report, id ? id : scan->file, scan->file, EXCERPTS_PUT_IN))
		       ? err_nomem(err)
		       : 0;
}

static int on_line(void *ctx, const struct record_line *line, struct cordon_err *err)
{
	return scan_text(ctx, line->text, line->id, err);
}

static int scan_fd(struct scan *scan, int fd, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = SHIELD_TEXT_MAX };
	struct records records = { .fd = fd, .name = scan->file, .each = on_line, .ctx = scan };
	int rc;

	if (scan->options->jsonl) {
		rc = records_each(&records, err);
		scan->failed += records.failed;
		return rc;
	}
	rc = file_read_fd(fd, &text, err);
	return rc < 0 ? rc : scan_text(scan, buf_slice(&text), NULL, err);
}

static int scan_file(struct scan *scan, struct cordon_err *err)
{
	cleanup_close int fd = -1;

	if (!strcmp(scan->file, "-"))
		return scan_fd(scan, STDIN_FILENO, err);
	fd = open(scan->file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot open it");
	return scan_fd(scan, fd, err);
}

static int run(const struct options *options)
{
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	CLEANUP(scan_close) struct scan scan = { .options = options };
	struct cordon_err err = { .code = 0 };
	int rc = read_names(&scan, &err);

	if (rc == 0 && options->config)
		rc = surroundings_load(options, &around, &err);
	if (rc == 0)
		rc = shield_open(&scan.shield, &err);
	if (rc < 0)
		return terminal_fault(&err);
	for (size_t i = 0; i < options->operand_count; i++) {
		scan.file = options->operands[i];
		rc = scan_file(&scan, &err);
		if (rc == 0)
			continue;
		err_wrap(&err, rc, "'%s'", scan.file);
		terminal_fault(&err);
		scan.failed++;
	}
	return scan.held ? HELD : scan.failed ? 1 : 0;
}

static const struct option_row rows[] = {
	OPTION_ROW("--jsonl", NULL, OPTION_FLAG, jsonl, "the files are JSON lines {\"id\",\"text\"}"),
	OPTION_ROW("--format", "FORMAT", OPTION_TEXT, format, "auto (the default), text, html or markdown"),
	OPTION_ROW("--fail-on", "VERDICT", OPTION_TEXT, fail_on,
		   "injection (the default) or suspicious: status 4 from there"),
};

const struct verb verb_scan = {
	.name = "scan",
	.operands = "FILE...",
	.summary = "Read any text as the shield does: findings with their bytes, and a verdict; - is stdin",
	.detail = "Exit status: 4 if any input is an injection, 1 if one could not be read, else 0.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = OPERANDS_ANY,
	.fault_status = 2,
	.run = run,
};
