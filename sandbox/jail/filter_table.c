// SPDX-License-Identifier: Apache-2.0
/*
 * filter_table.c - the system calls that a tool may make, one row a purpose.
 *
 * Only EQ and MASKED_EQ, because libseccomp 2.5.4 drops 64-bit ordered comparisons; several rows for one call are "or".
 * A number that is not here does not exist for a tool. What is left out on purpose: namespaces and mounts, ptrace and
 * process_vm_*, bpf, perf, userfaultfd, keyctl, io_uring, System V and POSIX message queues and shared memory (memory that
 * is in nobody's count), handles of files, changing extended attributes, quotas, modules, clocks, and everything newer than this
 * table until somebody has read what it does.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "sandbox/jail/filter.h"

#define SET_ID 06000ULL
#define NAMESPACE_FLAGS 0x7e020000ULL /* CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET */
#define NEW_TIME 0x80ULL
#define LOW32                                                                                                          \
	0xffffffffULL /* the kernel reads 32 bits of these arguments: a mask of 64 could be slipped by the others */
#define FASTOPEN 0x20000000ULL
#define TYPE_AND_SET_ID (S_IFMT | SET_ID)

#define CREATES 020000100ULL /* O_CREAT, and the bit of O_TMPFILE that is not O_DIRECTORY */
#define WHITEOUT 4ULL /* RENAME_WHITEOUT leaves a character device behind, which needs no privilege */
#define HUGE_PAGES 0x40000ULL /* MAP_HUGETLB */
#define TYPE_OF_SOCKET 0xfULL

#define TEST(arg, mask, value)                                                                                         \
	{                                                                                                              \
		arg, mask, value                                                                                       \
	}
/* What follows the reason is the attack and, where there is any, what else holds it. */
#define ALLOW(calls, why)                                                                                              \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .reason = why                                                  \
	}
#define INSIDE(calls, why, ...)                                                                                        \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .inside_only = true, .reason = why, .attack = __VA_ARGS__      \
	}
#define ALLOW_IF(calls, arg, mask, value, why, ...)                                                                    \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .tests = { TEST(arg, mask, value) }, .reason = why,            \
		.attack = __VA_ARGS__                                                                                  \
	}
#define INSIDE_IF(calls, arg, mask, value, why, ...)                                                                   \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .inside_only = true, .tests = { TEST(arg, mask, value) },      \
		.reason = why, .attack = __VA_ARGS__                                                                   \
	}
#define ALLOW_BOTH(calls, first, second, why, ...)                                                                     \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .tests = { first, second }, .reason = why,                     \
		.attack = __VA_ARGS__                                                                                  \
	}
#define INSIDE_BOTH(calls, first, second, why, ...)                                                                    \
	{                                                                                                              \
		.names = calls, .action = FILTER_ALLOW, .inside_only = true, .tests = { first, second },               \
		.reason = why, .attack = __VA_ARGS__                                                                   \
	}
#define REFUSE(calls, error, why, ...)                                                                                 \
	{                                                                                                              \
		.names = calls, .action = FILTER_REFUSE, .os_errno = error, .reason = why, .attack = __VA_ARGS__       \
	}

