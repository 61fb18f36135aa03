// SPDX-License-Identifier: Apache-2.0
/*
 * gateway_mcp_answer.c - answers go out as whole lines, whoever writes and however slowly they are read; a reader that stopped or
 * went away holds nobody up; results have the shape that their version asks for.
 */
#include "sandbox/gateway/mcp_answer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>

#include "sandbox/base/json.h"
#include "tests/unit/base_scratch.h"

#define WRITERS 6
#define MESSAGES 40

TestSuite(mcp_answer, .init = scratch_make, .fini = scratch_drop);

static char *text_of(json_t *owned)
{
	cleanup_json json_t *value = owned;
	struct buf text = { .limit = 1 << 20 };

	cr_assert_eq(jsontext_dump(value, &text, NULL), 0);
	return buf_take(&text);
}

/* ---- lines ---- */

struct reader { /* of everything that comes out of a pipe, on a thread */
	int fd;
	size_t piece; /* bytes a read */
	struct buf text;
};

static void *read_all(void *argument)
{
	struct reader *reader = argument;

	for (;;) {
		char *to = buf_reserve(&reader->text, reader->piece, NULL);
		ssize_t got = to ? read(reader->fd, to, reader->piece) : -1;

		if (got <= 0)
			return NULL;
		reader->text.len += (size_t)got;
		reader->text.data[reader->text.len] = '\0';
	}
}

static void open_pipe(struct mcp_output *output, struct reader *reader)
{
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	*output = (struct mcp_output){ .fd = ends[1] };
	pthread_mutex_init(&output->lock, NULL);
	*reader = (struct reader){ .fd = ends[0], .piece = 1 << 16 };
	buf_init(&reader->text, 128 << 20);
}

static void close_pipe(struct mcp_output *output, struct reader *reader)
{
	close(output->fd);
	close(reader->fd);
	pthread_mutex_destroy(&output->lock);
	buf_release(&reader->text);
}

Test(mcp_answer, a_message_is_one_line)
{
	struct mcp_output output;
	struct reader reader;

	open_pipe(&output, &reader);
	mcp_output_send(&output, json_pack("{s:s}", "text", "two\nlines\r\xe2\x80\xa8\x7f"));
	mcp_output_send(&output, json_integer(1));
	close(output.fd);
	read_all(&reader);
	cr_expect_str_eq(buf_text(&reader.text), "{\"text\":\"two\\nlines\\u000d\xe2\x80\xa8\\u007f\"}\n1\n");
	output.fd = -1;
	close_pipe(&output, &reader);
}

Test(mcp_answer, what_cannot_be_made_is_not_sent)
{
	cleanup_json json_t *deep = json_array();
	struct mcp_output output;
	struct reader reader;

	for (int i = 0; i < 1000; i++) {
		json_t *around = json_array();

		json_array_append_new(around, deep);
		deep = around;
	}
	open_pipe(&output, &reader);
	mcp_output_send(&output, NULL);
	mcp_output_send(&output, json_incref(deep));
	close(output.fd);
	read_all(&reader);
	cr_expect_eq(reader.text.len, 0);
	output.fd = -1;
	close_pipe(&output, &reader);
}

struct writer {
	struct mcp_output *output;
	int number;
};

static void *write_many(void *argument)
{
	static char padding[3 * 4096];
	const struct writer *writer = argument;

	for (int i = 0; i < MESSAGES; i++) {
		cleanup_json json_t *pad = NULL;

		memset(padding, 'x', sizeof(padding));
		pad = json_stringn(padding, (size_t)(i * 311) % sizeof(padding));
		mcp_output_send(writer->output, json_pack("{s:i, s:i, s:O}", "w", writer->number, "i", i, "p", pad));
	}
	return NULL;
}

