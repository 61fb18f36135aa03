/* SPDX-License-Identifier: Apache-2.0 */
/*
 * disk.h - how many bytes and names a call has added to the host's folders that it may write.
 *
 * The kernel has no count for a folder. What is cheap to ask is asked often: the blocks and inodes that each file system
 * has left. Only when one of them has gone down far enough to matter are the folders walked.
 */
#ifndef JAIL_DISK_H
#define JAIL_DISK_H

#include <sys/types.h>
#include <time.h>

#include "sandbox/jail/jail.h"

struct disk;

/*
 * Remembers how things are now. A small tree is walked at once, a big one when the trigger says so. *largest gets the
 * size of the biggest file, UINT64_MAX where the tree is too big to know. `extra` (NULL: none) is one more writable folder.
 */
USE_RESULT int disk_open(const struct jail_spec *spec, const char *extra, struct disk **out, uint64_t *largest,
			 struct cordon_err *err);
void disk_close(struct disk *disk);

struct disk_added {
	uint64_t bytes;
	uint64_t names;
	uint64_t hidden; /* not in bytes: what the file system lost beside them, where it is more than the limit */
};

struct disk_signs { /* of what lies in no folder */
	uint64_t unseen; /* bytes of deleted files that the call has open */
	uint64_t written; /* bytes that the call's processes have written; bounds what is hidden even better */
};

/*
 * What was added up to now, as far as it matters against the limits: less than half of what is left of them may be
 * missing from it.
 */
void disk_look(struct disk *disk, const struct disk_signs *signs, struct disk_added *added);
/* Whether no folder is watched. */
bool disk_is_empty(const struct disk *disk);
/* Whether fd's file lies on one of the watched file systems. */
bool disk_is_watched(const struct disk *disk, dev_t device);
/* Whether the cheap signs say that a file may have been made or grown since the last look. */
bool disk_stirred(const struct disk *disk, uint64_t written);
struct statx;
/* Whether this link, by its stamps as new as the call, was there before it. */
bool disk_had_link(const struct disk *disk, const struct statx *status);
/* When the call began, on the clock that files are stamped with. */
struct timespec disk_since(const struct disk *disk);

#endif
