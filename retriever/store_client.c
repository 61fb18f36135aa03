// SPDX-License-Identifier: Apache-2.0
/*
 * store_client.c - the supervisor's side of the store: a request out, an answer in.
 *
 * The store is this process's own child. One that dies is not started again behind the caller's back: what it was
 * doing is rolled back by SQLite, and the caller is told, so that nobody takes half an indexing run for a whole one.
 */
#include "retriever/store_client.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/file.h"

#define STORE "cordon-store"
#define QUERY_WIRE_MAX (RETRIEVER_QUERY_MAX + 4096)

static int await_ready(struct retriever *retriever, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = channel_receive(retriever->program.channel, STORE_MESSAGE_MAX, &message, err);

	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(err, CORDON_EPROTO, 0, "the document store ended before it was ready");
	if (message.type == STORE_REFUSED)
		return store_wire_get_refusal(buf_slice(&message.payload), err);
	if (message.type != STORE_READY)
		return err_set(err, CORDON_EPROTO, 0, "the document store began with message %u", message.type);
	return 0;
}

int retriever_open(const char *data_folder, struct retriever **out, struct cordon_err *err)
{
	const char *args[] = { data_folder, NULL };
	struct retriever *retriever = calloc(1, sizeof(*retriever));
	int rc;

	if (!retriever)
		return err_nomem(err);
	retriever->program.channel = -1;
	rc = file_make_dirs(data_folder, 0700, err);
	rc = rc < 0 ? rc : program_start(STORE, args, -1, &retriever->program, err);
	rc = rc < 0 ? rc : await_ready(retriever, err);
	if (rc < 0) {
		retriever_close(retriever);
		return err_wrap(err, rc, "document store");
	}
	*out = retriever;
	return 0;
}

void retriever_close(struct retriever *retriever)
{
	if (!retriever)
		return;
	program_end(&retriever->program);
	free(retriever);
}

int retriever_send(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
		   struct cordon_err *err)
{
	int rc = channel_send_plain(retriever->program.channel, type, payload, err);

	if (rc < 0)
		return err_wrap(err, rc, "document store");
	retriever->awaited++;
	return 0;
}

int retriever_await(struct retriever *retriever, struct channel_message *message, struct cordon_err *err)
{
	struct channel_message in = { 0 };
	int rc = channel_receive(retriever->program.channel, STORE_MESSAGE_MAX, &in, err);

	if (rc < 0)
		return err_wrap(err, rc, "document store");
	if (rc == 0)
		return err_set(
			err, CORDON_EPROTO, 0,
			"the document store ended unasked: what it was told last may not be stored, run it again");
	retriever->awaited--;
	if (in.type == STORE_DONE) {
		*message = in;
		return 0;
	}
	if (in.type == STORE_REFUSED)
		rc = err_wrap(err, store_wire_get_refusal(buf_slice(&in.payload), err), "document store");
	else
		rc = err_set(err, CORDON_EPROTO, 0, "the document store answered with message %u", in.type);
	channel_message_release(&in);
	return rc;
}

int retriever_ask(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
		  struct channel_message *message, struct cordon_err *err)
{
	int rc = 0;

	/* What an abandoned indexing run left unanswered is not the answer to this. */
	while (rc == 0 && retriever->awaited) {
		cleanup_message struct channel_message old = { 0 };
		struct cordon_err ignored = { 0 };

		if (retriever_await(retriever, &old, &ignored) == CORDON_EPROTO) {
			*err = ignored;
			return CORDON_EPROTO;
		}
	}
	rc = retriever_send(retriever, type, payload, err);
	return rc < 0 ? rc : retriever_await(retriever, message, err);
}

int retriever_ask_number(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
			 uint64_t *number, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	struct wire_reader reader;
	int rc = retriever_ask(retriever, type, payload, &message, err);

	if (rc < 0)
		return rc;
	reader = wire_reader_of(buf_slice(&message.payload));
	*number = wire_get_u64(&reader);
	return wire_done(&reader) ? 0 : err_set(err, CORDON_EPROTO, 0, "the document store answered with nonsense");
}

int retriever_search(struct retriever *retriever, const struct retriever_query *query, struct retriever_hits *hits,
		     struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	cleanup_buf struct buf out = { 0 };
	struct cordon_slice text = query->text;
	int rc;

	if (text.len > RETRIEVER_QUERY_MAX)
		text.len = RETRIEVER_QUERY_MAX; /* every string is valid, a long one by its beginning */
	buf_init(&out, QUERY_WIRE_MAX);
	rc = wire_put_bytes(&out, text, err);
	rc = rc < 0 ? rc : wire_put_text(&out, query->collection, err);
	rc = rc < 0 ? rc : wire_put_u32(&out, query->k, err);
	rc = rc < 0 ? rc : wire_put_u32(&out, query->unit == RETRIEVER_DOCUMENTS, err);
	rc = rc < 0 ? rc : retriever_ask(retriever, STORE_SEARCH, buf_slice(&out), &message, err);
	return rc < 0 ? rc : store_wire_get_hits(buf_slice(&message.payload), hits, err);
}

int retriever_read(struct retriever *retriever, const char *doc, struct retriever_hits *hits, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	cleanup_buf struct buf out = { 0 };
	int rc;

	buf_init(&out, STORE_MESSAGE_MAX);
	rc = wire_put_text(&out, doc, err);
	rc = rc < 0 ? rc : retriever_ask(retriever, STORE_READ, buf_slice(&out), &message, err);
	return rc < 0 ? rc : store_wire_get_hits(buf_slice(&message.payload), hits, err);
}

int retriever_quarantine_list(struct retriever *retriever, struct retriever_held **rows, size_t *count,
			      struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = retriever_ask(retriever, STORE_HELD_LIST, (struct cordon_slice){ 0 }, &message, err);

	return rc < 0 ? rc : store_wire_get_held(buf_slice(&message.payload), rows, count, err);
}

static int ask_by_id(struct retriever *retriever, enum store_message type, uint64_t id, struct channel_message *message,
		     struct cordon_err *err)
{
	cleanup_buf struct buf out = { 0 };
	int rc;

	buf_init(&out, sizeof(id));
	rc = wire_put_u64(&out, id, err);
	return rc < 0 ? rc : retriever_ask(retriever, type, buf_slice(&out), message, err);
}

int retriever_quarantine_show(struct retriever *retriever, uint64_t id, struct buf *out, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = ask_by_id(retriever, STORE_HELD_SHOW, id, &message, err);

	return rc < 0 ? rc : buf_add(out, buf_slice(&message.payload), err);
}

int retriever_quarantine_release(struct retriever *retriever, uint64_t id, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };

	return ask_by_id(retriever, STORE_HELD_RELEASE, id, &message, err);
}

int retriever_quarantine_drop(struct retriever *retriever, uint64_t id, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };

	return ask_by_id(retriever, STORE_HELD_DROP, id, &message, err);
}
