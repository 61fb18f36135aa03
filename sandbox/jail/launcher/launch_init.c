// SPDX-License-Identifier: Apache-2.0
/*
 * launch_init.c - pid 1 of a call (on rung 3: the subreaper of its processes).
 *
 * It is there before the plan is. It waits for the launcher's word that the order lies in shared memory and the id maps are
 * written, builds the inside, gives up every capability, and on a
 * second word starts the tool. From then on it does three things: it reaps whatever the kernel hands to it, forwards signals that the launcher
 * sends, and answers the system calls that the filter refused, counting them. When the tool itself has ended it ends too,
 * and with pid 1 the kernel ends everything in the namespace; on rung 3 it first kills what is left by hand.
 *
 * It never lets a refused call continue: an answer is an error number, whatever the arguments say.
 */
#include "sandbox/jail/launcher/launch_init.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox/jail/launch_kernel.h"
#include "sandbox/jail/launcher/launch_behalf.h"
#include "sandbox/jail/launcher/launch_connect.h"
#include "sandbox/jail/launcher/launch_mounts.h"
#include "sandbox/jail/launcher/launch_rules.h"
#include "sandbox/jail/launcher/launch_sweep.h"
#include "sandbox/jail/launcher/launch_tool.h"

#define NEW_CALLS_FROM 425 /* io_uring_setup: calls since Linux 5.1, for which every libc has a way without */

struct answer {
	uint32_t number;
	int os_errno;
};

/* What a refused call is told, where EPERM would mislead a program. */
static const struct answer answers[] = {
	{ SYS_socket, EACCES }, /* "no network", not "not root" */
	{ SYS_setxattr, EOPNOTSUPP }, /* cp -a and tar go on without */
	{ SYS_lsetxattr, EOPNOTSUPP }, { SYS_fsetxattr, EOPNOTSUPP }, { SYS_ioctl, ENOTTY },
};

static int set_ids(struct launch_state *state)
{
	const struct launch_plan *plan = &state->plan;

	if (!(plan->flags & LAUNCH_USERNS))
		return 0;
	if (setresgid(plan->inside_gid, plan->inside_gid, plan->inside_gid) < 0)
		return -1;
	return setresuid(plan->inside_uid, plan->inside_uid, plan->inside_uid);
}

static int make_private(struct launch_state *state)
{
	if (!(state->plan.flags & LAUNCH_USERNS))
		return 0;
	return mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int set_hostname(struct launch_state *state)
{
	return sethostname(state->plan.hostname, strlen(state->plan.hostname));
}

static const struct launch_row inside_rows[] = {
	{ LAUNCH_STEP_INIT_IDS, set_ids },
	{ LAUNCH_STEP_INIT_PRIVATE, make_private },
	{ LAUNCH_STEP_INIT_BINDS, launch_open_binds },
	{ LAUNCH_STEP_INIT_PROC, launch_make_proc },
	{ LAUNCH_STEP_INIT_ROOT, launch_make_root },
	{ LAUNCH_STEP_INIT_MOUNTS, launch_place_mounts },
	{ LAUNCH_STEP_INIT_PIVOT, launch_pivot },
	{ LAUNCH_STEP_INIT_READONLY, launch_seal_root },
	{ LAUNCH_STEP_INIT_HOSTNAME, set_hostname },
	{ LAUNCH_STEP_INIT_RULES, launch_make_rules },
	{ LAUNCH_STEP_INIT_DROP, launch_drop_capabilities },
};

/* Rung 3 finds the call's processes in the host's /proc: without it nothing could be ended. */
static int find_proc(struct launch_state *state)
{
	launch_subject(state, "/proc/self/stat");
	return access("/proc/self/stat", R_OK);
}

static const struct launch_row bare_rows[] = {
	/* rung 3 */
	{ LAUNCH_STEP_INIT_PROC, find_proc },
	{ LAUNCH_STEP_INIT_RULES, launch_make_rules },
	{ LAUNCH_STEP_INIT_DROP, launch_drop_capabilities },
};

static void count_denial(struct launch_report *report, const struct seccomp_data *call)
{
	struct launch_denial *denial = report->denials;
	struct launch_denial *end = report->denials + report->denial_count;

	for (; denial < end; denial++)
		if (denial->number == (uint32_t)call->nr) {
			denial->count += denial->count < UINT32_MAX;
			return;
		}
	if (report->denial_count == LAUNCH_DENIALS_MAX)
		return;
	*denial = (struct launch_denial){ .number = (uint32_t)call->nr, .count = 1 };
	for (size_t i = 0; i < ARRAY_LEN(denial->args); i++)
		denial->args[i] = call->args[i];
	report->denial_count++;
}

static int refusal(const struct seccomp_data *call)
{
	for (size_t i = 0; i < ARRAY_LEN(answers); i++)
		if (answers[i].number == (uint32_t)call->nr)
			return answers[i].os_errno;
	return call->nr >= NEW_CALLS_FROM ? ENOSYS : EPERM;
}

/* Calls that init makes in the tool's place, after a look at what they are about. */
static int (*const in_place[])(const struct launch_state *state, const struct seccomp_notif *asked,
			       struct seccomp_notif_resp *reply) = {
#define X(function, ...) function,
	LAUNCH_IN_PLACE(X)
#undef X
};

static void answer_call(struct launch_state *state)
{
	struct seccomp_notif asked;
	struct seccomp_notif_resp reply = { 0 };
	bool made = false;

	memset(&asked, 0, sizeof(asked));
	if (kernel_notify(state->listener, SECCOMP_IOCTL_NOTIF_RECV, &asked) < 0)
		return;
	reply.id = asked.id;
	for (size_t i = 0; i < ARRAY_LEN(in_place) && !made; i++)
		made = in_place[i](state, &asked, &reply) == 0;
	if (!made)
		reply.error = -refusal(&asked.data);
	if (!made || reply.error == -EPERM || reply.error == -EACCES) /* other errors are the kernel's, no refusals */
		count_denial(&state->shared->report, &asked.data);
	kernel_notify(state->listener, SECCOMP_IOCTL_NOTIF_SEND, &reply);
}

/* Reaps all that is dead. True when the tool is among them. */
static bool reap(struct launch_state *state)
{
	bool ended = false;
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
		if (pid != state->tool)
			continue;
		state->shared->report.wait_status = status;
		state->shared->report.seccomp_killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
		ended = true;
	}
	return ended;
}

