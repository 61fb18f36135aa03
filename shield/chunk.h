/* SPDX-License-Identifier: Apache-2.0 */
/*
 * chunk.h - the readable text of a document cut into passages.
 */
#ifndef SHIELD_CHUNK_H
#define SHIELD_CHUNK_H

#include "shield/shield.h"

#define CHUNK_MIN 600 /* bytes: a passage says enough to be found by */
#define CHUNK_MAX 1200 /* and fits many times into a model's context */

/* The chunk is borrowed for the call. */
typedef int (*chunk_sink)(void *context, const struct shield_chunk *chunk, struct cordon_err *err);

/* In order, without overlap; report is the one of this very request, its findings sorted. */
USE_RESULT int chunk_document(const struct shield_request *request, const struct shield_report *report, chunk_sink sink,
			      void *context, struct cordon_err *err);

#endif
