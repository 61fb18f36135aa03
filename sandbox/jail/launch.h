/* SPDX-License-Identifier: Apache-2.0 */
/*
 * launch.h - the words between the supervisor's side of the jail (plan.c, attempt.c) and `cordon-launch`.
 *
 * The launcher holds no configuration and decides nothing: it gets a finished plan as one message and carries it out
 * step by step. Three processes stand in a row:
 *
 *     launcher (host pid namespace; makes namespaces, id-mapped mounts; forwards signals; reports)
 *       init   (pid 1 inside; builds the mount tree, reaps orphans, answers the filter's notifications)
 *         tool (pid 2 inside; rlimits, capabilities, Landlock, filter, exec)
 *
 * The program is executed only when the supervisor has given its word, which may come later than the plan: what has to be
 * true first (a record on disk) becomes so while the inside is built.
 *
 * The launcher dies with the supervisor (PR_SET_PDEATHSIG and the end of the channel), init with the launcher, and the
 * kernel ends the pid namespace with init. On rung 3 there is no namespace: init is then a plain child that is a
 * subreaper, and the launcher sweeps what is left.
 */
#ifndef JAIL_LAUNCH_H
#define JAIL_LAUNCH_H

#include <stdint.h>

#include "sandbox/base/wire.h"

#define LAUNCH_VERSION 2
#define LAUNCH_BARE "bare" /* the launcher's argument for a plan without LAUNCH_USERNS */
#define LAUNCH_REQUEST_MAX                                                                                             \
	(4u << 20) /* argv and environment of the kernel's limit (a quarter of 8 MiB) and the filter */
#define LAUNCH_MOUNTS_MAX 512
#define LAUNCH_RULES_MAX 512

enum launch_message {
	/* to the launcher */
	LAUNCH_REQUEST = 1, /* descriptors: 0, 1, 2 of the tool, then the plan's objects */
	LAUNCH_GO, /* execute the program, as soon as the inside stands */
	LAUNCH_SIGNAL, /* u32: forward this signal to the tool (to its process group) */
	LAUNCH_KILL, /* end the whole tree now */
	/* from the launcher */
	LAUNCH_STARTED, /* u32 host pid of init; descriptor: root of a /proc of the tree's pid namespace, where it can be had */
	LAUNCH_FAILED, /* struct launch_failure: nothing was exec'ed, nothing runs */
	LAUNCH_EXITED /* struct launch_report: the tool ended and the tree is gone */
};

enum launch_flag {
	LAUNCH_USERNS = 1 << 0, /* user, mount, pid, net, ipc, uts (and cgroup) namespaces; off on rung 3 */
	LAUNCH_IDMAP = 1 << 1, /* started by root: writable binds are id-mapped folder owner <-> host_uid */
	LAUNCH_PROC = 1 << 2, /* mount a /proc of the tree (rung 1), masked and read-only */
	LAUNCH_LANDLOCK = 1 << 3, /* apply `rules` */
	LAUNCH_SETID = 1 << 4 /* rung 3 as root: become host_uid/host_gid before anything else */
};

enum launch_mount_kind {
	LAUNCH_MOUNT_NONE,
	LAUNCH_MOUNT_FOLDER, /* mkdir -p target, mode 0755, in the new root */
	LAUNCH_MOUNT_READ, /* bind source at target, read-only, nosuid, nodev, recursively */
	LAUNCH_MOUNT_WRITE, /* bind source at target, nosuid, nodev */
	LAUNCH_MOUNT_DEVICE, /* bind a device node (null, zero, full, random, urandom, tty is not there) */
	LAUNCH_MOUNT_TMPFS, /* fresh tmpfs at target, size_bytes, inodes */
	LAUNCH_MOUNT_TEXT, /* a made-up read-only file with `text` */
	LAUNCH_MOUNT_LINK, /* symbolic link target -> source */
	LAUNCH_MOUNT_PROC, /* the tree's /proc, then masked */
	LAUNCH_MOUNT_COVER /* hide what is at target: empty read-only tmpfs over a folder, empty file over a file */
};

struct launch_mount {
	enum launch_mount_kind kind;
	const char *source; /* on the host; "" */
	const char *target; /* inside, absolute */
	int32_t object; /* index among the plan's objects (descriptors 3...), -1: by source */
	uint64_t size_bytes;
	uint64_t inodes; /* of a tmpfs; of a bind: 1 where its source need not exist */
	const char *text;
};

enum launch_access { LAUNCH_ACCESS_READ = 1, LAUNCH_ACCESS_WRITE, LAUNCH_ACCESS_EXEC };

struct launch_rule { /* Landlock: beneath `path` (inside), as it is in the final tree */
	const char *path;
	uint32_t access; /* 1 << enum launch_access */
	int32_t object; /* rung 3: index among the plan's objects, -1: by path */
};

struct launch_limits {
	uint64_t processes; /* RLIMIT_NPROC: counted per user namespace since Linux 5.14 */
	uint64_t file_bytes; /* RLIMIT_FSIZE */
	uint64_t files; /* RLIMIT_NOFILE */
	uint64_t cpu_s; /* RLIMIT_CPU of each process, a second wall behind the watch */
};

struct launch_plan {
	uint32_t rung;
	uint32_t flags;
	uint32_t inside_uid, inside_gid;
	uint32_t host_uid, host_gid;
	struct launch_limits limits;
	struct launch_mount *mounts; /* in order */
	size_t mount_count;
	struct launch_rule *rules;
	size_t rule_count;
	struct cordon_slice filter; /* struct sock_filter[], native architecture */
	const char *cwd;
	const char **argv; /* NULL-terminated */
	const char **env;
	const char *search; /* inside PATH for argv[0] without '/' */
	const char *hostname;
};

#define LAUNCH_STEPS_MAX 64

struct launch_failure {
	uint32_t step; /* index into the launcher's step table; launch_step_name() */
	int32_t os_errno;
	char *subject; /* the path or name it was about */
};

struct launch_denial { /* a system call that the filter sent to init, which refused it */
	uint32_t number;
	uint32_t count;
	uint64_t args[6]; /* of the first one */
};

#define LAUNCH_DENIALS_MAX 32

struct launch_report {
	int32_t wait_status; /* of the tool */
	int32_t exec_errno; /* not 0: the program could not be exec'ed; wait_status means nothing */
	uint64_t user_us, system_us; /* of the whole tree, dead processes too */
	uint64_t max_rss_kb;
	uint32_t seccomp_killed; /* the tool ended by SIGSYS of the filter */
	struct launch_denial denials[LAUNCH_DENIALS_MAX];
	uint32_t denial_count;
};

/* Encoding (both sides). Decoded texts and arrays are malloc()ed; the plan is released with launch_plan_release(). */
USE_RESULT int launch_plan_encode(const struct launch_plan *plan, struct buf *out, struct cordon_err *err);
USE_RESULT int launch_plan_decode(struct cordon_slice bytes, struct launch_plan *plan, struct cordon_err *err);
void launch_plan_release(struct launch_plan *plan);
USE_RESULT int launch_report_encode(const struct launch_report *report, struct buf *out, struct cordon_err *err);
USE_RESULT int launch_report_decode(struct cordon_slice bytes, struct launch_report *report, struct cordon_err *err);
USE_RESULT int launch_failure_encode(const struct launch_failure *failure, struct buf *out, struct cordon_err *err);
USE_RESULT int launch_failure_decode(struct cordon_slice bytes, struct launch_failure *failure, struct cordon_err *err);
const char *launch_step_name(uint32_t step);

#endif
