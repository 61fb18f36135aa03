/* SPDX-License-Identifier: Apache-2.0 */
/*
 * switch_off.h - what a test-only build leaves out, to show that each protection is needed.
 *
 * A build with -DCORDON_SWITCH_OFF asks switched_off() by the protection's name at the place where it acts; the list of what
 * is off is compiled in (tests/attacks/switch/switched_off.c, linked by tests/attacks/switch-off.sh). Any other build holds nothing
 * of it: there is no switch at run time.
 */
#ifndef BASE_SWITCH_OFF_H
#define BASE_SWITCH_OFF_H

#include <stdbool.h>

#ifdef CORDON_SWITCH_OFF
bool switched_off(const char *name);
#else
#define switched_off(name) false
#endif

#endif
