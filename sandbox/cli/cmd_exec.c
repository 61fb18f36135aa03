// SPDX-License-Identifier: Apache-2.0
/*
 * cmd_exec.c - `cordon exec -- CMD`: any program under a profile, with its own exit status.
 *
 * Output is copied as it comes, or kept for the outcome object; with --report and without --json it is both, so that the
 * report is the same object. A reader of our output that goes away (`| head`) is told to the tool as SIGPIPE, as it would
 * be told without us. A terminal on stdin is copied, never handed over: who holds it could type into it (TIOCSTI).
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/json.h"
#include "sandbox/cli/signals.h"
#include "sandbox/cli/surroundings.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/cli/verbs.h"

#define FAULT 125
#define REPORT_MAX (512u << 20)

struct copy {
	bool keep; /* for the report as well */
	bool broken; /* nobody reads any more */
	struct buf out, err;
};

static const struct {
	enum jail_reason reason;
	int status; /* -1: of the exit or signal */
} statuses[] = {
	{ JAIL_ERROR, FAULT }, { JAIL_EXITED, -1 },    { JAIL_SIGNAL, -1 }, { JAIL_WALL, 124 }, /* as timeout(1) */
	{ JAIL_CPU, 137 }, /* 128 + SIGKILL */
	{ JAIL_MEMORY, 137 },  { JAIL_PIDS, 137 },     { JAIL_DISK, 137 },  { JAIL_OUTPUT, 137 },
	{ JAIL_DENIED, -1 },   { JAIL_CANCELLED, -1 },
};

static int status_of(const struct jail_outcome *outcome)
{
	if (!outcome->started && outcome->exec_errno)
		return outcome->exec_errno == ENOENT ? 127 : 126;
	for (size_t i = 0; i < ARRAY_LEN(statuses); i++)
		if (statuses[i].reason == outcome->reason && statuses[i].status >= 0)
			return statuses[i].status;
	if (outcome->signal)
		return 128 + outcome->signal;
	return outcome->exited ? outcome->exit : FAULT;
}

static void write_through(void *ctx, int stream, struct cordon_slice bytes)
{
	struct copy *copy = ctx;
	struct cordon_err err;

	if (copy->keep && buf_add(stream == 1 ? &copy->out : &copy->err, bytes, &err) < 0)
		copy->keep = false; /* the limit is above the profile's output: only memory can be short */
	if (copy->broken || file_write_fd(stream == 1 ? STDOUT_FILENO : STDERR_FILENO, bytes, &err) == 0)
		return;
	copy->broken = true;
	if (err.os_errno != EPIPE) /* EPIPE came with its own SIGPIPE */
		signals_put(SIGPIPE);
}

/* Says what a person would otherwise have to guess. */
static void tell(const struct jail_outcome *outcome, const char *program)
{
	if (!outcome->started && outcome->exec_errno == ENOENT)
		terminal_line(stderr, "cordon: '%s' is not there inside%s", program,
			      strchr(program, '/') && !access(program, F_OK)
				      ? ": it is only outside, not in the profile"
				      : " the sandbox");
	else if (!outcome->started && outcome->exec_errno)
		terminal_line(stderr, "cordon: '%s' cannot be executed: %s", program,
			      strerrordesc_np(outcome->exec_errno));
	else if (outcome->reason != JAIL_EXITED && outcome->reason != JAIL_SIGNAL)
		terminal_line(stderr, "cordon: '%s' was ended: %s", program, jail_reason_name(outcome->reason));
	for (size_t i = 0; i < outcome->denied_count; i++)
		terminal_denied(&outcome->denied[i]);
}

static int write_report(int fd, const json_t *object, struct cordon_err *err)
{
	cleanup_buf struct buf text = { .limit = REPORT_MAX };
	int rc = jsontext_dump(object, &text, err);

	if (rc == 0)
		rc = buf_add_text(&text, "\n", err);
	return rc < 0 ? rc : file_write_fd(fd, buf_slice(&text), err);
}

static json_t *make_object(const struct jail_outcome *outcome, const struct exec_receipt *receipt)
{
	json_t *object = outcome_to_json(outcome, STREAMS_PUT_IN);
	json_t *audit = json_object();

	json_object_set_new(audit, "intent", json_integer((json_int_t)receipt->intent));
	json_object_set_new(audit, "outcome", json_integer((json_int_t)receipt->outcome));
	json_object_set_new(object, "call", json_string(receipt->call));
	json_object_set_new(object, "audit", audit);
	return object;
}

