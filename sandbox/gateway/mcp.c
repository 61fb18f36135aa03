// SPDX-License-Identifier: Apache-2.0
/*
 * mcp.c - the MCP server on standard input and output.
 *
 * One thread reads lines and answers everything that needs no tool; tools/call goes to the workers (workers.h), which
 * answer by themselves. The table of methods says in which era each exists: a request whose params._meta names a protocol
 * version is of the modern one (2026-07-28), any other is of the legacy one and needs an `initialize` before it.
 *
 * Invariants: every request is answered once, but for cancelled ones; a notification or a response never; nothing but
 * messages is written to the output; when mcp_serve() returns, no tool, helper or thread that it started is left.
 */
#include "sandbox/gateway/mcp.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "sandbox/base/err.h"
#include "sandbox/gateway/jsonrpc.h"
#include "sandbox/gateway/lines.h"
#include "sandbox/gateway/mcp_answer.h"
#include "sandbox/gateway/workers.h"
#include "sandbox/tool_list.h"

#define GRACE_MS 1500 /* at the end of input calls may finish; DESIGN allows 4 s in all with a call running */
#define META_VERSION "io.modelcontextprotocol/protocolVersion"
#define META_CAPABILITIES "io.modelcontextprotocol/clientCapabilities"

struct server {
	const struct mcp_options *options;
	struct mcp_output output;
	struct lines lines;
	struct workers *workers;
	bool initialized;
};

enum era { ERA_LEGACY = 1, ERA_MODERN = 2 };

struct method {
	const char *name;
	unsigned int eras;
	void (*serve)(struct server *server, const struct jsonrpc_message *message, bool modern);
};

static void PRINTF_LIKE(4, 5)
	refuse(struct server *server, const json_t *id, enum jsonrpc_error code, const char *format, ...)
{
	struct cordon_err text = { 0 };
	char sentence[512];
	va_list list;

	va_start(list, format);
	vsnprintf(sentence, sizeof(sentence), format, list);
	va_end(list);
	err_set(&text, CORDON_EINVAL, 0, "%s", sentence); /* escapes what the client wrote */
	mcp_output_send(&server->output, jsonrpc_error(id, code, text.text, NULL));
}

static void give(struct server *server, const struct jsonrpc_message *message, json_t *result)
{
	mcp_output_send(&server->output, jsonrpc_result(message->id, result));
}

static void serve_initialize(struct server *server, const struct jsonrpc_message *message, bool modern UNUSED)
{
	const char *asked = jsontext_get_text(message->params, "protocolVersion", NULL);

	if (!asked) {
		refuse(server, message->id, JSONRPC_PARAMS, "initialize needs \"protocolVersion\", a string");
		return;
	}
	server->initialized = true;
	give(server, message, mcp_initialize_result(asked));
}

static void serve_ping(struct server *server, const struct jsonrpc_message *message, bool modern)
{
	give(server, message, mcp_result(json_object(), modern));
}

static void serve_discover(struct server *server, const struct jsonrpc_message *message, bool modern UNUSED)
{
	give(server, message, mcp_discover_result());
}

static void serve_list(struct server *server, const struct jsonrpc_message *message, bool modern)
{
	struct cordon_err err = { 0 };
	json_t *tools = NULL;
	json_t *body;

	if (json_object_get(message->params, "cursor")) {
		refuse(server, message->id, JSONRPC_PARAMS, "unknown cursor: the list has one page");
		return;
	}
	if (tool_list(server->options->policy, "mcp", &tools, &err) < 0) {
		refuse(server, message->id, JSONRPC_INTERNAL, "%s", err.text);
		return;
	}
	body = json_pack("{s:o}", "tools", tools);
	if (body && modern)
		mcp_add_cache_hint(body);
	give(server, message, mcp_result(body, modern));
}

