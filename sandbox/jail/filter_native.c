// SPDX-License-Identifier: Apache-2.0
/*
 * filter_native.c - the compiled filters of this build's architecture.
 */
#include <linux/filter.h>

#include "sandbox/jail/filter.h"

#if defined(__x86_64__)
#include "filter_x86_64.h"
#elif defined(__aarch64__)
#include "filter_aarch64.h"
#else
#error "Cordon runs on x86_64 and aarch64"
#endif

struct cordon_slice filter_native(enum filter_kind kind)
{
	if (kind == FILTER_BARE)
		return (struct cordon_slice){ (const char *)filter_bare, sizeof(filter_bare) };
	return (struct cordon_slice){ (const char *)filter_inside, sizeof(filter_inside) };
}
