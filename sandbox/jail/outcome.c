// SPDX-License-Identifier: Apache-2.0
/*
 * outcome.c - what happened to the tool, in words.
 *
 * A refusal that a program sees as an error number reads like a broken machine: models then retry, or blame a database or
 * the network. So each row of denied[] says that the sandbox refused, why, and what would allow it.
 */
#include "sandbox/jail/outcome.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox/base/utf8.h"

static const char *const reason_names[] = {
	[JAIL_ERROR] = "error",	  [JAIL_EXITED] = "exited", [JAIL_SIGNAL] = "signal",	    [JAIL_WALL] = "wall",
	[JAIL_CPU] = "cpu",	  [JAIL_MEMORY] = "memory", [JAIL_PIDS] = "pids",	    [JAIL_DISK] = "disk",
	[JAIL_OUTPUT] = "output", [JAIL_DENIED] = "denied", [JAIL_CANCELLED] = "cancelled",
};

static const char *const promise_names[] = {
#define X(id, name, what) name,
	JAIL_PROMISES(X)
#undef X
};

#define NO_NETWORK "this tool has no network (profile says net: none)"
#define HINT_NETWORK "nothing in a `run` tool's profile opens the network; hand the data over as an argument or a file"
#define HINT_NONE "no setting allows this: a tool works without it, or outside of Cordon"

static const struct {
	long number;
	const char *why, *hint;
} words[] = {
	{ SYS_socket, NO_NETWORK, HINT_NETWORK },
	{ SYS_socketpair, "only UNIX socket pairs can be made inside", HINT_NONE },
	{ SYS_sendto, "MSG_FASTOPEN opens connections: " NO_NETWORK, HINT_NETWORK },
	{ SYS_sendmsg, "MSG_FASTOPEN opens connections: " NO_NETWORK, HINT_NETWORK },
	{ SYS_sendmmsg, "MSG_FASTOPEN opens connections: " NO_NETWORK, HINT_NETWORK },
	{ SYS_clone, "a tool makes no namespaces of its own", HINT_NONE },
	{ SYS_unshare, "a tool makes no namespaces of its own", HINT_NONE },
	{ SYS_setns, "a tool joins no other namespace", HINT_NONE },
	{ SYS_mount, "a tool mounts nothing", "list the folder under `read` or `write` of the profile" },
	{ SYS_umount2, "a tool unmounts nothing", HINT_NONE },
	{ SYS_pivot_root, "a tool changes no root folder", HINT_NONE },
	{ SYS_chroot, "a tool changes no root folder", HINT_NONE },
	{ SYS_ptrace, "a tool looks into no other process", "run debuggers and strace outside of Cordon" },
	{ SYS_process_vm_readv, "a tool looks into no other process", HINT_NONE },
	{ SYS_process_vm_writev, "a tool looks into no other process", HINT_NONE },
	{ SYS_kill, "the signal was for a process outside of the call", HINT_NONE },
	{ SYS_tgkill, "the signal was for a process outside of the call", HINT_NONE },
	{ SYS_setxattr, "extended attributes carry capabilities and access lists", HINT_NONE },
	{ SYS_lsetxattr, "extended attributes carry capabilities and access lists", HINT_NONE },
	{ SYS_fsetxattr, "extended attributes carry capabilities and access lists", HINT_NONE },
	{ SYS_fchmod, "the mode has a set-id bit, which no tool may leave behind", "use a mode without s" },
	{ SYS_fchmodat, "the mode has a set-id bit, which no tool may leave behind", "use a mode without s" },
	{ SYS_openat, "the mode has a set-id bit, which no tool may leave behind", "use a mode without s" },
	{ SYS_mknodat, "a tool makes no devices", HINT_NONE },
	{ SYS_bpf, "a tool loads no program into the kernel", HINT_NONE },
	{ SYS_perf_event_open, "a tool measures no other process", "run profilers outside of Cordon" },
	{ SYS_ioctl, "this device request is not on the list", HINT_NONE },
	{ SYS_prctl, "this setting of a process is not on the list", HINT_NONE },
	{ SYS_prlimit64, "limits of other processes stay as they are", HINT_NONE },
	{ SYS_add_key, "the kernel's key ring is shared with others", HINT_NONE },
	{ SYS_keyctl, "the kernel's key ring is shared with others", HINT_NONE },
	{ SYS_request_key, "the kernel's key ring is shared with others", HINT_NONE },
	{ SYS_sched_setscheduler, "real-time priority would starve others", HINT_NONE },
	{ SYS_shmget, "System V memory is in nobody's count", "use mmap, or a file in /tmp or /dev/shm" },
	{ SYS_msgget, "System V queues are in nobody's count", "use a pipe or a UNIX socket" },
	{ SYS_semget, "System V semaphores outlive their makers", "use futexes, pthread or POSIX semaphores" },
};

static const struct {
	enum jail_reason reason;
	const char *what, *setting, *example;
} limit_words[] = {
	{ JAIL_WALL, "wall", "the time on the clock", "limits: {wall: 60s}" },
	{ JAIL_CPU, "cpu", "the processor time of all its processes", "limits: {cpu: 30s}" },
	{ JAIL_MEMORY, "memory", "the memory of all its processes, /tmp included", "limits: {memory: 1G}" },
	{ JAIL_DISK, "disk", "what it may add to files, /tmp included, and 8192 new names", "limits: {disk: 256M}" },
	{ JAIL_OUTPUT, "output", "what it may print, stdout and stderr together", "limits: {output: 4M}" },
};

const char *jail_reason_name(enum jail_reason reason)
{
	return (size_t)reason < ARRAY_LEN(reason_names) ? reason_names[reason] : "error";
}

const char *jail_promise_name(enum jail_promise promise)
{
	return (size_t)promise < ARRAY_LEN(promise_names) ? promise_names[promise] : "unknown";
}

