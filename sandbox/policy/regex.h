/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regex.h - PCRE2's home: patterns with limits on what a match may cost.
 */
#ifndef POLICY_REGEX_H
#define POLICY_REGEX_H

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

struct regex;

enum regex_anchor { REGEX_SEARCH, REGEX_WHOLE }; /* anywhere (JSON Schema's pattern), or from end to end (match) */

USE_RESULT int regex_compile(const char *pattern, enum regex_anchor anchor, struct regex **out, struct cordon_err *err);
void regex_free(struct regex *regex);
/* 1: matches, 0: does not, CORDON_ELIMIT: it would have cost too much, which a caller takes as a refusal. */
USE_RESULT int regex_match(const struct regex *regex, struct cordon_slice text, struct cordon_err *err);

#endif
