/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema.h - JSON Schema 2020-12 with Cordon's keywords, compiled once, then checked against values.
 *
 * The same validator checks the config against configs/cordon.schema.json and a call's arguments against its tool's schema.
 * Nothing is fetched; `$ref` reaches into the same document only. Depth, steps and patterns are bounded. A keyword that is
 * not known is refused at compile time: what this build does not enforce, it does not ignore.
 */
#ifndef SCHEMA_SCHEMA_H
#define SCHEMA_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"
#include "sandbox/policy/schema/fact.h"

#define SCHEMA_POINTER_MAX 512

struct schema; /* a compiled one */

struct schema_fault { /* the first thing that is wrong, for a sentence */
	char pointer[SCHEMA_POINTER_MAX]; /* JSON pointer of the value: "/path"; "" for the whole */
	char keyword[32]; /* "maxLength", "under", "additionalProperties", ... */
	char text[400]; /* what is wrong and what would be right, without the pointer; printable */
};

enum schema_form {
	SCHEMA_WHOLE, /* `#` is the document */
	SCHEMA_ARGS /* an object schema made from `args`: `#` in an argument's schema is that argument's schema */
};

/* What is wrong with a schema, and where in it. */
struct schema_place {
	char pointer[SCHEMA_POINTER_MAX];
};

/* document is borrowed for the call only. A fault of the schema is CORDON_ECONFIG; *place (NULL is allowed) tells where. */
USE_RESULT int schema_compile(const json_t *document, enum schema_form form, struct schema **out,
			      struct schema_place *place, struct cordon_err *err);
void schema_free(struct schema *schema);

/*
 * 0: value is valid; 1: it is not and *fault says why; < 0: it could not be decided (limits), which is a refusal too.
 * facts may be NULL where the schema has no `under`; with `under`, an argument without a sound fact is invalid.
 */
USE_RESULT int schema_check(const struct schema *schema, const json_t *value, const struct facts *facts,
			    struct schema_fault *fault, struct cordon_err *err);

/* Calls visit for each string of value to which an `under` applies, with the keyword's root (as configured, absolute). */
typedef int schema_visit(void *ctx, const char *pointer, const char *text, const char *root, struct cordon_err *err);
USE_RESULT int schema_each_path(const struct schema *schema, const json_t *value, schema_visit *visit, void *ctx,
				struct cordon_err *err);

/* True where the argument's own schema says `argv: option`: its value may begin with '-'. */
bool schema_is_option(const struct schema *schema, const char *argument);

/* A copy of a tool's schema without Cordon's own keywords: what a model is shown. New reference. */
json_t *schema_public(const json_t *document, enum schema_form form);

#endif
