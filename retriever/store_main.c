// SPDX-License-Identifier: Apache-2.0
/*
 * store_main.c - cordon-store FOLDER: the one program that opens store.db.
 *
 * It is started by a client with the channel as descriptor 3. Before it reads a byte of the file it has confined itself
 * to the data folder and to the calls below: what it parses then may be damaged, or made to damage.
 */
#include <limits.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "retriever/store_serve.h"
#include "sandbox/base/confine.h"
#include "sandbox/base/err.h"
#include "sandbox/base/program.h"

static const struct confine_call calls[] = {
	{ __NR_read, "files" },
	{ __NR_pread64, "the database" },
	{ __NR_write, "the write-ahead log" },
	{ __NR_pwrite64, "the database" },
	{ __NR_openat, "files of the data folder; Landlock refuses others" },
#ifdef __NR_open
	{ __NR_open, "the same, as SQLite calls it" },
#endif
	{ __NR_close, "files" },
#ifdef __NR_newfstatat
	{ __NR_newfstatat, "is the file still the same" },
#endif
#ifdef __NR_fstat
	{ __NR_fstat, "size and owner" },
#endif
#ifdef __NR_stat
	{ __NR_stat, "the same, as SQLite calls it" },
	{ __NR_lstat, "is a part of the path a link" },
#endif
	{ __NR_statx, "the same, as newer C libraries ask" },
	{ __NR_readlinkat, "is a part of the path a link" },
#ifdef __NR_readlink
	{ __NR_readlink, "the same" },
#endif
	{ __NR_faccessat, "is there a log beside the database" },
	{ __NR_faccessat2, "the same" },
#ifdef __NR_access
	{ __NR_access, "the same" },
#endif
	{ __NR_lseek, "the database" },
	{ __NR_fcntl, "locks between two stores" },
	{ __NR_ftruncate, "the log's index, a log that was taken in" },
	{ __NR_fallocate, "the log's index" },
	{ __NR_fdatasync, "durability" },
	{ __NR_fsync, "durability of names" },
	{ __NR_unlinkat, "the log of a closed database" },
#ifdef __NR_unlink
	{ __NR_unlink, "the same" },
#endif
	{ __NR_fchmod, "the log has the database's mode" },
	{ __NR_fchown, "and its owner" },
	{ __NR_getcwd, "a full path" },
	{ __NR_geteuid, "is this root" },
	{ __NR_getpid, "the owner of a lock" },
	{ __NR_getrandom, "allocator" },
	{ __NR_clock_nanosleep, "between two tries for a lock" },
	{ __NR_nanosleep, "the same" },
	{ __NR_clock_gettime, "where the vdso has no clock" },
	{ __NR_gettimeofday, "the same" },
	{ __NR_mmap, "memory and the log's index" },
	{ __NR_munmap, "memory" },
	{ __NR_mremap, "memory" },
	{ __NR_mprotect, "memory" },
	{ __NR_madvise, "memory" },
	{ __NR_brk, "memory" },
	{ __NR_sysinfo, "qsort() asks how much memory there is" },
	{ __NR_futex, "C library" },
	{ __NR_recvmsg, "requests" },
	{ __NR_recvfrom, "requests" },
	{ __NR_sendmsg, "answers" },
	{ __NR_sendto, "answers" },
	{ __NR_rt_sigreturn, "C library" },
	{ __NR_rt_sigprocmask, "C library" },
	{ __NR_exit_group, "the end" },
	{ __NR_restart_syscall, "after a stop" },
};

static int serve(const char *folder, struct cordon_err *err)
{
	char path[PATH_MAX];
	struct store *store = NULL;
	int kept = 0;
	int rc;

	if ((size_t)snprintf(path, sizeof(path), "%s/" STORE_FILE, folder) >= sizeof(path))
		return err_set(err, CORDON_EINVAL, 0, "the data folder's path is too long");
	rc = confine_files(&folder, 1, &kept, err);
	rc = rc < 0 ? rc : confine_self(calls, ARRAY_LEN(calls), err);
	rc = rc < 0 ? rc : store_open(path, &store, err);
	if (rc < 0)
		return rc;
	rc = store_serve(store, PROGRAM_CHANNEL_FD, err);
	store_close(store);
	return rc;
}

int main(int argc, char **argv)
{
	struct cordon_err err = { 0 };
	char folder[PATH_MAX];

	if (argc != 2 || !realpath(argv[1], folder)) {
		fputs("cordon-store: started by Cordon itself, with the data folder and a channel\n", stderr);
		return 2;
	}
	umask(0077);
	if (serve(folder, &err) < 0) {
		store_refuse(PROGRAM_CHANNEL_FD, &err);
		return 1;
	}
	return 0;
}
