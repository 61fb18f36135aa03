/* SPDX-License-Identifier: Apache-2.0 */
/*
 * late.h - libraries that `cordon` loads when they are first needed, not when it starts.
 *
 * A start is paid by every call of a one-shot command, and most of it is the loader's work: libcrypto and SQLite alone were
 * more than half of it, and most starts sign nothing and open no database. What a start does need, it needs after it has
 * started the launcher, and loads while that loads.
 *
 * A late_*.c file defines a library's functions under their own names and with the types of the library's header: each hands
 * its arguments on to the real one, which the first call finds. So no caller knows of it, and only the program that is
 * linked with these files in the library's place loads it late. The addresses lie in pages of their own, read-only from
 * when they are known, as those of a program that is bound at its start do.
 */
#ifndef CLI_LATE_LATE_H
#define CLI_LATE_LATE_H

#include <pthread.h>
#include <stddef.h>

#include "sandbox/base/cleanup.h"

#ifdef __aarch64__
#define LATE_PAGE 65536 /* the largest that its kernels are built with */
#else
#define LATE_PAGE 4096
#endif

struct late_symbol {
	const char *name;
	void *slot; /* where the function's address goes */
};

/* What the program ends with where a library cannot be used: the command's status for a broken installation. */
extern int late_status;

/*
 * Fills every slot of the table, `size` bytes of whole pages, and closes it. A library that is not there, or lacks one of
 * the names, ends the program and says why.
 */
void late_load(const char *soname, const struct late_symbol *symbols, size_t count, void *table, size_t size);

#define LATE_SLOT(result, name, parameters, ...) result(*name) parameters;
#define LATE_SYMBOL(result, name, ...) { #name, (void *)&real.name },
#define LATE_FUNCTION(result, name, parameters, ...)                                                                   \
	result name parameters                                                                                         \
	{                                                                                                              \
		ready();                                                                                               \
		return real.name(__VA_ARGS__);                                                                         \
	}

/*
 * Functions whose last parameters vary cannot hand them on: FUNCTIONS lists the ones that are defined here, HELPERS those
 * that the file itself calls. A row is result, name, parameters, arguments.
 */
#define LATE_LIBRARY(SONAME, FUNCTIONS, HELPERS)                                                                       \
	static union {                                                                                                 \
		struct {                                                                                               \
			FUNCTIONS(LATE_SLOT) HELPERS(LATE_SLOT)                                                        \
		};                                                                                                     \
		char pages[LATE_PAGE];                                                                                 \
	} real __attribute__((aligned(LATE_PAGE)));                                                                    \
	static void load(void)                                                                                         \
	{                                                                                                              \
		static const struct late_symbol symbols[] = { FUNCTIONS(LATE_SYMBOL) HELPERS(LATE_SYMBOL) };           \
		late_load(SONAME, symbols, ARRAY_LEN(symbols), &real, sizeof(real));                                   \
	}                                                                                                              \
	static void ready(void)                                                                                        \
	{                                                                                                              \
		static pthread_once_t once = PTHREAD_ONCE_INIT;                                                        \
		pthread_once(&once, load);                                                                             \
	}                                                                                                              \
	FUNCTIONS(LATE_FUNCTION)

#define LATE_NO_HELPERS(X)

#endif
