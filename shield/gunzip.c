// SPDX-License-Identifier: Apache-2.0
/*
 * gunzip.c - a .gz file unpacked (zlib's one home).
 *
 * Runs only in cordon-shield, behind its filter. Two bounds: what comes out fits the buffer's limit, and beyond the
 * first MiB it is at most RATIO_MAX times what went in, so that a small bomb is refused early.
 */
#include "shield/gunzip.h"

#include <limits.h>
#include <zlib.h>

#include "sandbox/base/err.h"

#define RATIO_MAX 200 /* logs and markup reach 50, deflate itself ends at 1,032 */
#define FREE_BYTES (1u << 20)
#define STEP_BYTES (256u << 10)
#define GZIP_ONLY (15 + 16) /* inflateInit2(): the largest window, a gzip header and nothing else */

static void end_stream(z_stream *stream)
{
	inflateEnd(stream);
}

static bool is_bomb(const struct cordon_slice packed, const struct buf *out)
{
	return out->len > FREE_BYTES && out->len / RATIO_MAX > packed.len;
}

/* One step. Z_OK, Z_STREAM_END at the end of a member, or an error. */
static int step(z_stream *stream, struct buf *out, struct cordon_err *err)
{
	size_t left = out->limit - out->len;
	size_t room = left < STEP_BYTES ? left : STEP_BYTES;
	char *to;
	int rc;

	if (!room)
		return err_set(err, CORDON_ELIMIT, 0, "unpacks to more than %zu bytes", out->limit);
	to = buf_reserve(out, room, err);
	if (!to)
		return CORDON_ENOMEM;
	stream->next_out = (Bytef *)to;
	stream->avail_out = (uInt)room;
	rc = inflate(stream, Z_NO_FLUSH);
	out->len += room - stream->avail_out;
	out->data[out->len] = '\0';
	if (rc == Z_MEM_ERROR)
		return err_nomem(err);
	if (rc == Z_BUF_ERROR)
		return err_set(err, CORDON_EINVAL, 0, "a gzip file that is cut off");
	if (rc != Z_OK && rc != Z_STREAM_END)
		return err_set(err, CORDON_EINVAL, 0, "not a sound gzip file");
	return rc;
}

int gunzip_all(struct cordon_slice packed, struct buf *out, struct cordon_err *err)
{
	CLEANUP(end_stream) z_stream stream = { 0 };
	int rc = Z_OK;

	if (packed.len > UINT_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a gzip file of more than %u bytes", UINT_MAX);
	stream.next_in = (Bytef *)(uintptr_t)packed.data;
	stream.avail_in = (uInt)packed.len;
	if (inflateInit2(&stream, GZIP_ONLY) != Z_OK)
		return err_nomem(err);
	for (;;) {
		rc = step(&stream, out, err);
		if (rc < 0)
			return rc;
		if (is_bomb(packed, out))
			return err_set(err, CORDON_ELIMIT, 0, "a gzip file that unpacks to more than %d times its size",
				       RATIO_MAX);
		if (rc == Z_STREAM_END && !stream.avail_in)
			return 0;
		if (rc == Z_STREAM_END && inflateReset(&stream) != Z_OK)
			return err_nomem(err);
	}
}