static void serve_call(struct server *server, const struct jsonrpc_message *message, bool modern)
{
	const char *name = jsontext_get_text(message->params, "name", NULL);
	json_t *arguments = json_object_get(message->params, "arguments");
	struct job_order order = { .tool = name, .modern = modern };
	struct cordon_err err = { 0 };

	if (!name) {
		refuse(server, message->id, JSONRPC_PARAMS, "tools/call needs \"name\", a string");
		return;
	}
	if (arguments && !json_is_object(arguments)) {
		refuse(server, message->id, JSONRPC_PARAMS, "\"arguments\" must be an object");
		return;
	}
	if (workers_has(server->workers, message->id)) {
		refuse(server, message->id, JSONRPC_REQUEST, "a request with this id is still running");
		return;
	}
	order.id = json_copy((json_t *)(uintptr_t)message->id);
	order.arguments = arguments ? json_deep_copy(arguments) : json_object();
	if (workers_submit(server->workers, &order, &err) < 0)
		refuse(server, message->id, JSONRPC_INTERNAL, "%s", err.text);
}

static const struct method methods[] = {
	{ "initialize", ERA_LEGACY, serve_initialize },	       { "ping", ERA_LEGACY, serve_ping },
	{ "server/discover", ERA_MODERN, serve_discover },     { "tools/list", ERA_LEGACY | ERA_MODERN, serve_list },
	{ "tools/call", ERA_LEGACY | ERA_MODERN, serve_call },
};

