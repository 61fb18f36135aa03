// SPDX-License-Identifier: Apache-2.0
/*
 * log.c - appending: a batch of frames, one write, one flush.
 *
 * An entry is hashed when it is published, not here: on the way to an acknowledgement there is a checksum, a copy, one
 * pwrite and one fdatasync for all who wait. A write that fails is cut off again, so the file never keeps half a batch
 * that a later start could take for records; and the log then refuses everything, as a flush that failed once says
 * nothing when it is repeated.
 */
#include "sandbox/audit/log.h"

#include <errno.h>
#include <inttypes.h>

#include "sandbox/audit/tile.h"
#include "sandbox/audit/wal.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"

/* What somebody who reads the sentence can do about it, by errno. */
static const struct remedy {
	int os_errno;
	const char *text;
} remedies[] = {
	{ ENOSPC, "free some space on its disk" },
	{ EDQUOT, "free some of this user's quota on its disk" },
	{ EACCES, "make it writable by this user" },
	{ EPERM, "make it writable by this user" },
	{ EROFS, "its file system is read-only: mount it writable, or set `data:` to another folder" },
	{ EIO, "its disk fails: check it, then restore the log from a copy" },
};

static const char *remedy_of(const struct cordon_err *err)
{
	/* A file that should be there and is not is damage too. */
	if (err->code == CORDON_ECORRUPT || err->os_errno == ENOENT)
		return "`cordon audit verify` says more; restore it from a copy, or move it away to begin a new log";
	for (size_t i = 0; i < ARRAY_LEN(remedies); i++)
		if (remedies[i].os_errno == err->os_errno)
			return remedies[i].text;
	return NULL;
}

int log_explain(int code, struct cordon_err *err)
{
	const char *remedy = remedy_of(err);
	struct cordon_err told = *err;

	if (remedy)
		err_set(err, code, 0, "%s (%s)", told.text, remedy);
	err->os_errno = told.os_errno;
	return code;
}

int log_fail(struct log *log, int code, struct cordon_err *err)
{
	log_explain(code, err);
	log->failed = true;
	log->fault = *err;
	return code;
}

static int stage_boot(struct log *log, struct cordon_err *err)
{
	cleanup_buf struct buf record = { 0 };
	char ts[32];
	int rc;

	clock_rfc3339(clock_real_ms(), ts);
	buf_init(&record, 512);
	rc = buf_addf(&record, err,
		      "{\"kind\":\"boot\",\"ts\":\"%s\",\"size\":%" PRIu64 ",\"signed\":%" PRIu64 ",\"torn\":%" PRIu64
		      ",\"version\":\"" CORDON_VERSION "\"}",
		      ts, log->found, log->signed_size, log->torn_bytes);
	if (rc == 0)
		rc = wal_add(&log->batch, buf_slice(&record), err);
	if (rc < 0)
		return rc;
	log->boot_owed = false;
	log->batch_count++;
	return 0;
}

int log_stage(struct log *log, struct cordon_slice record, uint64_t *index, struct cordon_err *err)
{
	int rc = 0;

	if (log->failed) {
		*err = log->fault;
		return err->code;
	}
	if (record.len < 2 || record.data[0] != '{' || record.data[record.len - 1] != '}')
		return err_set(err, CORDON_EINVAL, 0, "a record that is not one JSON object");
	if (log->boot_owed)
		rc = stage_boot(log, err);
	if (rc == 0)
		rc = wal_add(&log->batch, record, err);
	if (rc < 0)
		return rc;
	*index = log->size + log->batch_count++;
	return 0;
}

static int write_all(int fd, struct cordon_slice bytes, uint64_t at, struct cordon_err *err)
{
	while (bytes.len) {
		ssize_t done = pwrite(fd, bytes.data, bytes.len, (off_t)at);

		if (done < 0 && errno == EINTR)
			continue;
		if (done <= 0)
			return err_set(err, CORDON_ESYS, done ? errno : ENOSPC, "cannot write to the audit log");
		bytes = slice_from(bytes, (size_t)done);
		at += (uint64_t)done;
	}
	return 0;
}

static int make_durable(struct log *log, struct cordon_err *err)
{
	int rc;

	if (log->torn_bytes && ftruncate(log->wal, (off_t)log->wal_bytes) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot cut the torn end off the audit log");
	rc = write_all(log->wal, buf_slice(&log->batch), log->wal_bytes, err);
	if (rc < 0)
		return rc;
	if (fdatasync(log->wal) < 0 || (log->folder_dirty && fsync(log->folder) < 0))
		return err_set(err, CORDON_ESYS, errno, "cannot make the audit log durable");
	log->folder_dirty = false;
	return 0;
}

int log_commit(struct log *log, struct cordon_err *err)
{
	struct cordon_slice frames = buf_slice(&log->batch);
	struct cordon_slice entry;
	int rc = 0;

	if (log->failed) {
		*err = log->fault;
		return err->code;
	}
	/* Memory first, so that nothing can fail between the flush and the acknowledgement. */
	if (!buf_reserve(&log->pending, log->batch.len, err))
		rc = CORDON_ENOMEM;
	if (rc == 0)
		rc = make_durable(log, err);
	if (rc < 0) {
		if (ftruncate(log->wal, (off_t)log->wal_bytes) == 0)
			fdatasync(log->wal);
		return log_fail(log, rc, err);
	}
	while (wal_next(&frames, &entry) == WAL_ENTRY)
		if (tile_add_entry(&log->pending, entry, err) < 0)
			return log_fail(log, err->code, err);
	log->torn_bytes = 0;
	log->wal_bytes += log->batch.len;
	log->size += log->batch_count;
	log->batch_count = 0;
	buf_clear(&log->batch);
	return 0;
}

int log_settle(struct log *log, struct cordon_err *err)
{
	int rc;

	if (!log->torn_bytes)
		return 0;
	rc = stage_boot(log, err);
	return rc < 0 ? rc : log_commit(log, err);
}

void log_close(struct log *log)
{
	if (!log)
		return;
	if (log->wal >= 0)
		close(log->wal);
	if (log->folder >= 0)
		close(log->folder);
	buf_release(&log->pending);
	buf_release(&log->batch);
	free(log);
}
