/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tool_list.h - the allowed tools, as a model's API wants them.
 */
#ifndef TOOL_LIST_H
#define TOOL_LIST_H

#include "sandbox/policy/policy.h"

/* dialect: "mcp", "openai" or "anthropic". *out: a new JSON array in the config's order. CORDON_EINVAL for another. */
USE_RESULT int tool_list(const struct policy *policy, const char *dialect, json_t **out, struct cordon_err *err);

#endif
