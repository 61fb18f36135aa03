/* SPDX-License-Identifier: Apache-2.0 */
/*
 * exchange.h - the messages between a client and cordon-shield, written down once for both.
 *
 * SCAN goes out; back come CHUNKS (none or several, each at most EXCHANGE_CHUNKS_MAX bytes and one chunk), then REPORT;
 * UNPACK carries a gzip file; back comes UNPACKED with its content. Or REFUSED at any time, after which the child is ready for the next SCAN.
 */
#ifndef SHIELD_EXCHANGE_H
#define SHIELD_EXCHANGE_H

#include "sandbox/base/wire.h"
#include "shield/shield.h"

#define EXCHANGE_SCAN_MAX ((size_t)SHIELD_TEXT_MAX + (64u << 10)) /* the text and its name */
#define EXCHANGE_CHUNKS_MAX (256u << 10)
#define EXCHANGE_REPLY_MAX (16u << 20) /* 4,096 findings of some 700 bytes, several times over */

enum exchange_type {
	EXCHANGE_SCAN = 1,
	EXCHANGE_CHUNKS,
	EXCHANGE_REPORT,
	EXCHANGE_REFUSED,
	EXCHANGE_UNPACK,
	EXCHANGE_UNPACKED
};

/*
 * Readers return CORDON_EPROTO for what the other side could not have meant: unknown enums, spans outside the text,
 * scores outside 0 to 1, text that is not safe to print. `bytes` is the length of the text that was asked about.
 */
USE_RESULT int exchange_put_scan(struct buf *out, const struct shield_request *request, struct cordon_err *err);
/* text is borrowed from the message, *name is malloc()ed. */
USE_RESULT int exchange_get_scan(struct cordon_slice message, struct shield_request *request, char **name,
				 struct cordon_err *err);
USE_RESULT int exchange_put_report(struct buf *out, const struct shield_report *report, struct cordon_err *err);
/* Fills all but the chunks. On failure what was filled is released by the caller with the report. */
USE_RESULT int exchange_get_report(struct cordon_slice message, uint64_t bytes, struct shield_report *report,
				   struct cordon_err *err);
USE_RESULT int exchange_put_chunk(struct buf *out, const struct shield_chunk *chunk, struct cordon_err *err);
/* Appends the chunks of a message to *report. */
USE_RESULT int exchange_get_chunks(struct cordon_slice message, uint64_t bytes, struct shield_report *report,
				   struct cordon_err *err);
USE_RESULT int exchange_put_refusal(struct buf *out, const struct cordon_err *why, struct cordon_err *err);
/* Sets *err to what the child said and returns its code. */
int exchange_get_refusal(struct cordon_slice message, struct cordon_err *err);

#endif
