/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store_serve.h - the store's loop: one request, one answer.
 */
#ifndef RETRIEVER_STORE_SERVE_H
#define RETRIEVER_STORE_SERVE_H

#include "retriever/store.h"

/* Answers on fd until its end; 0, or the error of a broken channel. */
USE_RESULT int store_serve(struct store *store, int fd, struct cordon_err *err);
/* The answer to one request, of any bytes, appended to out. An error is for a REFUSED. */
USE_RESULT int store_answer(struct store *store, uint32_t type, struct cordon_slice payload, struct buf *out,
			    struct cordon_err *err);
/* Tells the client why, as well as can be. */
void store_refuse(int fd, const struct cordon_err *why);

#endif
