// SPDX-License-Identifier: Apache-2.0
/*
 * store_serve.c - the store's loop.
 *
 * A table names what answers each request. A client is one of ours, but what it sends carries outside text and it may
 * have been broken into: every message is checked to its last byte before anything is changed for good.
 */
#include "retriever/store_serve.h"

#include "retriever/store_put.h"
#include "retriever/store_search.h"
#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"

typedef int answer_function(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err);

static int nonsense(struct cordon_err *err)
{
	return err_set(err, CORDON_EPROTO, 0, "the document store was sent a message that is none");
}

static int answer_run(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	uint64_t run = 0;
	int rc = wire_done(reader) ? store_new_run(store, &run, err) : nonsense(err);

	return rc < 0 ? rc : wire_put_u64(out, run, err);
}

static int check_one(struct store *store, const struct store_batch *batch, struct wire_reader *reader, struct buf *out,
		     struct cordon_err *err)
{
	cleanup_free char *name = wire_get_text(reader);
	struct digest digest = { 0 };
	int rc;

	store_wire_get_digest(reader, &digest);
	if (reader->bad || !name)
		return nonsense(err);
	rc = store_check(store, batch, name, &digest, err);
	return rc < 0 ? rc : buf_add(out, (struct cordon_slice){ rc ? "\1" : "\0", 1 }, err);
}

static int put_one(struct store *store, const struct store_batch *batch, struct wire_reader *reader,
		   struct store_added *added, struct cordon_err *err)
{
	struct store_document_in document = { 0 };
	int rc;

	store_wire_get_document(reader, &document);
	rc = reader->bad ? nonsense(err) : store_put(store, batch, &document.is, added, err);
	store_wire_document_release(&document);
	return rc;
}

static int run_check(struct store *store, const struct store_batch *batch, struct wire_reader *reader, struct buf *out,
		     struct cordon_err *err)
{
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	for (uint32_t i = 0; rc >= 0 && i < batch->count; i++)
		rc = check_one(store, batch, reader, out, err);
	if (rc >= 0 && !wire_done(reader))
		rc = nonsense(err);
	return store_end(store, rc, err);
}

static int run_put(struct store *store, const struct store_batch *batch, struct wire_reader *reader, struct buf *out,
		   struct cordon_err *err)
{
	struct store_added added = { 0 };
	int rc = store_begin(store, err);

	if (rc < 0)
		return rc;
	for (uint32_t i = 0; rc >= 0 && i < batch->count; i++)
		rc = put_one(store, batch, reader, &added, err);
	if (rc >= 0 && !wire_done(reader))
		rc = nonsense(err);
	rc = store_end(store, rc, err);
	rc = rc < 0 ? rc : wire_put_u64(out, added.held, err);
	return rc < 0 ? rc : wire_put_u64(out, added.passages, err);
}

static int run_prune(struct store *store, const struct store_batch *batch, struct wire_reader *reader, struct buf *out,
		     struct cordon_err *err)
{
	cleanup_free char *prefix = wire_get_text(reader);
	uint64_t gone = 0;
	int rc = wire_done(reader) ? store_prune(store, batch, prefix, &gone, err) : nonsense(err);

	return rc < 0 ? rc : wire_put_u64(out, gone, err);
}

static int with_batch(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err,
		      int (*run)(struct store *, const struct store_batch *, struct wire_reader *, struct buf *,
				 struct cordon_err *))
{
	struct store_batch_in batch = { 0 };
	int rc;

	store_wire_get_batch(reader, &batch);
	rc = reader->bad ? nonsense(err) : run(store, &batch.is, reader, out, err);
	store_wire_batch_release(&batch);
	return rc;
}

static int answer_check(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	return with_batch(store, reader, out, err, run_check);
}

static int answer_put(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	return with_batch(store, reader, out, err, run_put);
}

static int answer_prune(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	return with_batch(store, reader, out, err, run_prune);
}

static int answer_search(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	struct retriever_query query = { .text = wire_get_bytes(reader) };
	cleanup_free char *collection = wire_get_text(reader);

	query.collection = collection;
	query.k = wire_get_u32(reader);
	query.unit = wire_get_u32(reader) ? RETRIEVER_DOCUMENTS : RETRIEVER_PASSAGES;
	return wire_done(reader) ? store_search(store, &query, out, err) : nonsense(err);
}

static int answer_read(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	cleanup_free char *name = wire_get_text(reader);

	return wire_done(reader) && name ? store_read(store, name, out, err) : nonsense(err);
}

static int answer_list(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	return wire_done(reader) ? store_held_list(store, out, err) : nonsense(err);
}

static int answer_show(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	uint64_t id = wire_get_u64(reader);

	return wire_done(reader) ? store_held_show(store, id, out, err) : nonsense(err);
}

static int answer_release(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	uint64_t id = wire_get_u64(reader);

	(void)out;
	return wire_done(reader) ? store_held_release(store, id, err) : nonsense(err);
}

static int answer_drop(struct store *store, struct wire_reader *reader, struct buf *out, struct cordon_err *err)
{
	uint64_t id = wire_get_u64(reader);

	(void)out;
	return wire_done(reader) ? store_held_drop(store, id, err) : nonsense(err);
}

static answer_function *const answers[] = {
	[STORE_RUN] = answer_run,	 [STORE_CHECK] = answer_check,	  [STORE_PUT] = answer_put,
	[STORE_PRUNE] = answer_prune,	 [STORE_SEARCH] = answer_search,  [STORE_READ] = answer_read,
	[STORE_HELD_LIST] = answer_list, [STORE_HELD_SHOW] = answer_show, [STORE_HELD_RELEASE] = answer_release,
	[STORE_HELD_DROP] = answer_drop,
};

int store_answer(struct store *store, uint32_t type, struct cordon_slice payload, struct buf *out,
		 struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(payload);

	if (type >= ARRAY_LEN(answers) || !answers[type])
		return nonsense(err);
	return answers[type](store, &reader, out, err);
}

void store_refuse(int fd, const struct cordon_err *why)
{
	cleanup_buf struct buf out = { 0 };

	buf_init(&out, 4096);
	if (store_wire_put_refusal(&out, why, NULL) == 0 &&
	    channel_send_plain(fd, STORE_REFUSED, buf_slice(&out), NULL) < 0)
		return; /* the client is gone: nobody is left to tell */
}

int store_serve(struct store *store, int fd, struct cordon_err *err)
{
	int rc = channel_send_plain(fd, STORE_READY, (struct cordon_slice){ 0 }, err);

	while (rc >= 0) {
		cleanup_message struct channel_message message = { 0 };
		cleanup_buf struct buf out = { 0 };
		struct cordon_err why = { 0 };

		rc = channel_receive(fd, STORE_MESSAGE_MAX, &message, err);
		if (rc <= 0)
			return rc;
		buf_init(&out, STORE_MESSAGE_MAX);
		if (store_answer(store, message.type, buf_slice(&message.payload), &out, &why) < 0)
			store_refuse(fd, &why);
		else
			rc = channel_send_plain(fd, STORE_DONE, buf_slice(&out), err);
	}
	return rc;
}
