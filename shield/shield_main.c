// SPDX-License-Identifier: Apache-2.0
/*
 * shield_main.c - cordon-shield: hostile bytes in, findings and passages out.
 *
 * Started by a client with the channel as descriptor 3. It compiles its patterns, closes everything else, bounds its
 * memory, gives up every system call but those below, and only then reads the first byte. A document that is too heavy
 * is refused by itself (scan.c watches the clock); a document that breaks the parser kills this process, which is what
 * it is for.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/confine.h"
#include "sandbox/base/err.h"
#include "sandbox/base/program.h"
#include "shield/chunk.h"
#include "shield/exchange.h"
#include "shield/gunzip.h"
#include "shield/scan.h"

#define MEMORY_MAX (512u << 20) /* the largest text in its buffer, twice while that grows, and room for the rest */

static const struct confine_call calls[] = {
	{ __NR_read, "C library" },
	{ __NR_write, "C library's last words" },
	{ __NR_recvmsg, "requests" },
	{ __NR_sendmsg, "answers" },
	{ __NR_close, "descriptors that came with a request" },
	{ __NR_mmap, "memory" },
	{ __NR_munmap, "memory" },
	{ __NR_mremap, "memory" },
	{ __NR_mprotect, "memory" },
	{ __NR_madvise, "memory" },
	{ __NR_brk, "memory" },
	{ __NR_futex, "C library's locks" },
	{ __NR_clock_gettime, "the bound on processor time" },
	{ __NR_rt_sigreturn, "C library" },
	{ __NR_exit_group, "the end" },
	{ __NR_restart_syscall, "after a stop" },
};

struct sender {
	struct buf chunks; /* not yet sent */
};

static int send_chunks(struct sender *sender, struct cordon_err *err)
{
	int rc = 0;

	if (sender->chunks.len)
		rc = channel_send_plain(PROGRAM_CHANNEL_FD, EXCHANGE_CHUNKS, buf_slice(&sender->chunks), err);
	buf_clear(&sender->chunks);
	return rc;
}

static int take_chunk(void *context, const struct shield_chunk *chunk, struct cordon_err *err)
{
	struct sender *sender = context;
	int rc = exchange_put_chunk(&sender->chunks, chunk, err);

	if (rc == 0 && sender->chunks.len >= EXCHANGE_CHUNKS_MAX)
		rc = send_chunks(sender, err);
	return rc;
}

static int answer(const struct shield_request *request, const struct shield_report *report, struct cordon_err *err)
{
	cleanup_buf struct buf message = { .limit = EXCHANGE_REPLY_MAX };
	struct sender sender = { { .limit = 2 * EXCHANGE_CHUNKS_MAX } };
	int rc = 0;

	if (request->want == SHIELD_SCAN_AND_CHUNK)
		rc = chunk_document(request, report, take_chunk, &sender, err);
	if (rc == 0)
		rc = send_chunks(&sender, err);
	buf_release(&sender.chunks);
	if (rc == 0)
		rc = exchange_put_report(&message, report, err);
	return rc < 0 ? rc : channel_send_plain(PROGRAM_CHANNEL_FD, EXCHANGE_REPORT, buf_slice(&message), err);
}

static int refuse(const struct cordon_err *why, struct cordon_err *err)
{
	cleanup_buf struct buf message = { .limit = sizeof(why->text) + 64 };
	int rc = exchange_put_refusal(&message, why, err);

	return rc < 0 ? rc : channel_send_plain(PROGRAM_CHANNEL_FD, EXCHANGE_REFUSED, buf_slice(&message), err);
}

static int unpack(const struct channel_message *message, struct cordon_err *err)
{
	cleanup_buf struct buf out = { .limit = SHIELD_TEXT_MAX };
	struct cordon_err why = { 0 };

	if (gunzip_all(buf_slice(&message->payload), &out, &why) < 0)
		return refuse(&why, err);
	return channel_send_plain(PROGRAM_CHANNEL_FD, EXCHANGE_UNPACKED, buf_slice(&out), err);
}

/* One request. An error is one of the channel: the process ends. */
static int serve(struct scanner *scanner, const struct channel_message *message, struct cordon_err *err)
{
	struct shield_report report = { .verdict = SHIELD_INJECTION };
	struct shield_request request = { .text = { "", 0 } };
	struct cordon_err why = { 0 };
	cleanup_free char *name = NULL;
	int rc = message->type == EXCHANGE_SCAN ? exchange_get_scan(buf_slice(&message->payload), &request, &name, err)
						: err_set(err, CORDON_EPROTO, 0, "message %u", message->type);

	if (rc < 0)
		return rc;
	rc = scanner_scan(scanner, &request, &report, &why);
	if (rc < 0)
		return refuse(&why, err);
	rc = answer(&request, &report, &why);
	shield_report_release(&report);
	return rc < 0 ? refuse(&why, err) : 0;
}

static int confine(struct cordon_err *err)
{
	const struct rlimit none = { 0, 0 };
#ifndef __SANITIZE_ADDRESS__
	const struct rlimit memory = { MEMORY_MAX, MEMORY_MAX };

	if (setrlimit(RLIMIT_AS, &memory) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot bound memory");
#endif
	if (setrlimit(RLIMIT_NOFILE, &(struct rlimit){ CHANNEL_FDS_MAX + 8, CHANNEL_FDS_MAX + 8 }) < 0 ||
	    setrlimit(RLIMIT_FSIZE, &none) < 0 || setrlimit(RLIMIT_CORE, &none) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot bound descriptors");
	return confine_self(calls, ARRAY_LEN(calls), err);
}

int main(void)
{
	struct cordon_err err = { 0 };
	struct scanner *scanner = NULL;
	int rc = scanner_open(&scanner, &err);

	if (rc == 0)
		rc = confine(&err);
	if (rc < 0) {
		(void)!refuse(&err, &err);
		_exit(1);
	}
	for (;;) {
		cleanup_message struct channel_message message = { 0 };

		rc = channel_receive(PROGRAM_CHANNEL_FD, EXCHANGE_SCAN_MAX, &message, &err);
		if (rc > 0)
			rc = message.type == EXCHANGE_UNPACK ? unpack(&message, &err) : serve(scanner, &message, &err);
		else
			_exit(rc < 0);
		if (rc < 0)
			_exit(1);
	}
}
