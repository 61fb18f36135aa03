// SPDX-License-Identifier: Apache-2.0
/*
 * intake.c - one indexing run.
 *
 * A group of documents is checked with one message (those that did not change cost no scan), scanned one after another,
 * and stored with one message in one transaction, while the next group is read and its digests are made. The store
 * decides nothing about safety: a document is held back here, by the shield's verdict and the caller's threshold.
 */
#include "retriever/intake.h"

#include <string.h>

#include "retriever/cut.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"

#define GROUP_BYTES_MAX (8u << 20) /* what a group may hold before it is sent, however few documents that is */
#define TITLE_BYTES_MAX 1024
#define INTAKE_VERSION 1 /* raised when the same bytes would be read or cut otherwise */

int intake_begin(struct intake_run *run, struct retriever *retriever, const struct retriever_intake *rules,
		 struct retriever_tally *tally, struct cordon_err *err)
{
	*run = (struct intake_run){ .retriever = retriever, .rules = rules, .tally = tally };
	run->began_ns = clock_monotonic_ns();
	run->batch.collection = rules->collection ? rules->collection : RETRIEVER_COLLECTION;
	run->batch.trust = rules->trust ? rules->trust : "untrusted";
	snprintf(run->scanner, sizeof(run->scanner), "cordon %s/%d, %s, held from %s", CORDON_VERSION, INTAKE_VERSION,
		 run->batch.trust, shield_verdict_name(rules->hold_at));
	run->batch.scanner = run->scanner;
	return retriever_ask_number(retriever, STORE_RUN, (struct cordon_slice){ 0 }, &run->batch.run, err);
}

void intake_failed(struct intake_run *run, const char *name, const struct cordon_err *why)
{
	run->tally->failed++;
	if (run->rules->complain)
		run->rules->complain(run->rules->ctx, name, why);
}

void intake_skipped(struct intake_run *run, const char *name, const struct cordon_err *why)
{
	run->tally->skipped++;
	if (run->rules->complain)
		run->rules->complain(run->rules->ctx, name, why);
}

static void release_item(struct intake_item *item)
{
	free(item->name);
	free(item->title);
	free(item->uri);
	buf_release(&item->bytes);
	*item = (struct intake_item){ 0 };
}

static void release_items(struct intake_run *run)
{
	for (size_t i = 0; i < run->count; i++)
		release_item(&run->items[i]);
	run->count = 0;
	run->bytes = 0;
}

/* At most so many bytes, and no half character. */
static char *copy_title(const char *title)
{
	size_t len = title ? strlen(title) : 0;

	if (len > TITLE_BYTES_MAX) {
		len = TITLE_BYTES_MAX;
		while (len && ((unsigned char)title[len] & 0xc0) == 0x80)
			len--;
	}
	return strndup(title ? title : "", len);
}

int intake_add(struct intake_run *run, const struct intake_label *label, struct buf *bytes, struct cordon_err *err)
{
	struct intake_item *item = &run->items[run->count++];
	int rc = 0;

	*item = (struct intake_item){ .unread = !bytes };
	if (bytes) {
		item->bytes = *bytes;
		*bytes = (struct buf){ .limit = bytes->limit };
	}
	item->name = strdup(label->name);
	item->title = copy_title(label->title);
	item->uri = strdup(label->uri ? label->uri : "");
	run->bytes += item->bytes.len;
	if (!item->name || !item->title || !item->uri)
		return err_nomem(err);
	if (bytes) {
		const struct cordon_slice parts[] = { { item->title, strlen(item->title) + 1 },
						      { item->uri, strlen(item->uri) + 1 },
						      buf_slice(&item->bytes) };

		rc = digest_parts(parts, ARRAY_LEN(parts), &item->digest, err);
	}
	if (rc == 0 && (run->count == INTAKE_GROUP || run->bytes >= GROUP_BYTES_MAX))
		rc = intake_flush(run, err);
	return rc;
}

static int await_put(struct intake_run *run, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	struct wire_reader reader;
	int rc;

	if (!run->sent)
		return 0;
	run->sent = false;
	rc = retriever_await(run->retriever, &message, err);
	if (rc < 0)
		return rc;
	reader = wire_reader_of(buf_slice(&message.payload));
	run->tally->quarantined += wire_get_u64(&reader);
	run->tally->chunks += wire_get_u64(&reader);
	if (!wire_done(&reader))
		return err_set(err, CORDON_EPROTO, 0, "the document store answered with nonsense");
	if (run->rules->progress)
		run->rules->progress(run->rules->ctx, run->tally);
	return 0;
}

