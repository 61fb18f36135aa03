// SPDX-License-Identifier: Apache-2.0
/*
 * log_main.c - cordon-log FOLDER: the one program that writes a log and holds its key.
 *
 * It is started by a client (client.c) with that client's connection as descriptor 3, leaves the client's session so
 * that a closed terminal does not end it before it has signed, takes the lock on the folder, and lets others in by a
 * socket there. Before it reads a byte of the log it has confined itself to that folder and to the system calls below:
 * what it parses then may have been tampered with.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include "sandbox/audit/message.h"
#include "sandbox/audit/recover.h"
#include "sandbox/audit/seal.h"
#include "sandbox/audit/server.h"
#include "sandbox/base/confine.h"
#include "sandbox/base/err.h"
#include "sandbox/base/program.h"

#define BACKLOG 128
#define EXIT_LOCKED 0 /* another writer serves this log: nothing is wrong */

static const struct confine_call calls[] = {
	{ __NR_read, "the signal descriptor, and whole files" },
	{ __NR_pread64, "files" },
	{ __NR_write, "tiles and the checkpoint" },
	{ __NR_pwrite64, "the write-ahead log" },
	{ __NR_openat, "files of the log's folder; Landlock refuses others" },
	{ __NR_close, "files and clients" },
#ifdef __NR_newfstatat
	{ __NR_newfstatat, "is this a regular file" },
#endif
#ifdef __NR_fstat
	{ __NR_fstat, "is this a regular file" },
#endif
	{ __NR_statx, "the same, as newer C libraries ask" },
	{ __NR_faccessat, "is there a checkpoint, a key" },
	{ __NR_faccessat2, "the same without following a link" },
	{ __NR_lseek, "folders and C streams" },
	{ __NR_getdents64, "which write-ahead logs and partial tiles are there" },
	{ __NR_fcntl, "fdopendir asks for the flags" },
	{ __NR_mkdirat, "folders of tiles" },
	{ __NR_unlinkat, "old write-ahead logs and partial tiles, the socket" },
#ifdef __NR_unlink
	{ __NR_unlink, "the same, as the C library spells it" },
#endif
	{ __NR_renameat, "the checkpoint takes the old one's place" },
#ifdef __NR_rename
	{ __NR_rename, "the same, as the C library spells it" },
#endif
	{ __NR_renameat2, "the same" },
	{ __NR_fchmod, "modes of the key and the checkpoint" },
	{ __NR_ftruncate, "the torn end of a write-ahead log" },
	{ __NR_fdatasync, "durability" },
	{ __NR_fsync, "durability of names" },
#ifdef __NR_poll
	{ __NR_poll, "the loop" },
#endif
	{ __NR_ppoll, "the loop" },
	{ __NR_accept4, "new clients" },
	{ __NR_getsockopt, "SO_PEERCRED" },
	{ __NR_recvfrom, "requests" },
	{ __NR_sendto, "answers" },
	{ __NR_geteuid, "is a client this user" },
	{ __NR_getrandom, "a new key, names of temporary files" },
	{ __NR_clock_gettime, "where the vdso has no clock" },
	{ __NR_mmap, "memory" },
	{ __NR_munmap, "memory" },
	{ __NR_mremap, "memory" },
	{ __NR_mprotect, "memory" },
	{ __NR_madvise, "memory" },
	{ __NR_brk, "memory" },
	{ __NR_futex, "libcrypto's locks" },
	{ __NR_getpid, "libcrypto asks whether it was forked" },
	{ __NR_rt_sigreturn, "C library" },
	{ __NR_rt_sigprocmask, "C library" },
	{ __NR_exit_group, "the end" },
	{ __NR_restart_syscall, "after a stop" },
};

static int make_listener(struct cordon_err *err)
{
	const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = MESSAGE_SOCKET };
	cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	if (fd < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make a socket");
	/* The lock is held, so what is there was left by a writer that is gone. */
	unlink(MESSAGE_SOCKET);
	if (bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 || listen(fd, BACKLOG) < 0) {
		int os_errno = errno == EADDRINUSE ? EACCES : errno;

		return err_set(err, CORDON_ESYS, os_errno, "cannot make '" MESSAGE_SOCKET "' in the log's folder");
	}
	return TAKE_FD(fd);
}

static int make_signals(struct cordon_err *err)
{
	sigset_t set;
	int fd;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot block signals");
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? err_set(err, CORDON_ESYS, errno, "cannot take signals") : fd;
}

/* Only this folder and these calls from here on. */
static int confine(const char *folder, struct cordon_err *err)
{
	int kept = 0;
	int rc = seal_start(err);

	if (rc == 0)
		rc = confine_files(&folder, 1, &kept, err);
	return rc < 0 ? rc : confine_self(calls, ARRAY_LEN(calls), err);
}

static int serve(int folder_fd, int listener, const char *folder, struct cordon_err *err)
{
	cleanup_close int signals = make_signals(err);
	struct log *log = NULL;
	int rc = signals;

	if (rc >= 0)
		rc = confine(folder, err);
	if (rc < 0) {
		close(folder_fd);
		return rc;
	}
	rc = recover_log(folder_fd, &log, err);
	if (rc < 0)
		return rc;
	rc = server_run(log, PROGRAM_CHANNEL_FD, listener, signals, err);
	unlink(MESSAGE_SOCKET);
	log_close(log);
	return rc;
}

int main(int argc, char **argv)
{
	struct cordon_err err = { 0 };
	cleanup_close int listener = -1;
	char folder[PATH_MAX];
	int fd;

	if (argc != 2 || !realpath(argv[1], folder) || fcntl(PROGRAM_CHANNEL_FD, F_GETFD) < 0) {
		fputs("cordon-log: started by Cordon itself, with a log's folder and a channel\n", stderr);
		return 2;
	}
	setsid();
	umask(0177); /* the socket: this user's alone */
	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0 || fchdir(fd) < 0) {
		log_explain(err_set(&err, CORDON_ESYS, errno, "cannot open the log's folder"), &err);
		server_refuse(PROGRAM_CHANNEL_FD, -1, &err);
		return 1;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		message_leaving(PROGRAM_CHANNEL_FD);
		return EXIT_LOCKED;
	}
	listener = make_listener(&err);
	umask(0077);
	if (listener < 0) {
		log_explain(err.code, &err);
		server_refuse(PROGRAM_CHANNEL_FD, -1, &err);
		return 1;
	}
	if (serve(fd, listener, folder, &err) < 0) {
		server_refuse(PROGRAM_CHANNEL_FD, listener, &err);
		return 1;
	}
	return 0;
}