const struct filter_row filter_rows[] = {
	ALLOW("read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 close lseek dup dup2 dup3 "
	      "flock fsync fdatasync sync_file_range sendfile copy_file_range splice tee readahead fadvise64 "
	      "close_range",
	      "bytes through descriptors that are there already"),
	ALLOW_IF("fcntl", 1, LOW32, F_DUPFD,
		 "a second number; F_SETOWN is not here, it sends signals to anybody of the same user",
		 "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_DUPFD_CLOEXEC, "a second number for a descriptor", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETFD, "close on exec", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_SETFD, "close on exec", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETFL, "how it was opened", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_SETFL, "without waiting", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETLK, "locks", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_SETLK, "locks, by sqlite", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_SETLKW, "locks", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, 36 /* F_OFD_GETLK */, "locks", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, 37 /* F_OFD_SETLK */, "locks", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, 38 /* F_OFD_SETLKW */, "locks", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_SETPIPE_SZ, "bounded by the kernel for each user", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETPIPE_SZ, "a question", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETLEASE, "a question", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, F_GETOWN, "a question", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, 1034 /* F_GET_SEALS */, "a question", "signal-by-owner"),
	ALLOW_IF("fcntl", 1, LOW32, 1027 /* F_DUPFD_QUERY */, "a question", "signal-by-owner"),
	ALLOW("stat fstat lstat newfstatat statx access faccessat faccessat2 readlink readlinkat getdents getdents64 "
	      "getcwd statfs fstatfs chdir fchdir umask getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr",
	      "looking at files, where the mount tree and Landlock show any"),
	ALLOW("ftruncate fallocate rename renameat mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat",
	      "changing files, where they are writable"),
	INSIDE("truncate utime utimes utimensat futimesat chown fchown lchown fchownat",
	       "the mount tree is read-only where it has to be, and one id is mapped; Landlock knows no right for "
	       "these (for "
	       "truncate from version 3 on), so on rung 3 init does utimensat, after a look at the object, and the "
	       "rest "
	       "is refused",
	       "touch-outside"),
	ALLOW_IF("renameat2", 4, WHITEOUT, 0, "no device left in the place of what was moved", "rename-whiteout"),
	ALLOW_IF("open", 1, CREATES, 0, "a mode that is not used may be any", "set-uid-open"),
	ALLOW_IF("open", 2, SET_ID, 0, "no set-id bit at birth", "set-uid-open"),
	ALLOW_IF("openat", 2, CREATES, 0, "a mode that is not used may be any", "set-uid-create"),
	ALLOW_IF("openat", 3, SET_ID, 0, "no set-id bit at birth", "set-uid-create"),
	ALLOW_IF("creat", 1, SET_ID, 0, "no set-id bit at birth", "set-uid-creat"),
	INSIDE_IF("chmod", 1, SET_ID, 0, "no set-id bit later; on rung 3 init does it", "set-uid-chmod"),
	INSIDE_IF("fchmod", 1, SET_ID, 0, "no set-id bit later; on rung 3 init does it", "set-uid-file"),
	INSIDE_IF("fchmodat", 2, SET_ID, 0, "no set-id bit later; on rung 3 init does it", "set-uid-chmodat"),
	ALLOW_IF("mknod", 1, TYPE_AND_SET_ID, S_IFIFO, "named pipes, no devices: the whiteout needs no privilege",
		 "whiteout-mknod"),
	ALLOW_IF("mknodat", 2, TYPE_AND_SET_ID, S_IFIFO, "named pipes, no devices: the whiteout needs no privilege",
		 "whiteout-node"),
	ALLOW_IF("mknod", 1, TYPE_AND_SET_ID, S_IFREG, "plain files", "whiteout-mknod"),
	ALLOW_IF("mknodat", 2, TYPE_AND_SET_ID, S_IFREG, "plain files", "whiteout-node"),
	ALLOW_IF("mmap", 3, HUGE_PAGES, 0, "huge pages are in nobody's count", "huge-pages"),
	ALLOW("munmap mprotect mremap madvise msync brk mincore mlock munlock mlock2 mlockall munlockall "
	      "get_mempolicy set_mempolicy pkey_alloc pkey_free pkey_mprotect membarrier",
	      "memory: every page is in the count of the limit"),
	ALLOW("futex futex_waitv set_robust_list get_robust_list set_tid_address gettid rseq sched_yield "
	      "sched_getaffinity sched_getparam sched_getscheduler sched_getattr "
	      "sched_get_priority_max sched_get_priority_min sched_rr_get_interval getcpu getpriority "
	      "ioprio_get",
	      "threads"),
	INSIDE("sched_setaffinity setpriority", "the pid namespace holds nobody else", "pin-outside"),
	ALLOW_IF("sched_setaffinity", 0, LOW32, 0, "its own thread, on rung 3", "pin-outside"),
	ALLOW_BOTH("setpriority", TEST(0, LOW32, PRIO_PROCESS), TEST(1, LOW32, 0), "its own thread, on rung 3",
		   "slow-outside"),
	ALLOW_IF("clone", 0, NAMESPACE_FLAGS, 0, "processes and threads, no namespaces", "clone-namespace"),
	ALLOW_IF("unshare", 0, NAMESPACE_FLAGS | NEW_TIME, 0, "descriptors and folder of a thread", "user-namespace"),
	ALLOW("fork vfork execve execveat exit exit_group wait4 waitid getpid getppid getpgid setpgid getpgrp getsid "
	      "setsid",
	      "processes: counted by the limit, ended with the call"),
	ALLOW("getuid geteuid getgid getegid getresuid getresgid getgroups setuid setgid setreuid setregid setresuid "
	      "setresgid setfsuid setfsgid capget capset",
	      "ids: one is mapped and no capability is left, so the kernel refuses what matters"),
	ALLOW("rt_sigaction rt_sigprocmask rt_sigreturn rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack pause "
	      "restart_syscall signalfd signalfd4 alarm setitimer getitimer timer_create timer_settime timer_gettime "
	      "timer_getoverrun timer_delete timerfd_create timerfd_settime timerfd_gettime nanosleep clock_nanosleep "
	      "clock_gettime clock_getres gettimeofday time times",
	      "signals of its own, time"),
	INSIDE("kill tkill tgkill rt_sigqueueinfo rt_tgsigqueueinfo pidfd_open pidfd_send_signal",
	       "the pid namespace holds nobody else; on rung 3 init sends kill in its place after a look at the "
	       "target",
	       "signal-outside", "landlock"),
	ALLOW("poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 "
	      "eventfd eventfd2 pipe pipe2",
	      "waiting for things"),
	INSIDE("inotify_init inotify_init1 inotify_add_watch inotify_rm_watch",
	       "watching files that are shown; Landlock would let names be seen in folders that it closes",
	       "watch-outside"),
	INSIDE_BOTH("socket", TEST(0, LOW32, AF_UNIX), TEST(1, TYPE_OF_SOCKET, SOCK_STREAM),
		    "between the call's own processes; init looks where a connect leads, and datagrams need none",
		    "netlink-socket"),
	INSIDE_BOTH("socket", TEST(0, LOW32, AF_UNIX), TEST(1, TYPE_OF_SOCKET, SOCK_SEQPACKET), "as above",
		    "netlink-socket"),
	ALLOW_BOTH("socketpair", TEST(0, LOW32, AF_UNIX), TEST(1, TYPE_OF_SOCKET, SOCK_STREAM),
		   "a pair is connected to itself; one of datagrams could still send to a path", "socket-pair"),
	ALLOW_BOTH("socketpair", TEST(0, LOW32, AF_UNIX), TEST(1, TYPE_OF_SOCKET, SOCK_SEQPACKET),
		   "a pair is connected to itself", "socket-pair"),
	INSIDE("bind listen accept accept4", "on UNIX sockets; on rung 3 there is none to do it with",
	       "take-abstract-name", "rule-socket landlock"),
	ALLOW("getsockname getpeername getsockopt setsockopt shutdown recvfrom recvmsg recvmmsg",
	      "on sockets that could be made"),
	ALLOW_IF("sendto", 3, FASTOPEN, 0, "MSG_FASTOPEN connects past any rule on connect, should a socket get inside",
		 "fast-open", "rule-socket landlock"),
	ALLOW_IF("sendmsg", 2, FASTOPEN, 0,
		 "MSG_FASTOPEN connects past any rule on connect, should a socket get inside", "fast-open-message",
		 "rule-socket landlock"),
	ALLOW_IF("sendmmsg", 3, FASTOPEN, 0,
		 "MSG_FASTOPEN connects past any rule on connect, should a socket get inside", "fast-open-messages",
		 "rule-socket landlock"),
	ALLOW("uname sysinfo getrusage getrlimit setrlimit getrandom arch_prctl",
	      "facts about the machine and itself; limits only go down"),
	ALLOW_IF("prlimit64", 0, LOW32, 0, "its own limits only", "limit-outside"),
	ALLOW_IF("personality", 0, LOW32, 0xffffffff, "a question", "personality"),
	ALLOW_IF("personality", 0, LOW32, 0, "Linux as it is; no ADDR_NO_RANDOMIZE", "personality"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_NAME, "a thread's name", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_NAME, "a thread's name", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_PDEATHSIG, "die with the parent", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_PDEATHSIG, "die with the parent", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_DUMPABLE, "a question", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_DUMPABLE, "hide from its own kind", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_NO_NEW_PRIVS, "set already", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_NO_NEW_PRIVS, "a question", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_CAPBSET_READ, "a question", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_SECCOMP, "a question", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_TIMERSLACK, "how exact its own sleeps are", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_GET_TIMERSLACK, "how exact its own sleeps are", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_THP_DISABLE, "huge pages off", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, PR_SET_CHILD_SUBREAPER, "adopt its own grandchildren", "own-filter"),
	ALLOW_IF("prctl", 0, LOW32, 0x53564d41 /* PR_SET_VMA */, "names for its memory, by libc", "own-filter"),
	ALLOW_IF("ioctl", 1, LOW32, 0x5401 /* TCGETS */, "isatty()", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x802c542a /* TCGETS2 */, "isatty() of glibc 2.42", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x5413 /* TIOCGWINSZ */, "the size of a terminal", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x540f /* TIOCGPGRP */, "job control", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x541b /* FIONREAD */, "bytes that wait", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x5421 /* FIONBIO */, "without waiting", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x5450 /* FIONCLEX */, "close on exec", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x5451 /* FIOCLEX */, "close on exec", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x40049409 /* FICLONE */, "cp --reflink", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x4020940d /* FICLONERANGE */, "cp --reflink", "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0xc020660b /* FS_IOC_FIEMAP */, "where a sparse file's holes are, by cp and tar",
		 "file-flags"),
	ALLOW_IF("ioctl", 1, LOW32, 0x80086601 /* FS_IOC_GETFLAGS */, "lsattr, by tar and git", "file-flags"),
	REFUSE("clone3", ENOSYS, "its flags lie in memory, where no filter sees them: libc falls back to clone",
	       "clone3-namespace"),
	REFUSE("openat2", ENOSYS, "its mode lies in memory: the set-id bit would be unseen", "set-uid-open-how"),
	REFUSE("io_uring_setup io_uring_enter io_uring_register", ENOSYS, "its requests pass no filter", "io-uring"),
	REFUSE("memfd_create memfd_secret", ENOSYS, "memory that is mapped nowhere is in nobody's count",
	       "hidden-memory"),
};

const size_t filter_row_count = ARRAY_LEN(filter_rows);
