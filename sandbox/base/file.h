/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h - whole reads and whole writes. Every descriptor is O_CLOEXEC.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <sys/types.h>

#include "sandbox/base/buf.h"

/* All of fd from where it stands, into out (limit: out's own). */
USE_RESULT int file_read_fd(int fd, struct buf *out, struct cordon_err *err);
/* All of a regular file; a FIFO, device or folder is refused without blocking. dirfd may be AT_FDCWD. */
USE_RESULT int file_read(int dirfd, const char *path, struct buf *out, struct cordon_err *err);
/* All of bytes, EINTR and short writes retried. */
USE_RESULT int file_write_fd(int fd, struct cordon_slice bytes, struct cordon_err *err);
/* Replaces dirfd/name as a whole: temporary file, fdatasync, rename, fsync of the folder. A crash leaves old or new. */
USE_RESULT int file_replace(int dirfd, const char *name, mode_t mode, struct cordon_slice bytes,
			    struct cordon_err *err);
/* mkdir -p with mode for what is made; 0 where it exists already and is a folder. */
USE_RESULT int file_make_dirs(const char *path, mode_t mode, struct cordon_err *err);

#endif
