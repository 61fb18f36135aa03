/* SPDX-License-Identifier: Apache-2.0 */
/*
 * err.h - one sentence about what went wrong, on the caller's stack.
 *
 * The first fault is kept, wrapping puts the place before it: "policy 'p.yaml': line 3: unknown key 'tol'". The text is
 * printable: bytes of the input that are not become \xNN.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

/* Fills *err (NULL is allowed) and returns code. os_errno is 0 or an errno, whose text is appended. */
int err_set(struct cordon_err *err, int code, int os_errno, const char *format, ...) PRINTF_LIKE(4, 5);

/* Puts "place: " before the sentence already in *err and returns code. */
int err_wrap(struct cordon_err *err, int code, const char *format, ...) PRINTF_LIKE(3, 4);

/* The sentence for out of memory. Returns CORDON_ENOMEM. */
int err_nomem(struct cordon_err *err);

#endif
