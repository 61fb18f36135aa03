// SPDX-License-Identifier: Apache-2.0
/*
 * launch_main.c - `cordon-launch`: carries out one plan, and nothing else.
 *
 * Theory of operation. The supervisor starts this program with a channel on descriptor 3 and sends one plan. The launcher
 * makes init in its namespaces before it reads the plan, as that takes long and is the same for all; what init needs of the
 * plan lies in memory that both see, and descriptors are in a table that both have until init is told to begin. Then the
 * launcher opens what only the outside may, writes the id maps, gives init the word, and waits: for init's end, which is
 * the end of the call; for a signal to pass on; for the order to kill; or for the end of the channel, which is the end of
 * the supervisor. It parses no text, reads no configuration, links no library.
 *
 * Where there are no namespaces (rung 3; argument "bare") init is made after the plan, with the ids that the plan says.
 *
 * Invariant: when a report or a failure has been sent, no process of the call is left.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "sandbox/base/program.h"
#include "sandbox/jail/launcher/launch_idmap.h"
#include "sandbox/jail/launcher/launch_init.h"
#include "sandbox/jail/launcher/launch_mounts.h"
#include "sandbox/jail/launcher/launch_sweep.h"

#define REPORT_MAX (64u << 10)

static const struct {
	unsigned long flag;
	const char *name;
} namespaces[] = {
#define X(flag, name, ...) { flag, name },
	LAUNCH_NAMESPACES(X)
#undef X
};

static int die_with_supervisor(struct launch_state *state)
{
	(void)state;
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
}

/* What a terminal sends goes to the supervisor alone, which decides what the tool hears of it and when the call ends. */
static int leave_terminal(struct launch_state *state)
{
	sigset_t all;

	(void)state;
	sigfillset(&all);
	return setsid() < 0 || sigprocmask(SIG_SETMASK, &all, NULL) < 0 ? -1 : 0;
}

/* An ordinary user cannot give up groups, and keeps what is his; root's would reach files that the host id must not. */
static int drop_groups(struct launch_state *state)
{
	(void)state;
	return geteuid() ? 0 : setgroups(0, NULL);
}

static int become_unprivileged(struct launch_state *state)
{
	const struct launch_plan *plan = &state->plan;

	if (!(plan->flags & LAUNCH_SETID))
		return 0;
	if (setresgid(plan->host_gid, plan->host_gid, plan->host_gid) < 0 ||
	    setresuid(plan->host_uid, plan->host_uid, plan->host_uid) < 0)
		return -1;
	return prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0); /* the change of ids cleared it */
}

static int open_as_root(struct launch_state *state)
{
	int rc = state->plan.flags & LAUNCH_IDMAP ? launch_open_binds(state) : 0;

	memcpy(state->shared->order.binds, state->binds, sizeof(state->binds));
	return rc;
}

static int make_init(struct launch_state *state)
{
	unsigned long flags = CLONE_FILES;
	pid_t init;

	for (size_t i = 0; i < ARRAY_LEN(namespaces) && !state->bare; i++)
		flags |= switched_off(namespaces[i].name) ? 0 : namespaces[i].flag;
	state->launcher = (int)syscall(SYS_pidfd_open, getpid(), 0);
	if (state->launcher < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, state->control) < 0)
		return -1;
	if (state->bare)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); /* should init be killed, its processes come here */
	init = (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
	if (init == 0)
		launch_init_main(state);
	state->tool = init; /* here: the process to wait for */
	return init < 0 ? -1 : 0;
}

static int write_maps(struct launch_state *state)
{
	const uint32_t inside[2] = { state->plan.inside_uid, state->plan.inside_gid };
	const uint32_t on_host[2] = { state->plan.host_uid, state->plan.host_gid };
	unsigned char word = LAUNCH_WORD_BEGIN;

	if (!state->bare && launch_write_maps(state->tool, inside, on_host) < 0)
		return -1;
	return write(state->control[1], &word, 1) == 1 ? 0 : -1;
}

static int make_init_ahead(struct launch_state *state)
{
	return state->bare ? 0 : make_init(state);
}

