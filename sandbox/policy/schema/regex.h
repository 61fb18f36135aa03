/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.h - PCRE2's home: patterns with bounded work.
 */
#ifndef SCHEMA_REGEX_H
#define SCHEMA_REGEX_H

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

#define REGEX_MAX 1024 /* bytes of a pattern */

struct regex;

enum regex_anchor { REGEX_WHOLE, REGEX_ANYWHERE };

/* CORDON_ECONFIG with the offset of what is wrong. */
USE_RESULT int regex_compile(struct cordon_slice pattern, enum regex_anchor anchor, struct regex **out,
			     struct cordon_err *err);
void regex_free(struct regex *regex);
/* 1: matches; 0: does not; CORDON_ELIMIT where it would take too long to know, which is a refusal. */
USE_RESULT int regex_matches(const struct regex *regex, struct cordon_slice text, struct cordon_err *err);

#endif
