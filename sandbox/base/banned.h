/* SPDX-License-Identifier: Apache-2.0 */
/*
 * banned.h - functions that this project does not use, made errors. Included by -include on every file of ours, after
 * the system headers that declare them.
 */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* With -D_FORTIFY_SOURCE glibc makes these macros where the compiler is clang, and a macro cannot be poisoned. */
#undef sprintf
#undef vsprintf

#pragma GCC poison strcpy strcat sprintf vsprintf strncpy strncat strtok strtok_r
#pragma GCC poison atoi atol atoll strtol strtoul strtoll strtoull strtod
#pragma GCC poison gets system popen tmpnam tempnam mktemp localtime gmtime asctime ctime

#endif
