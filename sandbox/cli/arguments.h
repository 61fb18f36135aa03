/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arguments.h - a tool's arguments from `--arg K=V` or `--args JSON|@FILE|-`, as one JSON text.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "sandbox/base/buf.h"
#include "sandbox/cli/options.h"
#include "sandbox/policy/policy.h"

#define ARGUMENTS_MAX (64u << 20) /* read whole before it is refused with its own message */

/*
 * tool NULL: unknown. The text is not checked here: what is wrong with it is the parse stage's to say, so that it is
 * denied and recorded like any door's. An error is a usage error.
 */
USE_RESULT int arguments_read(const struct options *options, const struct tool *tool, struct buf *out,
			      struct cordon_err *err);

#endif
