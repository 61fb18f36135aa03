/* SPDX-License-Identifier: Apache-2.0 */
/*
 * audit_vector.h - logs of the vectors: entry i is "entry <i>", the key's seed is 00 01 .. 1f.
 */
#ifndef AUDIT_VECTOR_H
#define AUDIT_VECTOR_H

#include "tests/unit/audit_scratch.h"

#include "sandbox/audit/publish.h"
#include "sandbox/audit/recover.h"
#include "sandbox/audit/wal.h"

#define VECTOR_NAME "example.com/audit-vector"

static UNUSED void vector_write_key(const char *folder)
{
	struct note_key key = { 0 };
	struct seal_key public_key, seed;
	char text[NOTE_KEY_TEXT];
	char path[400];
	FILE *file;

	for (unsigned int i = 0; i < SEAL_KEY; i++)
		seed.bytes[i] = (unsigned char)i;
	cr_assert_eq(seal_public(&seed, &public_key, NULL), 0);
	cr_assert_eq(note_key_make(VECTOR_NAME, &public_key, &key, NULL), 0);
	cr_assert_eq(note_seed_format(&key, &seed, text, NULL), 0);
	mkdir(folder, 0700);
	snprintf(path, sizeof(path), "%s/key", folder);
	file = fopen(path, "we");
	cr_assert_not_null(file);
	fprintf(file, "%s\n", text);
	fclose(file);
}

static UNUSED struct log *vector_open(const char *folder)
{
	struct cordon_err err = { 0 };
	struct log *log = NULL;

	cr_assert_eq(recover_log(open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC), &log, &err), 0, "%s", err.text);
	return log;
}

/* As records come, but without the boot record and without their being JSON. */
static UNUSED void vector_grow(struct log *log, uint64_t size)
{
	while (log->size < size) {
		while (log->batch_count < 1000 && log->size + log->batch_count < size) {
			char text[32];

			snprintf(text, sizeof(text), "entry %" PRIu64, log->size + log->batch_count);
			cr_assert_eq(wal_add(&log->batch, slice_of(text), NULL), 0);
			log->batch_count++;
		}
		cr_assert_eq(log_commit(log, NULL), 0);
	}
}

static UNUSED void vector_publish(struct log *log)
{
	struct publish *publish = calloc(1, sizeof(*publish));
	struct cordon_err err = { 0 };
	int rc;

	publish->log = log;
	rc = publish_begin(publish, &err);
	while (rc >= 0 && publish->stage != PUBLISH_IDLE)
		rc = publish_step(publish, &err);
	cr_assert_eq(rc, 0, "%s", err.text);
	free(publish);
}

static UNUSED void vector_make(const char *folder, uint64_t size)
{
	struct log *log;

	vector_write_key(folder);
	log = vector_open(folder);
	vector_grow(log, size);
	vector_publish(log);
	log_close(log);
}

#endif
