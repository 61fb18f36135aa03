/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_client.h - one conversation with `cordon-store`, for the modules of this room.
 */
#ifndef RETRIEVER_STORE_CLIENT_H
#define RETRIEVER_STORE_CLIENT_H

#include "retriever/store_wire.h"
#include "sandbox/base/channel.h"
#include "sandbox/base/program.h"

struct retriever {
	struct program program;
	unsigned int awaited; /* requests that were sent and not answered yet */
};

/* Sends a request; its answer is taken by retriever_await(), in order. */
USE_RESULT int retriever_send(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
			      struct cordon_err *err);
/* The next answer: DONE's payload is in *message (release it), a refusal is the error. */
USE_RESULT int retriever_await(struct retriever *retriever, struct channel_message *message, struct cordon_err *err);
/* Both. */
USE_RESULT int retriever_ask(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
			     struct channel_message *message, struct cordon_err *err);
/* Both, for an answer that is one number. */
USE_RESULT int retriever_ask_number(struct retriever *retriever, enum store_message type, struct cordon_slice payload,
				    uint64_t *number, struct cordon_err *err);

#endif
