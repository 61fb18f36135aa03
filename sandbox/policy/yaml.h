/* SPDX-License-Identifier: Apache-2.0 */
/*
 * yaml.h - a strict subset of YAML as a jansson tree that remembers its lines.
 *
 * UTF-8 without a BOM, one document, no anchors, aliases or tags, no key twice, bounded depth. Every scalar is a string
 * until yaml_retype() has seen the schema: nothing is guessed.
 */
#ifndef POLICY_YAML_H
#define POLICY_YAML_H

#include <jansson.h>

#include "sandbox/base/buf.h"

#define YAML_BYTES_MAX (4u << 20) /* DESIGN: a config is at most 4 MiB */

struct yaml {
	json_t *root; /* owned */
	json_t *places; /* owned; JSON pointer -> 2 * line + (1: a plain scalar) */
	char *name; /* owned; the file, for messages */
};

/* CORDON_ECONFIG with "NAME:LINE: fault". */
USE_RESULT int yaml_load(const char *name, struct cordon_slice text, struct yaml *out, struct cordon_err *err);
void yaml_release(struct yaml *yaml);
/* Gives plain scalars the type that the JSON Schema document asks for; where it asks for none, what JSON would read. */
USE_RESULT int yaml_retype(struct yaml *yaml, const json_t *schema, struct cordon_err *err);
/* The line of the value at a JSON pointer, or of the nearest thing around it; 1 for the whole. */
int yaml_line(const struct yaml *yaml, const char *pointer);
/* "NAME:LINE", malloc()ed; NULL out of memory. */
char *yaml_where(const struct yaml *yaml, const char *pointer);
/* pointer + "/" + key with ~ and / escaped (RFC 6901), malloc()ed; NULL out of memory. */
char *yaml_pointer(const char *pointer, const char *key);

#endif
