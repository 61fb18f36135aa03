// SPDX-License-Identifier: Apache-2.0
/*
 * ident.c - random ids and clocks.
 */
#include "sandbox/base/ident.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>

#include "sandbox/base/err.h"

int ident_make(char text[IDENT_TEXT], struct cordon_err *err)
{
	unsigned char bytes[(IDENT_TEXT - 1) / 2];

	if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
		return err_set(err, CORDON_ESYS, errno, "cannot draw random bytes");
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	return 0;
}

uint64_t clock_monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000U + (uint64_t)now.tv_nsec;
}

uint64_t clock_real_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (uint64_t)now.tv_sec * 1000U + (uint64_t)now.tv_nsec / 1000000U;
}

void clock_rfc3339(uint64_t real_ms, char text[32])
{
	time_t seconds = (time_t)(real_ms / 1000);
	struct tm utc = { 0 };
	size_t len;

	gmtime_r(&seconds, &utc);
	len = strftime(text, 24, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + len, 32 - len, ".%03uZ", (unsigned int)(real_ms % 1000));
}