/* Asks which items are as they were; one byte an item in message. */
static int check(struct intake_run *run, struct channel_message *message, struct cordon_err *err)
{
	cleanup_buf struct buf out = { 0 };
	int rc;

	buf_init(&out, STORE_MESSAGE_MAX);
	run->batch.count = (uint32_t)run->count;
	rc = store_wire_put_batch(&out, &run->batch, err);
	for (size_t i = 0; rc == 0 && i < run->count; i++) {
		const struct cordon_slice digest = { (const char *)run->items[i].digest.bytes, DIGEST_BYTES };

		rc = wire_put_text(&out, run->items[i].name, err);
		rc = rc < 0 ? rc : wire_put_bytes(&out, digest, err);
	}
	rc = rc < 0 ? rc : await_put(run, err);
	rc = rc < 0 ? rc : retriever_ask(run->retriever, STORE_CHECK, buf_slice(&out), message, err);
	if (rc == 0 && message->payload.len != run->count)
		return err_set(err, CORDON_EPROTO, 0, "the document store answered with nonsense");
	return rc;
}

/* A JSON array as `scan` prints it. */
static int write_findings(const struct shield_report *report, struct buf *out, struct cordon_err *err)
{
	cleanup_json json_t *array = json_array();

	for (size_t i = 0; i < report->finding_count; i++) {
		const struct shield_finding *finding = &report->findings[i];
		json_t *object =
			json_pack("{s:s, s:I, s:I, s:f, s:s, s:o, s:o}", "kind", shield_kind_name(finding->kind),
				  "start", (json_int_t)finding->start, "end", (json_int_t)finding->end, "score",
				  finding->score, "layer", shield_layer_name(finding->layer), "why",
				  jsontext_string(slice_of(finding->why)), "excerpt",
				  jsontext_string(slice_of(finding->excerpt)));

		if (json_array_append_new(array, object) < 0)
			return err_nomem(err);
	}
	return jsontext_dump(array, out, err);
}

static int write_document(const struct intake_run *run, const struct intake_item *item,
			  const struct shield_report *report, struct buf *out, struct cordon_err *err)
{
	cleanup_cut struct cut cut = { 0 };
	cleanup_buf struct buf findings = { 0 };
	cleanup_free char *title = copy_title(*item->title ? item->title : report->title);
	struct store_document document = {
		.name = item->name,
		.title = title,
		.uri = item->uri,
		.verdict = report->verdict,
		.score = report->score,
		.bytes = item->bytes.len,
		.digest = item->digest,
		.hold = report->verdict <= run->rules->hold_at,
	};
	int rc = title ? cut_passages(report, buf_slice(&item->bytes), &cut, err) : err_nomem(err);

	buf_init(&findings, STORE_MESSAGE_MAX);
	if (rc == 0 && document.hold) {
		rc = write_findings(report, &findings, err);
		document.findings = buf_slice(&findings);
		document.source = buf_slice(&item->bytes);
	}
	document.passages = cut.passages;
	document.passage_count = cut.count;
	return rc < 0 ? rc : store_wire_put_document(out, &document, err);
}

/* Scans one and adds it to out; a document that cannot be scanned is told, not stored, and no error. */
static int scan(struct intake_run *run, const struct intake_item *item, struct buf *out, uint32_t *count,
		struct cordon_err *err)
{
	const struct shield_request request = {
		.text = buf_slice(&item->bytes),
		.format = SHIELD_AUTO,
		.name = *item->uri ? item->uri : NULL,
		.want = SHIELD_SCAN_AND_CHUNK,
	};
	struct shield_report report = { 0 };
	struct cordon_err why = { 0 };
	int rc;

	if (shield_scan(run->rules->shield, &request, &report, &why) < 0) {
		intake_failed(run, item->name, &why);
		return 0;
	}
	rc = write_document(run, item, &report, out, err);
	shield_report_release(&report);
	if (rc < 0)
		return rc;
	++*count;
	run->tally->documents++;
	run->tally->bytes += item->bytes.len;
	return 0;
}

static int scan_changed(struct intake_run *run, const char *unchanged, struct buf *out, uint32_t *count,
			struct cordon_err *err)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < run->count; i++) {
		const struct intake_item *item = &run->items[i];

		if (item->unread)
			continue;
		if (unchanged[i])
			run->tally->unchanged++;
		else
			rc = scan(run, item, out, count, err);
	}
	return rc;
}

static int flush_group(struct intake_run *run, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	cleanup_buf struct buf documents = { 0 };
	cleanup_buf struct buf out = { 0 };
	int rc = check(run, &message, err);

	buf_init(&documents, STORE_MESSAGE_MAX);
	buf_init(&out, STORE_MESSAGE_MAX);
	run->batch.count = 0;
	rc = rc < 0 ? rc : scan_changed(run, buf_text(&message.payload), &documents, &run->batch.count, err);
	if (rc < 0 || !run->batch.count)
		return rc;
	rc = store_wire_put_batch(&out, &run->batch, err);
	rc = rc < 0 ? rc : buf_add(&out, buf_slice(&documents), err);
	rc = rc < 0 ? rc : retriever_send(run->retriever, STORE_PUT, buf_slice(&out), err);
	run->sent = rc == 0;
	return rc;
}

int intake_flush(struct intake_run *run, struct cordon_err *err)
{
	int rc = run->count ? flush_group(run, err) : await_put(run, err);

	release_items(run);
	return rc;
}

void intake_end(struct intake_run *run)
{
	release_items(run);
	run->tally->seconds += (double)(clock_monotonic_ns() - run->began_ns) * 1e-9;
}