static int make_init_bare(struct launch_state *state)
{
	return state->bare ? make_init(state) : 0;
}

static const struct launch_row ahead_rows[] = {
	{ LAUNCH_STEP_DEATH_SIGNAL, die_with_supervisor },
	{ LAUNCH_STEP_TERMINAL, leave_terminal },
	{ LAUNCH_STEP_GROUPS, drop_groups },
	{ LAUNCH_STEP_NAMESPACES, make_init_ahead },
};

static const struct launch_row outside_rows[] = {
	{ LAUNCH_STEP_SET_ID, become_unprivileged },
	{ LAUNCH_STEP_OPEN_BINDS, open_as_root },
	{ LAUNCH_STEP_NAMESPACES, make_init_bare },
	{ LAUNCH_STEP_ID_MAPS, write_maps },
};

static void end_init(struct launch_state *state)
{
	if (state->tool <= 0)
		return;
	kill(state->tool, SIGKILL);
	launch_sweep(state);
}

static void send_failure(const struct launch_state *state)
{
	cleanup_buf struct buf text = { 0 };
	struct launch_failure failure = { .step = state->shared->step,
					  .os_errno = state->shared->os_errno,
					  .subject = state->shared->subject };

	buf_init(&text, REPORT_MAX);
	if (launch_failure_encode(&failure, &text, NULL) == 0)
		(void)!channel_send_plain(state->channel, LAUNCH_FAILED, buf_slice(&text), NULL);
}

static void send_report(struct launch_state *state, int status, const struct rusage *usage)
{
	cleanup_buf struct buf text = { 0 };
	struct launch_report *report = &state->shared->report;

	report->exec_errno = state->shared->exec_errno;
	report->user_us = (uint64_t)usage->ru_utime.tv_sec * 1000000U + (uint64_t)usage->ru_utime.tv_usec;
	report->system_us = (uint64_t)usage->ru_stime.tv_sec * 1000000U + (uint64_t)usage->ru_stime.tv_usec;
	report->max_rss_kb = (uint64_t)usage->ru_maxrss;
	if (!state->shared->ended && !report->exec_errno)
		report->wait_status = WIFSIGNALED(status) ? status : SIGKILL; /* the tree was ended from outside */
	buf_init(&text, REPORT_MAX);
	if (launch_report_encode(report, &text, NULL) == 0)
		(void)!channel_send_plain(state->channel, LAUNCH_EXITED, buf_slice(&text), NULL);
}

/* What is init's, which has a table of its own by now. */
static void close_given(struct launch_state *state)
{
	for (size_t i = 0; i < state->shared->order.fd_count; i++)
		close(state->shared->order.fds[i]);
	close(state->control[0]);
}

/* Init says that the inside stands; with it comes the tree's /proc. */
static void pass_started(struct launch_state *state)
{
	cleanup_buf struct buf text = { 0 };
	char word;
	struct iovec part = { &word, 1 };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes)
	};
	int proc = -1;

	if (recvmsg(state->control[1], &message, MSG_CMSG_CLOEXEC) != 1)
		return;
	close_given(state);
	launch_idmap_reap(); /* it is long dead, and would else be seen for as long as the call runs */
	if (message.msg_controllen && CMSG_FIRSTHDR(&message))
		memcpy(&proc, CMSG_DATA(&control.align), sizeof(proc));
	buf_init(&text, 64);
	if (wire_put_u32(&text, (uint32_t)state->tool, NULL) == 0)
		(void)!channel_send(state->channel, LAUNCH_STARTED, buf_slice(&text),
				    (struct channel_fds){ &proc, proc >= 0 }, NULL);
	if (proc >= 0)
		close(proc);
}