static const struct method *find_method(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(methods); i++)
		if (!strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

/* False when the request was answered with what is wrong with its era. */
static bool read_era(struct server *server, const struct jsonrpc_message *message, bool *modern)
{
	const json_t *meta = json_object_get(message->params, "_meta");
	const json_t *version = json_object_get(meta, META_VERSION);

	*modern = version;
	if (!version) {
		if (server->initialized || !strcmp(message->method, "initialize"))
			return true;
		refuse(server, message->id, JSONRPC_PARAMS,
		       "neither \"_meta\" with \"" META_VERSION "\" nor an initialize before this request");
		return false;
	}
	if (!json_is_string(version) || !json_is_object(json_object_get(meta, META_CAPABILITIES))) {
		refuse(server, message->id, JSONRPC_PARAMS,
		       "\"_meta\" needs \"" META_VERSION "\", a string, and \"" META_CAPABILITIES "\", an object");
		return false;
	}
	if (strcmp(json_string_value(version), MCP_MODERN)) {
		mcp_output_send(&server->output,
				jsonrpc_error(message->id, JSONRPC_VERSION, "unsupported protocol version",
					      mcp_version_data(json_string_value(version))));
		return false;
	}
	return true;
}

static void serve_request(struct server *server, const struct jsonrpc_message *message)
{
	const struct method *method;
	bool modern = false;

	if (!read_era(server, message, &modern))
		return;
	method = find_method(message->method);
	if (!method || !(method->eras & (modern ? ERA_MODERN : ERA_LEGACY))) {
		refuse(server, message->id, JSONRPC_METHOD, "unknown method '%s'", message->method);
		return;
	}
	method->serve(server, message, modern);
}

static void serve_notice(struct server *server, const struct jsonrpc_message *message)
{
	const json_t *id = json_object_get(message->params, "requestId");

	if (!strcmp(message->method, "notifications/cancelled") && id)
		workers_cancel(server->workers, id);
}

static bool is_blank(struct cordon_slice line)
{
	for (size_t i = 0; i < line.len; i++)
		if (!strchr(" \t\r", line.data[i]) || !line.data[i])
			return false;
	return true;
}

static void serve_line(struct server *server, struct cordon_slice line)
{
	struct jsonrpc_message message;

	if (is_blank(line))
		return;
	jsonrpc_read(line, &message);
	switch (message.kind) {
	case JSONRPC_INVALID:
		refuse(server, message.id, message.error, "%s", message.fault.text);
		break;
	case JSONRPC_CALL:
		serve_request(server, &message);
		break;
	case JSONRPC_NOTICE:
		serve_notice(server, &message);
		break;
	case JSONRPC_IGNORED:
		break;
	}
	jsonrpc_release(&message);
}

static void serve_lines(struct server *server)
{
	struct cordon_slice line;
	enum lines_event event;

	while ((event = lines_next(&server->lines, &line)) != LINES_NONE) {
		if (event == LINES_LINE)
			serve_line(server, line);
		else
			refuse(server, NULL, JSONRPC_REQUEST, "a line of more than %u bytes", LINE_MAX_BYTES);
	}
}

/* On a worker's thread. */
static void answer_call(void *ctx, const struct job *job, const struct call *call, int rc, const struct cordon_err *err)
{
	struct server *server = ctx;

	if (rc == 0 && !call->tool) { /* denied and recorded as at every door */
		refuse(server, job->id, JSONRPC_PARAMS, "unknown tool '%s'", job->tool);
		return;
	}
	if (rc == 0) {
		mcp_output_send(&server->output, jsonrpc_result(job->id, mcp_call_result(call, job->modern)));
		return;
	}
	if (server->options->complain)
		server->options->complain(server->options->ctx, err->text);
	mcp_output_send(&server->output,
			jsonrpc_error(job->id, JSONRPC_INTERNAL,
				      "Cordon could not run this call; the operator's log says why", NULL));
}

/* Until the end of input (*grace_ms is then GRACE_MS) or a signal to end (0). */
static int serve_loop(struct server *server, int signals, uint64_t *grace_ms, struct cordon_err *err)
{
	struct pollfd ready[] = { { .fd = server->options->in_fd, .events = POLLIN },
				  { .fd = signals, .events = POLLIN } };
	int rc;

	*grace_ms = 0;
	for (;;) {
		if (poll(ready, ARRAY_LEN(ready), -1) < 0 && errno != EINTR)
			return err_set(err, CORDON_ESYS, errno, "cannot wait for input");
		if (ready[1].revents)
			return 0;
		if (!ready[0].revents)
			continue;
		rc = lines_fill(&server->lines, err);
		if (rc < 0)
			return rc;
		serve_lines(server);
		if (rc == 0)
			break;
	}
	serve_line(server, lines_rest(&server->lines));
	*grace_ms = GRACE_MS;
	return 0;
}

static sigset_t ending_signals(void)
{
	sigset_t ending;

	sigemptyset(&ending);
	sigaddset(&ending, SIGTERM);
	sigaddset(&ending, SIGINT);
	sigaddset(&ending, SIGHUP);
	return ending;
}

void mcp_hold_signals(void)
{
	const sigset_t ending = ending_signals();

	pthread_sigmask(SIG_BLOCK, &ending, NULL);
}

static int block_signals(sigset_t *before)
{
	const sigset_t ending = ending_signals();

	pthread_sigmask(SIG_BLOCK, &ending, before);
	return signalfd(-1, &ending, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* A signal that is still pending when its mask goes would end this process by its default, and not with status 0. */
static void unblock_signals(int signals, const sigset_t *before)
{
	struct signalfd_siginfo taken;

	while (read(signals, &taken, sizeof(taken)) == (ssize_t)sizeof(taken))
		;
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

int mcp_serve(const struct mcp_options *options, struct cordon_err *err)
{
	struct server server = { .options = options, .output = { .fd = options->out_fd } };
	struct workers_setup setup = { .policy = options->policy, .answer = answer_call, .ctx = &server };
	char ident[IDENT_TEXT] = "";
	char session[IDENT_TEXT + 4];
	cleanup_close int signals = -1;
	uint64_t grace_ms = 0;
	sigset_t before;
	int rc;

	rc = ident_make(ident, err);
	if (rc < 0)
		return rc;
	snprintf(session, sizeof(session), "mcp-%s", ident);
	setup.session = options->session ? options->session : session;
	setup.environment = options->environment;
	signals = block_signals(&before);
	if (signals < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot wait for signals");
	rc = workers_open(&setup, &server.workers, err);
	if (rc < 0)
		return rc;
	pthread_mutex_init(&server.output.lock, NULL);
	lines_init(&server.lines, options->in_fd);
	rc = serve_loop(&server, signals, &grace_ms, err);
	if (!grace_ms)
		atomic_store(&server.output.ending, true);
	workers_close(server.workers, grace_ms);
	lines_release(&server.lines);
	pthread_mutex_destroy(&server.output.lock);
	unblock_signals(signals, &before);
	return rc;
}
