// SPDX-License-Identifier: Apache-2.0
/*
 * wire.c - the encoding between Cordon's own programs: little-endian integers and counted bytes.
 */
#include "sandbox/base/wire.h"

#include <endian.h>
#include <string.h>

#include "sandbox/base/err.h"

int wire_put_u32(struct buf *out, uint32_t value, struct cordon_err *err)
{
	uint32_t little = htole32(value);

	return buf_add(out, (struct cordon_slice){ (const char *)&little, sizeof(little) }, err);
}

int wire_put_u64(struct buf *out, uint64_t value, struct cordon_err *err)
{
	uint64_t little = htole64(value);

	return buf_add(out, (struct cordon_slice){ (const char *)&little, sizeof(little) }, err);
}

int wire_put_f64(struct buf *out, double value, struct cordon_err *err)
{
	uint64_t bits;

	memcpy(&bits, &value, sizeof(bits));
	return wire_put_u64(out, bits, err);
}

int wire_put_bytes(struct buf *out, struct cordon_slice bytes, struct cordon_err *err)
{
	int rc;

	if (bytes.len > UINT32_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "more than %u bytes in one field", UINT32_MAX);
	rc = wire_put_u32(out, (uint32_t)bytes.len, err);
	return rc < 0 ? rc : buf_add(out, bytes, err);
}

int wire_put_text(struct buf *out, const char *text, struct cordon_err *err)
{
	return wire_put_bytes(out, (struct cordon_slice){ text, text ? strlen(text) : 0 }, err);
}

struct wire_reader wire_reader_of(struct cordon_slice bytes)
{
	return (struct wire_reader){ .bytes = bytes };
}

/* The next len bytes, or NULL with the reader bad. */
static const char *next(struct wire_reader *reader, size_t len)
{
	const char *from = reader->bytes.data + reader->at;

	if (reader->bad || len > reader->bytes.len - reader->at) {
		reader->bad = true;
		return NULL;
	}
	reader->at += len;
	return from;
}

uint32_t wire_get_u32(struct wire_reader *reader)
{
	const char *from = next(reader, sizeof(uint32_t));
	uint32_t little = 0;

	if (from)
		memcpy(&little, from, sizeof(little));
	return le32toh(little);
}

uint64_t wire_get_u64(struct wire_reader *reader)
{
	const char *from = next(reader, sizeof(uint64_t));
	uint64_t little = 0;

	if (from)
		memcpy(&little, from, sizeof(little));
	return le64toh(little);
}

double wire_get_f64(struct wire_reader *reader)
{
	uint64_t bits = wire_get_u64(reader);
	double value;

	memcpy(&value, &bits, sizeof(value));
	return value;
}

struct cordon_slice wire_get_bytes(struct wire_reader *reader)
{
	size_t len = wire_get_u32(reader);
	const char *from = next(reader, len);

	return from ? (struct cordon_slice){ from, len } : (struct cordon_slice){ "", 0 };
}

char *wire_get_text(struct wire_reader *reader)
{
	struct cordon_slice bytes = wire_get_bytes(reader);
	char *text;

	if (reader->bad)
		return NULL;
	text = memchr(bytes.data, '\0', bytes.len) ? NULL : malloc(bytes.len + 1);
	if (!text) {
		reader->bad = true;
		return NULL;
	}
	memcpy(text, bytes.data, bytes.len);
	text[bytes.len] = '\0';
	return text;
}

bool wire_done(const struct wire_reader *reader)
{
	return !reader->bad && reader->at == reader->bytes.len;
}
