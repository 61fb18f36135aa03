// SPDX-License-Identifier: Apache-2.0
/*
 * fuzz_store_wire.c - messages between a client and the store: any bytes, and round trips of what was understood.
 */
#include <stdint.h>
#include <string.h>

#include "retriever/store_wire.h"
#include "sandbox/base/slice.h"

static void expect(bool held)
{
	if (!held)
		__builtin_trap();
}

static void fuzz_document(struct cordon_slice bytes)
{
	struct wire_reader reader = wire_reader_of(bytes);
	struct store_document_in document = { 0 };
	cleanup_buf struct buf again = { .limit = STORE_MESSAGE_MAX };

	store_wire_get_document(&reader, &document);
	if (wire_done(&reader)) {
		expect(document.is.verdict <= SHIELD_CLEAN);
		expect(store_wire_put_document(&again, &document.is, NULL) == 0);
		expect(again.len == bytes.len);
	}
	store_wire_document_release(&document);
}

static void fuzz_batch(struct cordon_slice bytes)
{
	struct wire_reader reader = wire_reader_of(bytes);
	struct store_batch_in batch = { 0 };
	cleanup_buf struct buf again = { .limit = STORE_MESSAGE_MAX };

	store_wire_get_batch(&reader, &batch);
	if (wire_done(&reader)) {
		expect(store_wire_put_batch(&again, &batch.is, NULL) == 0);
		expect(slice_equal(buf_slice(&again), bytes));
	}
	store_wire_batch_release(&batch);
}

static void fuzz_answers(struct cordon_slice bytes)
{
	struct retriever_hits hits = { 0 };
	struct retriever_held *held = NULL;
	size_t count = 0;
	struct cordon_err err = { 0 };

	if (store_wire_get_hits(bytes, &hits, &err) == 0)
		for (size_t i = 0; i < hits.count; i++)
			expect(hits.rows[i].doc && hits.rows[i].text && hits.rows[i].verdict <= SHIELD_CLEAN);
	retriever_hits_release(&hits);
	if (store_wire_get_held(bytes, &held, &count, &err) == 0)
		for (size_t i = 0; i < count; i++)
			expect(held[i].doc && held[i].findings);
	retriever_held_free(held, count);
	expect(store_wire_get_refusal(bytes, &err) < 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct cordon_slice bytes = { (const char *)data, size };

	fuzz_document(bytes);
	fuzz_batch(bytes);
	fuzz_answers(bytes);
	return 0;
}
