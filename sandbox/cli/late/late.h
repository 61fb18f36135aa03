/* SPDX-License-Identifier: Apache-2.0 */
/*
 * late.h - libraries that `cordon` loads when they are first needed, not when it starts.
 *
 * Most starts of `cordon` sign nothing and open no database, while libcrypto and SQLite make up more than half of what its
 * loader has to do. A late_*.c file defines a library's functions under their own names and with its own headers' types:
 * each hands its arguments on to the real one, which the first call finds. So no caller knows, and only the program that
 * is linked with these files in the library's place loads it late.
 */
#ifndef CLI_LATE_H
#define CLI_LATE_H

#include <stddef.h>

struct late_symbol {
	const char *name;
	void *slot; /* where the function's address goes */
};

/* What the program ends with where a library cannot be used: the command's status for a broken installation. */
extern int late_status;

/* Fills every slot. A library that is not there, or lacks one of the names, ends the program and says why. */
void late_load(const char *soname, const struct late_symbol *symbols, size_t count);

#endif