/* A word of the supervisor. */
static void obey(struct launch_state *state)
{
	struct channel_message message;
	struct wire_reader reader;
	unsigned char number;

	if (channel_receive(state->channel, REPORT_MAX, &message, NULL) <= 0) {
		end_init(state);
		_exit(1);
	}
	reader = wire_reader_of(buf_slice(&message.payload));
	number = message.type == LAUNCH_GO ? LAUNCH_WORD_GO : (unsigned char)wire_get_u32(&reader);
	if (message.type == LAUNCH_GO || (message.type == LAUNCH_SIGNAL && number < LAUNCH_WORD_BEGIN)) {
		(void)!write(state->control[1], &number, 1);
	} else if (message.type != LAUNCH_SIGNAL) {
		kill(state->tool, SIGKILL);
	}
	channel_message_release(&message);
}

/*
 * Init's end is seen when its mount namespace has been taken apart, unless somebody still has it: so the launcher does, and
 * the kernel does that work when the report is out. It holds what is bound only for as long.
 */
static void keep_mounts(pid_t init)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/ns/mnt", init);
	(void)!open(path, O_RDONLY | O_CLOEXEC);
}

static void watch(struct launch_state *state)
{
	int pidfd = (int)syscall(SYS_pidfd_open, state->tool, 0);
	struct pollfd ready[] = {
		{ .fd = pidfd, .events = POLLIN },
		{ .fd = switched_off("channel-end") ? -1 : state->channel, .events = POLLIN },
		{ .fd = state->control[1], .events = POLLIN },
	};
	struct rusage usage = { 0 };
	int status = 0;

	keep_mounts(state->tool);
	while (!ready[0].revents) {
		if (poll(ready, ARRAY_LEN(ready), -1) < 0 && errno != EINTR)
			break;
		if (ready[2].revents & POLLIN)
			pass_started(state);
		if (ready[2].revents)
			ready[2].fd = -1; /* said once */
		if (ready[1].revents)
			obey(state);
	}
	while (wait4(state->tool, &status, __WALL, &usage) < 0 && errno == EINTR)
		;
	launch_sweep(state);
	launch_idmap_reap();
	if (state->shared->failed)
		send_failure(state);
	else
		send_report(state, status, &usage);
}

/* The descriptors of the plan lie above 2 already: the program was started with 0 to 3 taken. */
static int take_request(struct launch_state *state, struct channel_message *message)
{
	struct launch_shared *shared = state->shared;

	if (channel_receive(PROGRAM_CHANNEL_FD, LAUNCH_REQUEST_MAX, message, NULL) <= 0 ||
	    message->type != LAUNCH_REQUEST || message->fd_count < 3)
		return -1;
	if (launch_plan_decode(buf_slice(&message->payload), &state->plan, NULL) < 0 ||
	    !(state->plan.flags & LAUNCH_USERNS) != state->bare)
		return -1;
	memcpy(shared->order.request, message->payload.data, message->payload.len);
	shared->order.request_len = message->payload.len;
	memcpy(shared->order.fds, message->fds, message->fd_count * sizeof(int));
	shared->order.fd_count = message->fd_count;
	state->objects = message->fds + 3;
	state->object_count = message->fd_count - 3;
	return 0;
}

static int fail(struct launch_state *state)
{
	end_init(state);
	launch_idmap_reap();
	send_failure(state);
	return 1;
}

int main(int argc, char **argv)
{
	static struct launch_state state = { .channel = PROGRAM_CHANNEL_FD, .proc = -1, .rules = -1, .listener = -1 };
	struct channel_message request;
	bool ahead;

	fcntl(PROGRAM_CHANNEL_FD, F_SETFD, FD_CLOEXEC);
	for (size_t i = 0; i < ARRAY_LEN(state.binds); i++)
		state.binds[i] = -1;
	state.bare = argc > 1 && !strcmp(argv[1], LAUNCH_BARE);
	state.shared = mmap(NULL, sizeof(*state.shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (state.shared == MAP_FAILED)
		return 1;
	ahead = launch_run(&state, ahead_rows, ARRAY_LEN(ahead_rows)) == 0;
	if (take_request(&state, &request) < 0) {
		end_init(&state);
		return 1;
	}
	if (!ahead || launch_run(&state, outside_rows, ARRAY_LEN(outside_rows)) < 0)
		return fail(&state);
	watch(&state);
	return 0;
}