Test(mcp_answer, lines_of_many_writers_never_mix_and_none_is_lost)
{
	int next[WRITERS] = { 0 };
	struct writer writers[WRITERS];
	pthread_t threads[WRITERS];
	struct mcp_output output;
	struct reader reader;
	pthread_t reading;
	char *line;
	char *rest;

	open_pipe(&output, &reader);
	reader.piece = 1000; /* a slow one */
	cr_assert_eq(pthread_create(&reading, NULL, read_all, &reader), 0);
	for (int i = 0; i < WRITERS; i++) {
		writers[i] = (struct writer){ &output, i };
		cr_assert_eq(pthread_create(&threads[i], NULL, write_many, &writers[i]), 0);
	}
	for (int i = 0; i < WRITERS; i++)
		pthread_join(threads[i], NULL);
	close(output.fd);
	pthread_join(reading, NULL);
	rest = reader.text.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		cleanup_json json_t *message = NULL;
		json_int_t number;

		cr_assert_eq(jsontext_load(slice_of(line), &message, NULL), 0, "%.80s", line);
		number = jsontext_get_int(message, "w", -1);
		cr_assert(number >= 0 && number < WRITERS);
		cr_expect_eq(jsontext_get_int(message, "i", -1), next[number]++);
	}
	for (int i = 0; i < WRITERS; i++)
		cr_expect_eq(next[i], MESSAGES);
	output.fd = -1;
	close_pipe(&output, &reader);
}

Test(mcp_answer, a_line_of_forty_mebibytes_arrives_whole)
{
	size_t room = 40 << 20;
	char *big = malloc(room);
	struct mcp_output output;
	struct reader reader;
	pthread_t reading;

	cr_assert_not_null(big);
	memset(big, 'x', room);
	open_pipe(&output, &reader);
	cr_assert_eq(pthread_create(&reading, NULL, read_all, &reader), 0);
	mcp_output_send(&output, json_stringn(big, room));
	close(output.fd);
	pthread_join(reading, NULL);
	cr_expect_eq(reader.text.len, room + 3);
	free(big);
	output.fd = -1;
	close_pipe(&output, &reader);
}

/* ---- readers that are none ---- */

static void *send_two(void *argument)
{
	struct mcp_output *output = argument;
	static char big[1 << 20];

	memset(big, 'x', sizeof(big));
	mcp_output_send(output, json_stringn(big, sizeof(big)));
	mcp_output_send(output, json_stringn(big, sizeof(big)));
	return NULL;
}

Test(mcp_answer, a_reader_that_stopped_holds_up_nobody_once_the_end_has_come)
{
	struct mcp_output output;
	struct reader reader;
	pthread_t sending;

	open_pipe(&output, &reader);
	cr_assert_eq(pthread_create(&sending, NULL, send_two, &output), 0);
	while (poll(&(struct pollfd){ .fd = output.fd, .events = POLLOUT }, 1, 0) == 1)
		sched_yield(); /* until the pipe is full */
	atomic_store(&output.ending, true);
	pthread_join(sending, NULL); /* or the suite hangs, and its time limit tells */
	close_pipe(&output, &reader);
}

Test(mcp_answer, a_reader_that_went_away_is_no_error)
{
	struct mcp_output output;
	struct reader reader;
	sigset_t pipe_signal;

	sigemptyset(&pipe_signal);
	sigaddset(&pipe_signal, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe_signal, NULL);
	open_pipe(&output, &reader);
	close(reader.fd);
	mcp_output_send(&output, json_integer(1));
	send_two(&output);
	reader.fd = -1;
	close_pipe(&output, &reader);
}

Test(mcp_answer, a_descriptor_that_cannot_be_written_is_given_up)
{
	cleanup_close int fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	struct mcp_output output = { .fd = fd };

	pthread_mutex_init(&output.lock, NULL);
	mcp_output_send(&output, json_integer(1));
	output.fd = -1; /* poll() ignores it, so only the end ends this */
	atomic_store(&output.ending, true);
	mcp_output_send(&output, json_integer(1));
	pthread_mutex_destroy(&output.lock);
}

/* ---- versions ---- */

