/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cleanup.h - ownership that ends with the scope. A variable is declared with its initial value, one a line; TAKE()
 * hands the value over at the end and leaves the empty one behind.
 */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))
#define UNUSED __attribute__((unused))
#define USE_RESULT __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))
#define ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

static inline void cleanup_free_run(void *slot)
{
	void **memory = slot;

	free(*memory);
}

static inline void cleanup_close_run(const int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_dir_run(DIR **dir)
{
	if (*dir)
		closedir(*dir);
}

static inline void cleanup_file_run(FILE **file)
{
	if (*file)
		fclose(*file);
}

#define cleanup_free CLEANUP(cleanup_free_run)
#define cleanup_close CLEANUP(cleanup_close_run)
#define cleanup_dir CLEANUP(cleanup_dir_run)
#define cleanup_file CLEANUP(cleanup_file_run)

#define TAKE(pointer)                                                                                                  \
	({                                                                                                             \
		__typeof__(pointer) taken_ = (pointer);                                                                \
		(pointer) = NULL;                                                                                      \
		taken_;                                                                                                \
	})

#define TAKE_FD(fd)                                                                                                    \
	({                                                                                                             \
		int taken_ = (fd);                                                                                     \
		(fd) = -1;                                                                                             \
		taken_;                                                                                                \
	})

#endif
