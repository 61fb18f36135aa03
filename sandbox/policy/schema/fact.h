/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fact.h - what is known of the paths in a value: what `under`, and `glob`, `match` and `links` beside it, judge by.
 */
#ifndef SCHEMA_FACT_H
#define SCHEMA_FACT_H

#include <stdbool.h>
#include <stddef.h>

struct fact_path { /* one argument under an `under` root, resolved by the kernel */
	char *pointer; /* JSON pointer of the argument: "/path" */
	char *canonical; /* absolute path of the object (or of the file to be made) */
	char *below; /* path below the root, "." for the root itself: what glob and match see */
	int fd; /* O_PATH of the object, or of the deepest existing folder; -1 where refused */
	bool exists;
	unsigned long links; /* st_nlink of a regular file */
	char *fault; /* NULL: resolved; else why not ("leaves the root", ...) */
	char *root; /* the `under` root it was resolved beneath */
};

struct facts {
	struct fact_path *paths;
	size_t path_count;
	const char *start; /* the folder in which the tool starts; borrowed */
};

#endif
