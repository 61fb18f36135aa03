/* SPDX-License-Identifier: Apache-2.0 */
/*
 * message.h - what a client and the log writer say to each other, in the frames of base/channel.h.
 *
 * The writer speaks first: READY, or why not. A client that got no READY knows that nothing it sent was read, and may
 * send it again elsewhere; after READY each request has one answer, in order, until LEAVING.
 */
#ifndef AUDIT_MESSAGE_H
#define AUDIT_MESSAGE_H

#include <stdbool.h>

#include "sandbox/base/buf.h"

#define MESSAGE_SOCKET "socket" /* in the log's folder */
#define MESSAGE_HEAD 8 /* u32 type, u32 length: base/channel.h */
#define MESSAGE_REPLY_MAX 1200 /* a refusal: code, errno and a struct cordon_err's text */

enum message_type {
	/* to the writer */
	MESSAGE_APPEND = 1, /* the record */
	MESSAGE_CHECKPOINT, /* nothing */
	/* from the writer */
	MESSAGE_READY = 16, /* u64 entries in the log */
	MESSAGE_LEAVING, /* nothing: what has no answer was not read, ask another writer */
	MESSAGE_DONE, /* u64 index of the record; of a checkpoint: its size */
	MESSAGE_REFUSED /* u32 -code, u32 errno, text */
};

/* The writer's answers. False where the client does not take them. */
USE_RESULT bool message_number(int fd, uint32_t type, uint64_t number);
bool message_refuse(int fd, const struct cordon_err *why);
bool message_leaving(int fd);

#endif
