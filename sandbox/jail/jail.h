/* SPDX-License-Identifier: Apache-2.0 */
/*
 * jail.h - runs one program so that it can do what its spec lists and nothing else.
 *
 * A spec is plain values, made by the caller from a profile and the facts of a call; the plan of the call is a pure
 * function of (spec, probed kernel). jail_begin() starts `cordon-launch` and hands it the plan; jail_finish() lets it execute
 * the program, moves bytes between the tool's pipes and the caller, watches what the kernel cannot bound, and gives back the
 * outcome. A refusal to run (a promise this machine cannot keep) is CORDON_EMISSING with the remedy in the sentence; what
 * the tool did is an outcome.
 */
#ifndef JAIL_JAIL_H
#define JAIL_JAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/base/buf.h"
#include "sandbox/base/program.h"

/* Promises that a profile may do without (allow-missing); bits of jail_spec.allow_missing and jail_outcome.missing. */
#define JAIL_PROMISES(X)                                                                                               \
	X(NAMESPACES, "namespaces", "private /tmp, hidden processes, limits and end of the whole tree")                \
	X(LANDLOCK, "landlock", "file rules on rung 3, and a second wall elsewhere")

enum jail_promise {
#define X(id, name, what) JAIL_PROMISE_##id,
	JAIL_PROMISES(X)
#undef X
		JAIL_PROMISE_COUNT
};

struct jail_limits { /* every value is set; 0 is not "none" */
	uint64_t wall_ms;
	uint64_t cpu_ms;
	uint64_t memory_bytes;
	uint64_t pids;
	uint64_t output_bytes;
	uint64_t disk_bytes;
	uint64_t new_names; /* files, folders and links that may be made: 8,192 */
};

enum jail_grant { JAIL_HIDE, JAIL_READ, JAIL_WRITE }; /* zero is the safe one */

/* One path that is there inside, at the same place. Bound as `fd` when that is not -1 (the object that was checked). */
struct jail_path {
	const char *path; /* absolute, canonical; borrowed */
	enum jail_grant grant;
	int fd; /* O_PATH, borrowed; -1: opened by path */
};

struct jail_spec {
	const char *const *argv; /* argv[0] is looked up inside on the inside PATH where it has no '/' */
	const char *const *env; /* NAME=value, the whole environment */
	const char *cwd; /* absolute, visible inside */
	const struct jail_path *paths;
	size_t path_count;
	const char *const *hidden; /* absolute paths that stay out whatever covers them: the data folder */
	size_t hidden_count;
	const char *const
		*readonly; /* absolute paths that cannot be written, replaced, renamed or removed: config, lock */
	size_t readonly_count;
	struct jail_limits limits;
	uint32_t allow_missing; /* bits 1 << enum jail_promise */
};

/* Where the tool's bytes go. Called on the caller's thread; `bytes` is borrowed for the call. */
struct jail_sink {
	void (*write)(void *ctx, int stream, struct cordon_slice bytes); /* stream 1 or 2; NULL: kept in the outcome */
	void *ctx;
	int stdin_fd; /* borrowed; -1: /dev/null */
	bool stdin_copy; /* stdin_fd is a terminal: copied through a pipe, never handed over */
	const struct cordon_slice *stdin_bytes; /* fed to the tool instead of stdin_fd; NULL: none */
	int cancel_fd; /* readable: a byte is the signal number to forward once (SIGINT, ...), end of file: cancel; -1 */
};

enum jail_reason {
	JAIL_ERROR, /* Cordon's own fault: nothing is known of the tool */
	JAIL_EXITED,
	JAIL_SIGNAL,
	JAIL_WALL,
	JAIL_CPU,
	JAIL_MEMORY,
	JAIL_PIDS,
	JAIL_DISK,
	JAIL_OUTPUT,
	JAIL_DENIED, /* killed by Cordon's own filter */
	JAIL_CANCELLED
};

struct jail_denied { /* one row of denied[] */
	const char *kind; /* "syscall", "path", "host", "limit", ...; static */
	char what[64]; /* "connect" */
	uint32_t count;
	char detail[256]; /* printable */
	char hint[256]; /* what would allow it */
};

#define JAIL_DENIED_MAX 32

