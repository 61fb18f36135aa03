/* SPDX-License-Identifier: Apache-2.0 */
/*
 * json.h - jansson's one home: strict loading and the few things that every caller writes.
 *
 * A text is loaded only if it is one value, valid UTF-8 without NUL (escaped ones included), names no key twice, nests
 * at most JSON_DEPTH_MAX, and every number is one that int64 or double holds. Errors name line and column.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "sandbox/base/buf.h"

#define JSON_DEPTH_MAX 64 /* DESIGN, arguments: more than 64 levels are refused */

/* json_t reference owned by the scope. */
static inline void cleanup_json_run(json_t **value)
{
	json_decref(*value);
}
#define cleanup_json CLEANUP(cleanup_json_run)

/* *out is a new reference. */
USE_RESULT int jsontext_load(struct cordon_slice text, json_t **out, struct cordon_err *err);
/*
 * What a lenient reader makes of a text that jsontext_load() refused: NUL and names twice are taken, the last one wins. To say
 * what was wrong or to answer it, never to act on it. New reference; NULL with *fault (may be NULL) set.
 */
json_t *jsontext_load_loosely(struct cordon_slice text, json_error_t *fault);
/* Compact, keys in insertion order, valid UTF-8, numbers as they would be read back equal; appended to out. */
USE_RESULT int jsontext_dump(const json_t *value, struct buf *out, struct cordon_err *err);
/* A JSON string of any bytes: what is no UTF-8 becomes U+FFFD. New reference, NULL out of memory. */
json_t *jsontext_string(struct cordon_slice bytes);
/* The shortest decimal that reads back equal (DESIGN: numbers in templates), NUL-terminated in text. */
void jsontext_real(double value, char text[32]);

/* Borrowed look-ups that give the fallback where the key is absent or has another type. */
const char *jsontext_get_text(const json_t *object, const char *key, const char *fallback);
json_int_t jsontext_get_int(const json_t *object, const char *key, json_int_t fallback);
bool jsontext_get_flag(const json_t *object, const char *key, bool fallback);

#endif
