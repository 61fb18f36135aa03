// SPDX-License-Identifier: Apache-2.0
/*
 * store_wire.c - the messages between a client and `cordon-store`.
 *
 * Both ends of every message stand here side by side. A count that a message names is believed only as far as the
 * message is long, so that no few bytes make the other side allocate gigabytes.
 */
#include "retriever/store_wire.h"

#include <string.h>

#include "sandbox/base/err.h"

#define PASSAGE_WIRE 20 /* the least bytes of one in a message */
#define HIT_WIRE 64
#define HELD_WIRE 52

int store_wire_put_batch(struct buf *out, const struct store_batch *batch, struct cordon_err *err)
{
	int rc = wire_put_u64(out, batch->run, err);

	rc = rc < 0 ? rc : wire_put_text(out, batch->scanner, err);
	rc = rc < 0 ? rc : wire_put_text(out, batch->collection, err);
	rc = rc < 0 ? rc : wire_put_text(out, batch->trust, err);
	return rc < 0 ? rc : wire_put_u32(out, batch->count, err);
}

void store_wire_get_batch(struct wire_reader *reader, struct store_batch_in *batch)
{
	batch->is.run = wire_get_u64(reader);
	batch->is.scanner = batch->scanner = wire_get_text(reader);
	batch->is.collection = batch->collection = wire_get_text(reader);
	batch->is.trust = batch->trust = wire_get_text(reader);
	batch->is.count = wire_get_u32(reader);
}

void store_wire_batch_release(struct store_batch_in *batch)
{
	free(batch->scanner);
	free(batch->collection);
	free(batch->trust);
	*batch = (struct store_batch_in){ 0 };
}

static int put_passages(struct buf *out, const struct store_document *document, struct cordon_err *err)
{
	int rc = wire_put_u32(out, (uint32_t)document->passage_count, err);

	for (size_t i = 0; rc == 0 && i < document->passage_count; i++) {
		rc = wire_put_u64(out, document->passages[i].start, err);
		rc = rc < 0 ? rc : wire_put_u64(out, document->passages[i].end, err);
		rc = rc < 0 ? rc : wire_put_bytes(out, document->passages[i].text, err);
	}
	return rc;
}

int store_wire_put_document(struct buf *out, const struct store_document *document, struct cordon_err *err)
{
	const struct cordon_slice digest = { (const char *)document->digest.bytes, DIGEST_BYTES };
	int rc = wire_put_text(out, document->name, err);

	rc = rc < 0 ? rc : wire_put_text(out, document->title, err);
	rc = rc < 0 ? rc : wire_put_text(out, document->uri, err);
	rc = rc < 0 ? rc : wire_put_u32(out, document->verdict, err);
	rc = rc < 0 ? rc : wire_put_f64(out, document->score, err);
	rc = rc < 0 ? rc : wire_put_u64(out, document->bytes, err);
	rc = rc < 0 ? rc : wire_put_bytes(out, digest, err);
	rc = rc < 0 ? rc : wire_put_u32(out, document->hold, err);
	rc = rc < 0 ? rc : wire_put_bytes(out, document->findings, err);
	rc = rc < 0 ? rc : wire_put_bytes(out, document->source, err);
	return rc < 0 ? rc : put_passages(out, document, err);
}

void store_wire_get_digest(struct wire_reader *reader, struct digest *digest)
{
	struct cordon_slice bytes = wire_get_bytes(reader);

	if (bytes.len != DIGEST_BYTES)
		reader->bad = true;
	else
		memcpy(digest->bytes, bytes.data, DIGEST_BYTES);
}

/* A count of things that take at least `least` bytes each. */
static uint32_t get_count(struct wire_reader *reader, size_t least)
{
	uint32_t count = wire_get_u32(reader);

	if (count <= (reader->bytes.len - reader->at) / least)
		return count;
	reader->bad = true;
	return 0;
}

/* An enumerator that is not known is the worst one. */
static enum shield_verdict get_verdict(struct wire_reader *reader)
{
	uint32_t verdict = wire_get_u32(reader);

	return verdict <= SHIELD_CLEAN ? (enum shield_verdict)verdict : SHIELD_INJECTION;
}

static void get_passages(struct wire_reader *reader, struct store_document_in *document)
{
	uint32_t count = get_count(reader, PASSAGE_WIRE);

	document->passages = calloc(count + 1u, sizeof(*document->passages));
	if (!document->passages) {
		reader->bad = true;
		return;
	}
	for (uint32_t i = 0; i < count; i++) {
		document->passages[i].start = wire_get_u64(reader);
		document->passages[i].end = wire_get_u64(reader);
		document->passages[i].text = wire_get_bytes(reader);
	}
	document->is.passages = document->passages;
	document->is.passage_count = count;
}

void store_wire_get_document(struct wire_reader *reader, struct store_document_in *document)
{
	struct store_document *is = &document->is;

	is->name = document->name = wire_get_text(reader);
	is->title = document->title = wire_get_text(reader);
	is->uri = document->uri = wire_get_text(reader);
	is->verdict = get_verdict(reader);
	is->score = wire_get_f64(reader);
	is->bytes = wire_get_u64(reader);
	store_wire_get_digest(reader, &is->digest);
	is->hold = wire_get_u32(reader);
	is->findings = wire_get_bytes(reader);
	is->source = wire_get_bytes(reader);
	get_passages(reader, document);
}

void store_wire_document_release(struct store_document_in *document)
{
	free(document->name);
	free(document->title);
	free(document->uri);
	free(document->passages);
	*document = (struct store_document_in){ 0 };
}

int store_wire_put_refusal(struct buf *out, const struct cordon_err *why, struct cordon_err *err)
{
	int rc = wire_put_u32(out, (uint32_t)-why->code, err);

	rc = rc < 0 ? rc : wire_put_u32(out, (uint32_t)why->os_errno, err);
	return rc < 0 ? rc : wire_put_text(out, why->text, err);
}

