/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.h - the system calls that a tool may make: one table, and the program that the kernel runs from it.
 *
 * The table allows; what no row allows is sent to init (SECCOMP_RET_USER_NOTIF), which refuses and counts it. A few calls
 * are refused on the spot with an error of their own, because libraries try them all the time and fall back. Another
 * architecture's calls (i386, x32) kill the process. The program is made when Cordon is built (filter_gen.c); at run time
 * nothing is compiled.
 *
 * A row's switch (sandbox/base/switch_off.h) is "rule-" and its first call: off, the row allows its calls with any
 * argument, and on every rung. A row without tests that holds on every rung only gives, and has none.
 */
#ifndef JAIL_FILTER_H
#define JAIL_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "include/cordon.h"
#include "sandbox/base/cleanup.h"

enum filter_action { FILTER_REFUSE, FILTER_ALLOW }; /* refuse: at once, with os_errno */

enum filter_kind {
	FILTER_INSIDE, /* rungs 1 and 2: own namespaces, so signals and UNIX sockets reach nobody else */
	FILTER_BARE /* rung 3: none, so both are taken away */
};

#define FILTER_TESTS_MAX 2

struct filter_test { /* true where (argument & mask) == value; an all-zero test is true */
	unsigned int arg;
	uint64_t mask;
	uint64_t value;
};

struct filter_row {
	const char *names; /* space-separated */
	enum filter_action action;
	int os_errno;
	bool inside_only; /* not in FILTER_BARE */
	struct filter_test tests[FILTER_TESTS_MAX]; /* all must be true; rows for one call are "or" */
	const char *reason;
	const char
		*attack; /* tests/attacks/: reaches its goal when the row is switched off; NULL where it only gives */
	const char *behind; /* names of what else holds the attack; NULL: nothing */
};

extern const struct filter_row filter_rows[];
extern const size_t filter_row_count;

/* The whole program for this build's architecture: struct sock_filter[], static. */
struct cordon_slice filter_native(enum filter_kind kind);

#endif
