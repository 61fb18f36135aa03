/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verbs.h - the commands that exist, one file each.
 */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "sandbox/cli/options.h"

#define VERBS(X)                                                                                                       \
	X(init)                                                                                                        \
	X(trust)                                                                                                       \
	X(doctor)                                                                                                      \
	X(run)                                                                                                         \
	X(exec)                                                                                                        \
	X(explain)                                                                                                     \
	X(check)                                                                                                       \
	X(index)                                                                                                       \
	X(search)                                                                                                      \
	X(quarantine)                                                                                                  \
	X(scan)                                                                                                        \
	X(audit)                                                                                                       \
	X(mcp)                                                                                                         \
	X(tools)

#define X(name) extern const struct verb verb_##name;
VERBS(X)
#undef X

#endif