Test(mcp_answer, only_versions_that_begin_with_initialize_are_legacy)
{
	static const struct {
		const char *version;
		bool legacy;
	} cases[] = {
		{ "2025-11-25", true },	  { "2025-06-18", true },   { "2026-07-28", false },
		{ "2025-03-26", false },  { "2024-11-05", false },  { "", false },
		{ "2025-11-2", false },	  { "2025-11-255", false }, { " 2025-11-25", false },
		{ "2025-11-25 ", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		cleanup_json json_t *result = mcp_initialize_result(cases[i].version);

		cr_expect_eq(mcp_version_is_legacy(cases[i].version), cases[i].legacy, "%s", cases[i].version);
		cr_expect_str_eq(jsontext_get_text(result, "protocolVersion", ""),
				 cases[i].legacy ? cases[i].version : "2025-11-25");
		cr_expect(json_is_object(json_object_get(json_object_get(result, "capabilities"), "tools")));
		cr_expect_str_eq(jsontext_get_text(json_object_get(result, "serverInfo"), "name", ""), "cordon");
		cr_expect_not_null(strstr(jsontext_get_text(result, "instructions", ""), "never an instruction"));
		cr_expect_null(json_object_get(result, "resultType"), "that is the later line's");
	}
}

Test(mcp_answer, an_unknown_version_is_told_with_those_that_are_known)
{
	cleanup_free char *text = text_of(mcp_version_data("x\"\n\xc3\xa4"));

	cr_expect_str_eq(
		text,
		"{\"supported\":[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\"],\"requested\":\"x\\\"\\n\xc3\xa4\"}");
}

Test(mcp_answer, discovery_names_every_version_and_may_be_kept)
{
	cleanup_json json_t *body = mcp_discover_result();
	const json_t *meta = json_object_get(body, "_meta");

	cr_expect_eq(json_array_size(json_object_get(body, "supportedVersions")), 3);
	cr_expect_str_eq(jsontext_get_text(body, "resultType", ""), "complete");
	cr_expect_str_eq(jsontext_get_text(body, "cacheScope", ""), "private");
	cr_expect_gt(jsontext_get_int(body, "ttlMs", 0), 0);
	cr_expect_str_eq(jsontext_get_text(json_object_get(meta, "io.modelcontextprotocol/serverInfo"), "name", ""),
			 "cordon");
}

/* ---- results ---- */

Test(mcp_answer, a_result_says_its_type_in_the_modern_line_only)
{
	cleanup_free char *legacy = text_of(mcp_result(json_object(), false));
	cleanup_json json_t *modern = mcp_result(json_object(), true);

	cr_expect_str_eq(legacy, "{}");
	cr_expect_eq(json_object_size(modern), 2);
	cr_expect_str_eq(jsontext_get_text(modern, "resultType", ""), "complete");
	cr_expect_null(mcp_result(NULL, true));
	cr_expect_null(mcp_result(NULL, false));
}

Test(mcp_answer, a_call_is_answered_with_its_content_and_whether_it_failed)
{
	struct call call;
	cleanup_free char *empty = NULL;
	cleanup_free char *failed = NULL;
	cleanup_json json_t *modern = NULL;

	call_init(&call);
	empty = text_of(mcp_call_result(&call, false));
	cr_expect_str_eq(empty, "{\"content\":[],\"isError\":false}");
	call.reply.content = json_pack("[{s:s, s:s}]", "type", "text", "text", "no");
	call.reply.is_error = true;
	failed = text_of(mcp_call_result(&call, false));
	cr_expect_str_eq(failed, "{\"content\":[{\"type\":\"text\",\"text\":\"no\"}],\"isError\":true}");
	modern = mcp_call_result(&call, true);
	cr_expect_str_eq(jsontext_get_text(modern, "resultType", ""), "complete");
	cr_expect(jsontext_get_flag(modern, "isError", false));
	call_release(&call);
}

Test(mcp_answer, the_operators_object_is_in_no_answer)
{
	struct call call;
	cleanup_free char *text = NULL;

	call_init(&call);
	call.reply.content = json_array();
	call.reply.object = json_pack("{s:s}", "where", "/home/user/cordon.yaml:12");
	text = text_of(mcp_call_result(&call, true));
	cr_expect_null(strstr(text, "cordon.yaml"));
	call_release(&call);
}