int store_wire_get_refusal(struct cordon_slice payload, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(payload);
	uint32_t code = wire_get_u32(&reader);
	uint32_t os_errno = wire_get_u32(&reader);
	struct cordon_slice text = wire_get_bytes(&reader);

	if (!wire_done(&reader) || !code || code > 100)
		return err_set(err, CORDON_EPROTO, 0, "the document store refused in words that are none");
	err_set(err, -(int)code, 0, "%.*s", (int)text.len, text.data);
	if (err)
		err->os_errno = (int)os_errno;
	return -(int)code;
}

int store_wire_put_hit(struct buf *out, const struct retriever_hit *hit, struct cordon_err *err)
{
	int rc = wire_put_u64(out, hit->rank, err);

	rc = rc < 0 ? rc : wire_put_f64(out, hit->score, err);
	rc = rc < 0 ? rc : wire_put_text(out, hit->doc, err);
	rc = rc < 0 ? rc : wire_put_text(out, hit->title, err);
	rc = rc < 0 ? rc : wire_put_text(out, hit->uri, err);
	rc = rc < 0 ? rc : wire_put_text(out, hit->trust, err);
	rc = rc < 0 ? rc : wire_put_u32(out, hit->verdict, err);
	rc = rc < 0 ? rc : wire_put_u64(out, hit->start, err);
	rc = rc < 0 ? rc : wire_put_u64(out, hit->end, err);
	rc = rc < 0 ? rc : wire_put_text(out, hit->text, err);
	return rc < 0 ? rc : wire_put_u32(out, 0, err);
}

static void get_hit(struct wire_reader *reader, struct retriever_hit *hit)
{
	hit->rank = wire_get_u64(reader);
	hit->score = wire_get_f64(reader);
	hit->doc = wire_get_text(reader);
	hit->title = wire_get_text(reader);
	hit->uri = wire_get_text(reader);
	hit->trust = wire_get_text(reader);
	hit->verdict = get_verdict(reader);
	hit->start = wire_get_u64(reader);
	hit->end = wire_get_u64(reader);
	hit->text = wire_get_text(reader);
	if (wire_get_u32(reader))
		reader->bad = true;
}

int store_wire_get_hits(struct cordon_slice payload, struct retriever_hits *hits, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(payload);
	struct retriever_hits in = { 0 };

	in.count = get_count(&reader, HIT_WIRE - 4);
	in.rows = calloc(in.count + 1, sizeof(*in.rows));
	if (!in.rows)
		return err_nomem(err);
	for (size_t i = 0; i < in.count && !reader.bad; i++)
		get_hit(&reader, &in.rows[i]);
	if (!wire_done(&reader)) {
		retriever_hits_release(&in);
		return err_set(err, CORDON_EPROTO, 0, "the document store answered a search with nonsense");
	}
	*hits = in;
	return 0;
}

int store_wire_put_held(struct buf *out, const struct retriever_held *held, struct cordon_err *err)
{
	int rc = wire_put_u64(out, held->id, err);

	rc = rc < 0 ? rc : wire_put_text(out, held->doc, err);
	rc = rc < 0 ? rc : wire_put_text(out, held->uri, err);
	rc = rc < 0 ? rc : wire_put_text(out, held->collection, err);
	rc = rc < 0 ? rc : wire_put_text(out, held->trust, err);
	rc = rc < 0 ? rc : wire_put_text(out, held->when, err);
	rc = rc < 0 ? rc : wire_put_f64(out, held->score, err);
	rc = rc < 0 ? rc : wire_put_text(out, held->findings, err);
	return rc < 0 ? rc : wire_put_u64(out, held->bytes, err);
}

static void get_held(struct wire_reader *reader, struct retriever_held *held)
{
	held->id = wire_get_u64(reader);
	held->doc = wire_get_text(reader);
	held->uri = wire_get_text(reader);
	held->collection = wire_get_text(reader);
	held->trust = wire_get_text(reader);
	held->when = wire_get_text(reader);
	held->score = wire_get_f64(reader);
	held->findings = wire_get_text(reader);
	held->bytes = wire_get_u64(reader);
}

int store_wire_get_held(struct cordon_slice payload, struct retriever_held **rows, size_t *count,
			struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(payload);
	uint32_t wanted = get_count(&reader, HELD_WIRE - 4);
	struct retriever_held *in = calloc(wanted + 1u, sizeof(*in));

	if (!in)
		return err_nomem(err);
	for (uint32_t i = 0; i < wanted && !reader.bad; i++)
		get_held(&reader, &in[i]);
	if (!wire_done(&reader)) {
		retriever_held_free(in, wanted);
		return err_set(err, CORDON_EPROTO, 0, "the document store answered with nonsense about its quarantine");
	}
	*rows = in;
	*count = wanted;
	return 0;
}

void retriever_hits_release(struct retriever_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++) {
		struct retriever_hit *hit = &hits->rows[i];
		char *const texts[] = { hit->doc, hit->title, hit->uri, hit->trust, hit->text };

		for (size_t t = 0; t < ARRAY_LEN(texts); t++)
			free(texts[t]);
	}
	free(hits->rows);
	*hits = (struct retriever_hits){ 0 };
}

void retriever_held_free(struct retriever_held *rows, size_t count)
{
	for (size_t i = 0; rows && i < count; i++) {
		const struct retriever_held *row = &rows[i];
		char *const texts[] = { row->doc, row->uri, row->collection, row->trust, row->when, row->findings };

		for (size_t t = 0; t < ARRAY_LEN(texts); t++)
			free(texts[t]);
	}
	free(rows);
}
