// SPDX-License-Identifier: Apache-2.0
/*
 * ask.c - asking cordon-shield.
 *
 * The child is started by shield_open() and again by the first scan after one has failed: whatever went wrong (it died,
 * it answered nonsense, it took too long), that child is killed, the caller gets an error and withholds the text, and
 * nothing is asked of the same child twice. A refusal is an answer; the child goes on.
 */
#include "shield/shield.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"
#include "sandbox/base/program.h"
#include "shield/exchange.h"

#define PROGRAM "cordon-shield"
#define PATIENCE_S 60 /* without a word: twice what the child's own bound on processor time allows its largest text */

struct shield {
	struct program program; /* pid 0: none runs */
};

static int start(struct shield *shield, struct cordon_err *err)
{
	const struct timeval patience = { .tv_sec = PATIENCE_S };
	int rc;

	if (shield->program.pid > 0)
		return 0;
	rc = program_start(PROGRAM, NULL, -1, &shield->program, err);
	if (rc < 0)
		return rc;
	if (setsockopt(shield->program.channel, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(shield->program.channel, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0) {
		rc = err_set(err, CORDON_ESYS, errno, "cannot set a time limit on the shield");
		program_kill(&shield->program);
	}
	return rc;
}

static int ask(struct shield *shield, const struct shield_request *request, struct cordon_err *err)
{
	cleanup_buf struct buf message = { .limit = EXCHANGE_SCAN_MAX };
	int rc = exchange_put_scan(&message, request, err);

	return rc < 0 ? rc : channel_send_plain(shield->program.channel, EXCHANGE_SCAN, buf_slice(&message), err);
}

/* 1: more messages come; 0: the report is whole; *refused where the child said no and lives. */
static int take_message(struct shield *shield, const struct shield_request *request, struct shield_report *report,
			bool *refused, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = channel_receive(shield->program.channel, EXCHANGE_REPLY_MAX, &message, err);

	if (rc < 0 && err->os_errno == EAGAIN)
		return err_set(err, CORDON_ELIMIT, 0, "the shield did not answer in %d s", PATIENCE_S);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(err, CORDON_EPROTO, 0, "the shield ended while it read the text");
	switch (message.type) {
	case EXCHANGE_CHUNKS:
		rc = exchange_get_chunks(buf_slice(&message.payload), request->text.len, report, err);
		return rc < 0 ? rc : 1;
	case EXCHANGE_REPORT:
		return exchange_get_report(buf_slice(&message.payload), request->text.len, report, err);
	case EXCHANGE_REFUSED:
		rc = exchange_get_refusal(buf_slice(&message.payload), err);
		*refused = rc != CORDON_EPROTO;
		return rc;
	default:
		return err_set(err, CORDON_EPROTO, 0, "the shield answered with message %u", message.type);
	}
}

static int scan(struct shield *shield, const struct shield_request *request, struct shield_report *report,
		bool *refused, struct cordon_err *err)
{
	const size_t chunks_max = request->text.len + 2; /* a chunk holds a byte at least */
	int rc = ask(shield, request, err);

	if (rc < 0)
		return rc;
	do {
		rc = take_message(shield, request, report, refused, err);
		if (rc > 0 && report->chunk_count > chunks_max)
			rc = err_set(err, CORDON_EPROTO, 0, "the shield answered with more chunks than bytes");
	} while (rc > 0);
	return rc;
}

int shield_open(struct shield **out, struct cordon_err *err)
{
	struct shield *shield = calloc(1, sizeof(*shield));
	int rc;

	if (!shield)
		return err_nomem(err);
	shield->program.channel = -1;
	rc = start(shield, err);
	if (rc < 0) {
		shield_close(shield);
		return rc;
	}
	*out = shield;
	return 0;
}

void shield_close(struct shield *shield)
{
	if (!shield)
		return;
	program_end(&shield->program);
	free(shield);
}

int shield_scan(struct shield *shield, const struct shield_request *request, struct shield_report *report,
		struct cordon_err *err)
{
	struct shield_report got = { .verdict = SHIELD_INJECTION };
	struct cordon_err fault = { 0 };
	bool refused = false;
	int rc;

	if (request->text.len > SHIELD_TEXT_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a text of %zu bytes where the shield reads %u",
			       request->text.len, SHIELD_TEXT_MAX);
	rc = start(shield, &fault);
	if (rc == 0)
		rc = scan(shield, request, &got, &refused, &fault);
	if (rc < 0) {
		shield_report_release(&got);
		if (!refused)
			program_kill(&shield->program);
		if (err)
			*err = fault;
		return rc;
	}
	*report = got;
	return 0;
}

static int unpack(struct shield *shield, struct cordon_slice packed, struct buf *out, bool *refused,
		  struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = channel_send_plain(shield->program.channel, EXCHANGE_UNPACK, packed, err);

	rc = rc < 0 ? rc : channel_receive(shield->program.channel, SHIELD_TEXT_MAX, &message, err);
	if (rc < 0)
		return rc;
	if (rc == 0)
		return err_set(err, CORDON_EPROTO, 0, "the shield ended while it unpacked the file");
	if (message.type == EXCHANGE_REFUSED) {
		rc = exchange_get_refusal(buf_slice(&message.payload), err);
		*refused = rc != CORDON_EPROTO;
		return rc;
	}
	if (message.type != EXCHANGE_UNPACKED)
		return err_set(err, CORDON_EPROTO, 0, "the shield answered with message %u", message.type);
	*refused = true; /* the child is sound, whatever becomes of its answer here */
	return buf_add(out, buf_slice(&message.payload), err);
}

int shield_unpack(struct shield *shield, struct cordon_slice packed, struct buf *out, struct cordon_err *err)
{
	struct cordon_err fault = { 0 };
	bool refused = false;
	int rc;

	if (packed.len > SHIELD_TEXT_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a file of %zu bytes where the shield unpacks %u", packed.len,
			       SHIELD_TEXT_MAX);
	rc = start(shield, &fault);
	rc = rc < 0 ? rc : unpack(shield, packed, out, &refused, &fault);
	if (rc < 0 && !refused)
		program_kill(&shield->program);
	if (rc < 0 && err)
		*err = fault;
	return rc;
}
