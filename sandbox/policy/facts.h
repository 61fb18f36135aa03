/* SPDX-License-Identifier: Apache-2.0 */
/*
 * facts.h - one path resolved beneath its root; the rest of facts is in policy.h.
 */
#ifndef POLICY_FACTS_H
#define POLICY_FACTS_H

#include "sandbox/policy/policy.h"

enum facts_way {
	FACTS_BENEATH, /* openat2; where the kernel has none, as FACTS_WALK */
	FACTS_WALK /* component by component, no link followed */
};

/*
 * Fills canonical, below, fd, exists, links, or fault. root is canonical. An error is out of memory or descriptors, never
 * what the value is.
 */
USE_RESULT int fact_resolve(enum facts_way way, const char *root, const char *value, struct fact_path *fact,
			    struct cordon_err *err);

#endif