static int finish(const struct options *options, int report, struct jail_outcome *outcome,
		  const struct exec_receipt *receipt)
{
	cleanup_json json_t *object = NULL;
	struct cordon_err err = { .code = 0 };

	if (!options->json)
		tell(outcome, options->operands[0]);
	if (!options->json && report < 0)
		return status_of(outcome);
	object = make_object(outcome, receipt);
	if (report >= 0 && write_report(report, object, &err) < 0) {
		terminal_fault(&err);
		return FAULT;
	}
	if (options->json && terminal_json(json_incref(object)))
		return FAULT;
	return status_of(outcome);
}

static int open_report(const char *path, int *fd, struct cordon_err *err)
{
	if (!path)
		return 0;
	*fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	return *fd < 0 ? err_set(err, CORDON_EINVAL, errno, "cannot open the report '%s'", path) : 0;
}

static void release_copy(struct copy *copy)
{
	buf_release(&copy->out);
	buf_release(&copy->err);
}

static void take_copies(struct copy *copy, struct jail_outcome *outcome)
{
	buf_release(&outcome->out);
	buf_release(&outcome->err);
	outcome->out = copy->out;
	outcome->err = copy->err;
	copy->out = (struct buf){ .limit = 0 };
	copy->err = (struct buf){ .limit = 0 };
}

static int run(const struct options *options)
{
	CLEANUP(jail_outcome_release) struct jail_outcome outcome = { .reason = JAIL_ERROR };
	CLEANUP(release_copy) struct copy copy = { .keep = options->report && !options->json };
	cleanup_surroundings struct surroundings around = { .policy = NULL };
	CLEANUP(program_kill) struct program launcher = { .channel = -1 };
	cleanup_close int report = -1;
	struct exec_receipt receipt = { .intent = 0 };
	struct exec_run *begun;
	struct cordon_err err = { .code = 0 };
	struct jail_sink sink = { .stdin_fd = STDIN_FILENO, .ctx = &copy, .cancel_fd = -1 };
	struct exec_request request = {
		.profile = options->profile,
		.argv = options->operands,
		.sink = &sink,
		.launcher = &launcher,
	};
	int rc = open_report(options->report, &report, &err);

	copy.out.limit = REPORT_MAX;
	copy.err.limit = REPORT_MAX;
	sink.stdin_copy = isatty(STDIN_FILENO) == 1;
	sink.write = options->json ? NULL : write_through;
	if (rc == 0)
		rc = jail_start_launcher(&launcher, &err); /* it loads while the config is read */
	if (rc == 0)
		rc = surroundings_open(options, &around, &err);
	if (rc == 0)
		rc = signals_to_pipe(&sink.cancel_fd, &err);
	if (rc == 0) {
		request.cwd = around.cwd;
		rc = supervisor_exec_begin(around.supervisor, &request, &begun, &err);
	}
	if (rc == 0) {
		surroundings_recall(&around); /* while the inside is built */
		rc = supervisor_exec_end(begun, &outcome, &receipt, &err);
	}
	if (rc < 0) {
		terminal_fault(&err);
		return FAULT;
	}
	if (copy.keep)
		take_copies(&copy, &outcome);
	return finish(options, report, &outcome, &receipt);
}

static const struct option_row rows[] = {
	OPTION_ROW("--profile", "NAME", OPTION_TEXT, profile, "the profile (else 'tool')"),
	OPTION_ROW("--workspace", "DIR", OPTION_TEXT, workspace, "the workspace (else the config's, else this folder)"),
	OPTION_ROW("--report", "FILE", OPTION_TEXT, report, "write the outcome object there as well"),
	OPTION_ROW("--session", "ID", OPTION_TEXT, session, "the session that the log names (else $CORDON_SESSION)"),
};

const struct verb verb_exec = {
	.name = "exec",
	.operands = "CMD [ARG]...",
	.summary = "Run any program under a profile, recorded like a call",
	.detail = "Exit status: the program's own; 124 wall limit, 137 killed for cpu, memory, pids, disk or output,\n"
		  "125 a fault of Cordon's own, usage included, 126 not executable, 127 not found, 128+N signal N.",
	.rows = rows,
	.row_count = ARRAY_LEN(rows),
	.operand_min = 1,
	.operand_max = OPERANDS_ANY,
	.program = true,
	.fault_status = FAULT,
	.run = run,
};
