/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confine.h - how Cordon's own helper programs lock themselves in after start-up, without libseccomp.
 *
 * A const table of the system calls that the program needs, one row a call with its reason, becomes a classic BPF
 * allowlist (native architecture only; everything else, i386 and x32 included, kills the process), loaded after
 * no_new_privs, non-dumpable, and dropping all capabilities. Tools are not confined by this, but by jail/.
 */
#ifndef BASE_CONFINE_H
#define BASE_CONFINE_H

#include <stddef.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

struct confine_call {
	int number; /* __NR_... */
	const char *reason; /* why the program needs it */
};

/* Loads the filter of `count` rows. Irrevocable. */
USE_RESULT int confine_self(const struct confine_call *calls, size_t count, struct cordon_err *err);
/*
 * Landlock: of the file system only what lies beneath `folders` (count of them, NULL allowed for none) stays usable,
 * read and write; on a kernel without Landlock returns 0 with *kept = 0, else *kept = 1.
 */
USE_RESULT int confine_files(const char *const *folders, size_t count, int *kept, struct cordon_err *err);

#endif
