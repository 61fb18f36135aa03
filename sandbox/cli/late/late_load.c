// SPDX-License-Identifier: Apache-2.0
/*
 * late_load.c - finding a library's functions by name.
 *
 * There is nobody to hand an error to: the callers were written for functions that are always there, and go on with what
 * they are given. So a broken installation ends the program, as the loader itself would have at its start.
 */
#include "sandbox/cli/late/late.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int late_status = 125;

static _Noreturn void give_up(const char *soname)
{
	fprintf(stderr, "cordon: '%s' cannot be used: %s; install the packages that Cordon needs\n", soname, dlerror());
	_exit(late_status);
}

void late_load(const char *soname, const struct late_symbol *symbols, size_t count, void *table, size_t size)
{
	void *library = dlopen(soname, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		give_up(soname);
	for (size_t i = 0; i < count; i++) {
		void *address = dlsym(library, symbols[i].name);

		if (!address)
			give_up(soname);
		memcpy(symbols[i].slot, &address, sizeof(address)); /* POSIX: a function's address fits into void * */
	}
	mprotect(table, size, PROT_READ);
}
