// SPDX-License-Identifier: Apache-2.0
/*
 * late_math.c - the functions of libm that a JSON Schema's numbers need; some compilers have instructions for some of them.
 */
#include "sandbox/cli/late/late.h"

#include <math.h>

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(double, floor, (double number), number)								       \
	X(double, fmod, (double number, double step), number, step)						       \
	X(double, fmax, (double a, double b), a, b)								       \
	X(double, round, (double number), number)
/* clang-format on */

LATE_LIBRARY("libm.so.6", FUNCTIONS, LATE_NO_HELPERS)
