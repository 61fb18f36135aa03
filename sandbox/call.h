/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h - one tool call from request to reply: the struct that travels, each stage filling its own part, in order.
 *
 *     parse -> gather -> decide -> prepare -> intend -> run -> scan -> record -> reply
 *
 * No stage calls back into an earlier one. Every door (command line, MCP, library) fills `request`, runs
 * supervisor_call(), and reads `reply`.
 */
#ifndef CALL_H
#define CALL_H

#include "sandbox/base/digest.h"
#include "sandbox/base/ident.h"
#include "sandbox/confinement.h"

#define CALL_FAULT_MAX 1000 /* struct cordon_err's text */

enum call_status { /* exit statuses of `run`, worst first where several apply: 2, 3, 5, 4, 1 */
		   CALL_FAULT = 2,
		   CALL_DENIED = 3,
		   CALL_HELD = 4,
		   CALL_UNANSWERED = 5, /* an approval that nobody gave */
		   CALL_FAILED = 1,
		   CALL_DONE = 0
};

struct call {
	char id[IDENT_TEXT];

	struct { /* by the door; borrowed for the call */
		const char *door; /* "run", "mcp", "library" */
		const char *tool;
		struct cordon_slice args_text; /* JSON; or args is set */
		json_t *args; /* parse: owned by the call */
		int cancel_fd; /* as jail_sink.cancel_fd; -1 */
		const char *
			fault; /* parse: what is wrong with the arguments as a text; NULL: nothing. Points to fault_text */
		char fault_text[CALL_FAULT_MAX];
	} request;

	const struct tool *tool; /* gather */
	struct facts facts;
	struct session_view view;

	struct decision decision; /* decide */
	struct command command; /* decide: what an allowed TOOL_RUN will exec */

	struct { /* prepare: a TOOL_RUN's inside is being built, and nothing of the tool's has been executed */
		struct confinement confinement;
		struct cordon_slice input; /* borrowed from command */
		struct jail_run *jail; /* NULL: there is none, or fault says why it could not be begun */
		struct cordon_err fault; /* told by run, when the intent is on the log; code 0: none */
	} begun;

	struct {
		uint64_t index; /* intend, record: places on the log */
		bool written;
	} intent, outcome_record;

	struct {
		bool ran;
		struct jail_outcome outcome; /* TOOL_RUN */
		struct retriever_hits hits; /* TOOL_SEARCH, TOOL_READ */
	} result;

	struct { /* scan */
		bool scanned;
		bool held; /* nothing of the content may be shown */
		bool redacted; /* something was cut out of text: no excerpt may be shown either */
		char fault[CALL_FAULT_MAX]; /* why the shield could say nothing (held is then true); "" */
		struct shield_report report;
		struct digest digest; /* of all that came back, shown or not */
		uint64_t bytes;
		struct buf text; /* what may be shown: redacted where asked for */
	} screen;

	struct { /* reply */
		enum call_status status;
		json_t *content; /* MCP content blocks */
		bool is_error;
		json_t *object; /* the `run --json` object, operator's view */
	} reply;
};

void call_init(struct call *call);
void call_release(struct call *call);
/* The status that what the stages found adds up to; pure. */
enum call_status call_settle(const struct call *call);
/* True where the program of a TOOL_RUN did not start, was ended, or ended with a status that ok-exit does not list. */
bool call_program_failed(const struct call *call);

#endif
