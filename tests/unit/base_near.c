// SPDX-License-Identifier: Apache-2.0
/*
 * base_near.c - which known name was meant.
 */
#include "sandbox/base/near.h"

#include <criterion/criterion.h>
#include <stdint.h>
#include <string.h>

Test(near, knows_what_was_meant)
{
	cr_expect(near_is_meant("tolls", "tools"));
	cr_expect(near_is_meant("desciption", "description"));
	cr_expect_not(near_is_meant("x", "tools"));
	cr_expect_not(near_is_meant("zzzzz", "tools"));
	cr_expect_eq(near_distance("ab", "ba"), 1);
	cr_expect_eq(near_distance("", "abc"), 3);
}

Test(near, a_name_too_long_for_its_table_is_far_from_all)
{
	char name[64 + 1] = { 0 };

	memset(name, 'a', 63);
	cr_expect_eq(near_distance(name, name), 0);
	cr_expect(near_is_meant(name, name));
	name[63] = 'a';
	cr_expect_eq(near_distance(name, name), SIZE_MAX);
	cr_expect_eq(near_distance("a", name), SIZE_MAX);
	cr_expect_not(near_is_meant(name, name));
}