struct jail_outcome {
	enum jail_reason reason;
	int exit; /* meaningful where exited is true */
	bool exited;
	int signal; /* 0: none */
	bool started; /* the program itself was exec'ed */
	int exec_errno; /* ENOENT, EACCES, ...: why it was not */
	double wall_ms;
	double cpu_ms;
	uint64_t max_rss_kb;
	bool truncated; /* output was cut at its limit */
	int rung; /* 1, 2, 3 */
	uint32_t missing; /* bits of enum jail_promise that were done without */
	struct jail_denied denied[JAIL_DENIED_MAX];
	size_t denied_count;
	struct buf out; /* stdout and stderr where the sink keeps them */
	struct buf err;
};

const char *jail_reason_name(enum jail_reason reason);
const char *jail_promise_name(enum jail_promise promise);

/* What this kernel and machine can keep, tried, not read off sysctls. Pure data, so tests can hand in any machine. */
struct jail_machine {
	int landlock_abi; /* 0: none */
	bool userns; /* a user namespace can be made and its maps written */
	bool mounts; /* ... and filled: tmpfs, bind, pivot_root */
	bool proc; /* ... and /proc mounted in it */
	bool root; /* the caller is root with CAP_SYS_ADMIN: id-mapped mounts are needed */
	bool idmap; /* id-mapped mounts work (root only) */
	bool openat2, clone3, close_range;
	bool seccomp;
	char cause[256]; /* why namespaces are missing: chroot, AppArmor, Docker's seccomp, ... */
	char remedy[256]; /* the one line that mends it */
};

USE_RESULT int jail_probe(struct jail_machine *machine, struct cordon_err *err);

/* One row of `cordon doctor`: a protection, whether this machine has it, and what to do where not. */
struct jail_check {
	const char *name; /* "namespaces"; static */
	const char *why; /* what it is good for; static */
	bool present;
	bool needed; /* without it calls are refused, or stand on a lower rung; false: a second wall is thinner */
	char cause[256]; /* "" where present */
	char remedy[256]; /* one line; "" where present */
};

#define JAIL_CHECKS_MAX 16
/* Fills checks with the report on this machine, most important first; returns how many. */
size_t jail_doctor(const struct jail_machine *machine, struct jail_check checks[JAIL_CHECKS_MAX]);

/* The rung this machine stands on: 1, 2 or 3; 0 where not even rung 3 holds (no seccomp, no Landlock). */
int jail_rung(const struct jail_machine *machine);

/* What a run may make use of. */
struct jail_means {
	const struct jail_machine
		*machine; /* jail_probe()'s; NULL: a usual one, probed only when a step of the launch fails */
	struct program
		*launcher; /* from jail_start_launcher(): taken, and left without; NULL or without one: it is started */
};

struct jail_run;

/*
 * Begins a run: the inside is built meanwhile, by Cordon's own programs alone. spec, and what it and sink point to, are
 * borrowed until jail_close(), which is called on the same thread.
 */
USE_RESULT int jail_begin(const struct jail_spec *spec, const struct jail_means *means, const struct jail_sink *sink,
			  struct jail_run **out, struct cordon_err *err);
/*
 * Executes the program and waits for its end. *outcome is filled (release with jail_outcome_release()) whenever the result
 * is 0; the tree has ended. The environment variable of nobody decides anything.
 */
USE_RESULT int jail_finish(struct jail_run *run, struct jail_outcome *outcome, struct cordon_err *err);
/*
 * A run that was not finished is ended: nothing is executed. Of one that was, the launcher may still be taking its mounts
 * apart; it ends by itself. Accepts NULL.
 */
void jail_close(struct jail_run *run);
/* Both at once. */
USE_RESULT int jail_run(const struct jail_spec *spec, const struct jail_machine *machine, const struct jail_sink *sink,
			struct jail_outcome *outcome, struct cordon_err *err);
void jail_outcome_release(struct jail_outcome *outcome);

/*
 * Starts a launcher ahead of the call that it will serve: it makes the namespaces while the caller has other work. It ends
 * with the thread that started it. program_kill() it where no call takes it.
 */
USE_RESULT int jail_start_launcher(struct program *launcher, struct cordon_err *err);

#endif