/* A byte is a signal for the tool's group; the end is the end of the launcher. */
static void obey(struct launch_state *state)
{
	unsigned char number = 0;

	if (read(state->control[0], &number, 1) == 1) {
		if (kill(-state->tool, number) < 0)
			kill(state->tool, number); /* it went to another group */
		return;
	}
	launch_sweep(state);
	_exit(1);
}

static void serve(struct launch_state *state, int signals)
{
	struct pollfd ready[] = {
		{ .fd = state->control[0], .events = POLLIN },
		{ .fd = signals, .events = POLLIN },
		{ .fd = state->listener, .events = POLLIN },
	};
	struct signalfd_siginfo drained;

	while (!reap(state)) {
		if (poll(ready, ARRAY_LEN(ready), -1) < 0 && errno != EINTR)
			return;
		if (ready[0].revents)
			obey(state);
		if (ready[1].revents & POLLIN)
			(void)!read(signals, &drained, sizeof(drained));
		if (ready[2].revents & POLLIN)
			answer_call(state);
		else if (ready[2].revents)
			ready[2].fd = -1; /* nobody is left under the filter */
	}
}

static int block_child_signal(void)
{
	sigset_t child;

	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, NULL);
	return signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
}

/*
 * Nothing of the call's exists yet, so there is nothing else to do with an end or with a signal than to end. While the
 * launcher's descriptors are ours as well, its own end is seen by no end of file.
 */
static void await_word(const struct launch_state *state, enum launch_word expected)
{
	struct pollfd ready[] = {
		{ .fd = state->control[0], .events = POLLIN },
		{ .fd = state->launcher, .events = POLLIN },
	};
	unsigned char word;

	while (poll(ready, ARRAY_LEN(ready), -1) < 0 && errno == EINTR)
		;
	if (ready[1].revents || read(state->control[0], &word, 1) != 1 || word != expected)
		_exit(1);
}

/* The order lies there, and the descriptors that it names are in the table that is still the launcher's as well. */
static int take_order(struct launch_state *state)
{
	const struct launch_shared *shared = state->shared;

	if (unshare(CLONE_FILES) < 0)
		return -1;
	close(state->channel);
	close(state->control[1]);
	memcpy(state->stdio, shared->order.fds, sizeof(state->stdio));
	memcpy(state->binds, shared->order.binds, sizeof(state->binds));
	state->objects = shared->order.fds + 3;
	state->object_count = shared->order.fd_count - 3;
	return launch_plan_decode((struct cordon_slice){ shared->order.request, shared->order.request_len },
				  &state->plan, NULL);
}

static void tell_started(const struct launch_state *state)
{
	char word = 1;
	struct iovec part = { &word, 1 };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };

	if (state->proc >= 0) {
		message.msg_control = control.bytes;
		message.msg_controllen = sizeof(control.bytes);
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.align), &state->proc, sizeof(int));
	}
	(void)!sendmsg(state->control[0], &message, MSG_NOSIGNAL);
}

static void forget_stdio(struct launch_state *state)
{
	for (int i = 0; i < 3; i++) {
		close(i);
		close(state->stdio[i]);
	}
}

void launch_init_main(struct launch_state *state)
{
	bool bare = state->bare;
	int signals;
	int rc;

	await_word(state, LAUNCH_WORD_BEGIN);
	if (take_order(state) < 0)
		_exit(1);
	rc = bare ? launch_run(state, bare_rows, ARRAY_LEN(bare_rows))
		  : launch_run(state, inside_rows, ARRAY_LEN(inside_rows));
	if (rc < 0)
		_exit(1);
	if (bare) /* no namespace dies with it: it has to outlive the launcher and sweep */
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	else /* after the ids: a change of them clears it */
		prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
	signals = block_child_signal();
	tell_started(state);
	await_word(state, LAUNCH_WORD_GO);
	if (launch_start_tool(state) < 0 || state->shared->exec_errno) {
		launch_sweep(state);
		_exit(1);
	}
	forget_stdio(state);
	serve(state, signals);
	if (bare)
		launch_sweep(state);
	state->shared->ended = 1;
	_exit(0);
}