void jail_outcome_release(struct jail_outcome *outcome)
{
	buf_release(&outcome->out);
	buf_release(&outcome->err);
	*outcome = (struct jail_outcome){ .reason = JAIL_ERROR };
}

/* Printable as far as it fits: control characters and what is no UTF-8 become '?'. */
static void put_printable(char *to, size_t room, const char *text)
{
	struct cordon_slice rest = { text, strlen(text) };
	size_t at = 0;

	while (rest.len && at + 5 < room) {
		uint32_t rune;
		size_t width = utf8_decode(rest, &rune);

		if (!width || rune < 0x20 || (rune >= 0x7f && rune < 0xa0) || utf8_is_format(rune)) {
			to[at++] = '?';
			width = width ? width : 1;
		} else {
			memcpy(to + at, rest.data, width);
			at += width;
		}
		rest.data += width;
		rest.len -= width;
	}
	to[at] = '\0';
}

static struct jail_denied *add_row(struct jail_outcome *outcome, const char *kind, const char *what, uint32_t count)
{
	struct jail_denied *row;

	if (outcome->denied_count == JAIL_DENIED_MAX)
		return NULL;
	row = &outcome->denied[outcome->denied_count++];
	*row = (struct jail_denied){ .kind = kind, .count = count };
	put_printable(row->what, sizeof(row->what), what);
	return row;
}

static void deny_call(struct jail_outcome *outcome, const struct launch_denial *denial)
{
	const char *name = syscall_name(denial->number);
	const char *why = "this system call is not on the list of what a tool may do";
	const char *hint = HINT_NONE;
	char number[32];
	struct jail_denied *row;

	snprintf(number, sizeof(number), "syscall %" PRIu32, denial->number);
	row = add_row(outcome, "syscall", name ? name : number, denial->count);
	if (!row)
		return;
	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (words[i].number == (long)denial->number) {
			why = words[i].why;
			hint = words[i].hint;
			break;
		}
	if (denial->number == SYS_socket && denial->args[0] == AF_UNIX) { /* rung 3 only */
		why = "without namespaces a UNIX socket would reach programs outside";
		hint = HINT_NONE;
	}
	snprintf(row->detail, sizeof(row->detail), "%s refused: %s", name ? name : number, why);
	snprintf(row->hint, sizeof(row->hint), "%s", hint);
}

void outcome_deny_link(struct jail_outcome *outcome, const char *folder, const char *name, const char *target)
{
	struct jail_denied *row = add_row(outcome, "path", "symlink", 1);
	char text[512];

	if (!row)
		return;
	snprintf(text, sizeof(text), "link '%s/%.100s' removed: it led to '%.200s', which the profile does not show",
		 folder, name, target);
	put_printable(row->detail, sizeof(row->detail), text);
	snprintf(row->hint, sizeof(row->hint),
		 "list the target under `read` or `write` of the profile, or link to a path beneath the workspace");
}

static void deny_limit(struct jail_outcome *outcome)
{
	for (size_t i = 0; i < ARRAY_LEN(limit_words); i++) {
		struct jail_denied *row;

		if (limit_words[i].reason != outcome->reason)
			continue;
		row = add_row(outcome, "limit", limit_words[i].what, 1);
		if (!row)
			return;
		snprintf(row->detail, sizeof(row->detail), "killed at the limit of %s", limit_words[i].setting);
		snprintf(row->hint, sizeof(row->hint), "raise it in the profile: %s", limit_words[i].example);
	}
}

/* What a signal means that a limit of the kernel's sends. */
static enum jail_reason reason_of_signal(int number, const struct launch_report *report)
{
	switch (number) {
	case SIGXCPU:
		return JAIL_CPU;
	case SIGXFSZ:
		return JAIL_DISK;
	case SIGSYS:
		return report->seccomp_killed ? JAIL_DENIED : JAIL_SIGNAL;
	default:
		return JAIL_SIGNAL;
	}
}

static void fill_end(struct jail_outcome *outcome, const struct launch_report *report, const struct outcome_seen *seen)
{
	int status = report->wait_status;

	if (WIFEXITED(status)) {
		outcome->exited = true;
		outcome->exit = WEXITSTATUS(status);
		outcome->reason = JAIL_EXITED;
	} else {
		outcome->signal = WTERMSIG(status);
		outcome->reason = reason_of_signal(outcome->signal, report);
	}
	if (seen->killed == JAIL_ERROR)
		return;
	outcome->reason = seen->killed;
	outcome->exited = false; /* whatever it said as it went down, it was ended */
	outcome->exit = 0;
	outcome->signal = outcome->signal ? outcome->signal : SIGKILL;
}

void outcome_fill(struct jail_outcome *outcome, const struct launch_report *report, const struct outcome_seen *seen,
		  const struct jail_limits *limits)
{
	double reaped_ms = (double)(report->user_us + report->system_us) / 1000.0;

	outcome->cpu_ms = reaped_ms > (double)seen->cpu_ms ? reaped_ms : (double)seen->cpu_ms;
	outcome->max_rss_kb = report->max_rss_kb;
	outcome->started = !report->exec_errno;
	outcome->exec_errno = report->exec_errno;
	if (report->exec_errno) {
		outcome->reason = JAIL_ERROR;
		return;
	}
	fill_end(outcome, report, seen);
	if (outcome->reason == JAIL_SIGNAL && outcome->signal == SIGKILL && outcome->cpu_ms > (double)limits->cpu_ms)
		outcome->reason = JAIL_CPU; /* the kernel's own limit of one process, where the watch was slower */
	deny_limit(outcome);
	for (size_t i = 0; i < report->denial_count; i++)
		deny_call(outcome, &report->denials[i]);
}
