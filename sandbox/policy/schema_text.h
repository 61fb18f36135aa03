/* SPDX-License-Identifier: Apache-2.0 */
/*
 * schema_text.h - configs/cordon.schema.json, as it was when Cordon was built.
 */
#ifndef POLICY_SCHEMA_TEXT_H
#define POLICY_SCHEMA_TEXT_H

#include "include/cordon.h"

struct cordon_slice policy_schema_text(void);

#endif
