// SPDX-License-Identifier: Apache-2.0
/*
 * run.c - one run of a program, from plan to outcome.
 *
 * Theory of operation. The scene is gathered, the plan made, the launcher started and given both the plan and the tool's
 * ends of three pipes. Then one loop moves bytes, listens to the launcher, and to whoever may cancel; a second thread
 * watches the limits. The run is over when the launcher says so: it says it only when no process of the call is left, so a
 * grandchild that holds a pipe open, or one that forked away, is dead by then and what it wrote is in the pipe.
 *
 * The machine may be assumed (NULL) rather than probed. Nothing of a launch that failed has run, so it may be tried again
 * with what a real probe finds, or by the folder's owner where ids cannot be mapped.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/program.h"
#include "sandbox/jail/guard.h"
#include "sandbox/jail/launch_steps.h"
#include "sandbox/jail/leftover.h"
#include "sandbox/jail/outcome.h"
#include "sandbox/jail/plan.h"
#include "sandbox/jail/probe.h"
#include "sandbox/jail/stream.h"

#define MS 1000000ULL
#define GRACE_NS (2000 * MS) /* DESIGN: a signal is forwarded once, and the tree is killed 2 s later */
#define OVERDUE_NS (3000 * MS) /* a launcher that was told to kill and says nothing is killed itself */
#define MESSAGE_MAX (64u << 10)
#define NEVER UINT64_MAX

struct run {
	const struct jail_spec *spec;
	const struct jail_sink *sink;
	struct jail_outcome *outcome;
	struct scene scene;
	struct plan plan;
	struct disk *disk;
	struct streams streams;
	struct program program;
	struct guard guard;
	uint64_t started_ns, ended_ns;
	uint64_t deadline_ns; /* when the tree is killed, or the launcher where it was told already; NEVER */
	enum jail_reason killed; /* by this thread */
	bool signalled; /* a signal was passed on */
	bool told; /* LAUNCH_KILL was sent */
	int cancel_fd;
	uint64_t watch_cpu_ms;
	bool over;
	struct launch_report report;
	struct launch_failure failure; /* subject: malloc()ed */
	bool failed;
};

/* ---- beginning ---- */

static int open_run(struct run *run, const struct jail_machine *machine, const char *folder, struct cordon_err *err)
{
	bool by_owner = run->scene.by_owner;
	int rung = jail_rung(machine);
	int rc = scene_gather(run->spec, rung, &run->scene, err);

	if (rc < 0)
		return rc;
	run->scene.by_owner = by_owner;
	run->scene.folder = folder;
	rc = disk_open(run->spec, rung == 3 ? folder : NULL, &run->disk, &run->scene.largest, err);
	rc = rc < 0 ? rc : plan_make(run->spec, machine, &run->scene, &run->plan, err);
	if (rc < 0)
		return rc;
	if (rung == 3 && run->scene.uid == 0 && chown(folder, run->plan.launch.host_uid, run->plan.launch.host_gid) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot give '%s' to the tool", folder);
	rc = streams_open(run->sink, &run->spec->limits, run->outcome, &run->streams, err);
	if (rc == 0 && run->plan.launch.host_uid != run->scene.uid)
		streams_give(&run->streams, run->plan.launch.host_uid, run->plan.launch.host_gid);
	return rc;
}

static int start_launcher(struct run *run, struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	int fds[3 + PLAN_OBJECTS_MAX];
	int rc;

	buf_init(&text, LAUNCH_REQUEST_MAX);
	rc = launch_plan_encode(&run->plan.launch, &text, err);
	rc = rc < 0 ? rc : program_start("cordon-launch", NULL, -1, &run->program, err);
	if (rc < 0)
		return rc;
	memcpy(fds, run->streams.tool, sizeof(run->streams.tool));
	memcpy(fds + 3, run->plan.objects, run->plan.object_count * sizeof(int));
	rc = channel_send(run->program.channel, LAUNCH_REQUEST, buf_slice(&text),
			  (struct channel_fds){ fds, 3 + run->plan.object_count }, err);
	if (rc == 0)
		streams_handed(&run->streams);
	return rc;
}

/* ---- the loop ---- */

static void kill_tree(struct run *run, enum jail_reason reason)
{
	if (run->killed == JAIL_ERROR && atomic_load(&run->guard.reason) == JAIL_ERROR)
		run->killed = reason;
	if (!run->told)
		(void)!channel_send_plain(run->program.channel, LAUNCH_KILL, (struct cordon_slice){ "", 0 }, NULL);
	run->told = true;
	run->deadline_ns = clock_monotonic_ns() + OVERDUE_NS;
}

/* A descriptor of init, -1 where it may be gone already: its number is its own for as long as the tree's /proc shows it. */
static int open_init(const struct watch_scope *scope)
{
	int fd = scope->proc_fd >= 0 ? (int)syscall(SYS_pidfd_open, scope->init, 0) : -1;

	if (fd < 0 || faccessat(scope->proc_fd, "1", F_OK, 0) == 0)
		return fd;
	close(fd);
	return -1;
}

static int begin_watch(struct run *run, struct channel_message *message, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(buf_slice(&message->payload));
	struct watch_scope scope = {
		.limits = &run->spec->limits,
		.disk = run->disk,
		.init = (pid_t)wire_get_u32(&reader),
		.proc_fd = message->fd_count ? TAKE_FD(message->fds[0]) : -1,
		.private_tmp = run->plan.launch.rung < 3,
		.started_ns = run->started_ns,
	};
	int init = open_init(&scope);
	struct watch *watch;
	int rc = watch_open(&scope, &watch, err);

	if (rc == 0)
		rc = guard_start(watch, run->program.channel, init, &run->guard, err);
	else if (init >= 0)
		close(init);
	if (!run->told && !run->signalled)
		run->deadline_ns = NEVER; /* the wall clock is the guard's now */
	return rc;
}

static int take_message(struct run *run, struct cordon_err *err)
{
	struct channel_message message;
	int rc = channel_receive(run->program.channel, MESSAGE_MAX, &message, err);

	if (rc == 0)
		return err_set(err, CORDON_EPROTO, 0, "the launcher ended without a report");
	if (rc < 0)
		return rc;
	switch (message.type) {
	case LAUNCH_STARTED:
		rc = begin_watch(run, &message, err);
		break;
	case LAUNCH_FAILED:
		rc = launch_failure_decode(buf_slice(&message.payload), &run->failure, err);
		run->failed = run->over = true;
		break;
	case LAUNCH_EXITED:
		rc = launch_report_decode(buf_slice(&message.payload), &run->report, err);
		run->ended_ns = clock_monotonic_ns();
		run->over = true;
		break;
	default:
		rc = err_set(err, CORDON_EPROTO, 0, "the launcher said something unknown (%u)", message.type);
	}
	channel_message_release(&message);
	return rc < 0 ? rc : 0;
}

/* A byte is a signal, passed on once; the end is a cancellation. */
static void take_cancel(struct run *run)
{
	cleanup_buf struct buf text = { 0 };
	unsigned char number;
	ssize_t len = read(run->cancel_fd, &number, 1);

	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	run->cancel_fd = -1;
	if (len <= 0) {
		kill_tree(run, JAIL_CANCELLED);
		return;
	}
	buf_init(&text, 16);
	if (wire_put_u32(&text, number, NULL) == 0)
		(void)!channel_send_plain(run->program.channel, LAUNCH_SIGNAL, buf_slice(&text), NULL);
	run->signalled = true;
	run->deadline_ns = clock_monotonic_ns() + GRACE_NS;
}

static int meet_deadline(struct run *run, struct cordon_err *err)
{
	if (!run->told) {
		kill_tree(run, run->signalled ? JAIL_CANCELLED : JAIL_WALL);
		return 0;
	}
	return err_set(err, CORDON_EPROTO, 0, "the launcher was told to end the call and did not");
}

static int wait_ms(const struct run *run)
{
	uint64_t now = clock_monotonic_ns();

	if (run->deadline_ns == NEVER)
		return -1;
	return run->deadline_ns <= now ? 0 : (int)((run->deadline_ns - now) / MS) + 1;
}

static int turn(struct run *run, struct cordon_err *err)
{
	struct pollfd polls[2 + STREAM_POLLS] = {
		{ .fd = run->program.channel, .events = POLLIN },
		{ .fd = run->cancel_fd, .events = POLLIN },
	};
	size_t count = 2 + streams_wait(&run->streams, polls + 2);
	int rc;

	if (poll(polls, count, wait_ms(run)) < 0 && errno != EINTR)
		return err_set(err, CORDON_ESYS, errno, "cannot wait for the tool");
	rc = streams_move(&run->streams, err);
	if (rc < 0)
		return rc;
	if (run->streams.full && !run->told)
		kill_tree(run, JAIL_OUTPUT);
	if (polls[1].revents && run->cancel_fd >= 0)
		take_cancel(run);
	if (polls[0].revents)
		return take_message(run, err);
	return run->deadline_ns <= clock_monotonic_ns() ? meet_deadline(run, err) : 0;
}

/* Nobody is left to write: what is in the pipes is all. */
static int drain(struct run *run, struct cordon_err *err)
{
	struct pollfd polls[STREAM_POLLS];
	int rc = 0;

	run->streams.source = -1;
	run->streams.feed.len = 0;
	while (rc == 0 && !run->streams.full && poll(polls, (nfds_t)streams_wait(&run->streams, polls), 0) > 0)
		rc = streams_move(&run->streams, err);
	if (run->streams.full && run->killed == JAIL_ERROR)
		run->killed = JAIL_OUTPUT;
	return rc;
}

static int run_loop(struct run *run, struct cordon_err *err)
{
	int rc = 0;

	while (rc == 0 && !run->over)
		rc = turn(run, err);
	return rc < 0 || run->failed ? rc : drain(run, err);
}

/* ---- the end ---- */

static void settle(struct run *run)
{
	struct outcome_seen seen = { .killed = run->killed, .cpu_ms = run->watch_cpu_ms };

	if (seen.killed == JAIL_ERROR)
		seen.killed = (enum jail_reason)atomic_load(&run->guard.reason);
	outcome_fill(run->outcome, &run->report, &seen, &run->spec->limits);
	run->outcome->wall_ms = (double)(run->ended_ns - run->started_ns) / (double)MS;
	run->outcome->rung = (int)run->plan.launch.rung;
	run->outcome->missing = run->plan.missing;
	leftover_sweep(run->spec, run->disk, run->outcome);
}

static void close_run(struct run *run)
{
	if (run->program.pid > 0) {
		if (run->over)
			program_end(&run->program);
		else
			program_kill(&run->program);
	}
	guard_close(&run->guard);
	streams_close(&run->streams);
	disk_close(run->disk);
	plan_release(&run->plan);
	scene_release(&run->scene);
	free(run->failure.subject);
}

static int attempt(struct run *run, const struct jail_machine *machine, const char *folder, struct cordon_err *err)
{
	int rc;

	run->started_ns = clock_monotonic_ns();
	run->deadline_ns = run->started_ns + run->spec->limits.wall_ms * MS;
	run->cancel_fd = run->sink->cancel_fd;
	rc = open_run(run, machine, folder, err);
	rc = rc < 0 ? rc : start_launcher(run, err);
	rc = rc < 0 ? rc : run_loop(run, err);
	run->watch_cpu_ms = guard_stop(&run->guard);
	if (rc == 0 && !run->failed)
		settle(run);
	return rc;
}

/* ---- again, with better knowledge ---- */

static bool is_bind_step(uint32_t step)
{
	return step == LAUNCH_STEP_OPEN_BINDS || step == LAUNCH_STEP_INIT_BINDS;
}

/* EINVAL is the file system's word; EPERM may be that of the whole machine, which is then probed first. */
static bool ids_cannot_be_mapped(const struct run *run, bool probed)
{
	int failed = run->failure.os_errno;

	return is_bind_step(run->failure.step) && run->plan.launch.flags & LAUNCH_IDMAP && !run->scene.by_owner &&
	       (failed == EINVAL || failed == EOPNOTSUPP || (failed == EPERM && probed));
}

static int failure_error(const struct launch_failure *failure, struct cordon_err *err)
{
	const char *subject = failure->subject ? failure->subject : "";

	if (subject[0])
		return err_set(err, CORDON_ESYS, failure->os_errno, "step '%s' of the launch failed on '%s'",
			       launch_step_name(failure->step), subject);
	return err_set(err, CORDON_ESYS, failure->os_errno, "step '%s' of the launch failed",
		       launch_step_name(failure->step));
}

static bool same_machine(const struct jail_machine *a, const struct jail_machine *b)
{
	return jail_rung(a) == jail_rung(b) && a->landlock_abi == b->landlock_abi && a->idmap == b->idmap;
}

/* 1: try again with *machine or by the owner; 0: done; else an error. */
static int try_once(struct run *run, struct jail_machine *machine, const char *folder, bool *probed,
		    struct cordon_err *err)
{
	struct jail_machine found;
	int rc = attempt(run, machine, folder, err);

	if (rc < 0 || !run->failed)
		return rc;
	if (!*probed && !ids_cannot_be_mapped(run, false)) {
		*probed = true;
		rc = jail_probe(&found, err);
		if (rc < 0)
			return rc;
		if (!same_machine(machine, &found)) {
			*machine = found;
			return 1;
		}
	}
	if (ids_cannot_be_mapped(run, *probed)) {
		run->scene.by_owner = true;
		return 1;
	}
	return failure_error(&run->failure, err);
}

static int make_folder(const struct jail_machine *machine, char *path, size_t room, struct cordon_err *err)
{
	if (jail_rung(machine) != 3 || path[0])
		return 0;
	snprintf(path, room, "/tmp/cordon-XXXXXX");
	if (mkdtemp(path))
		return 0;
	path[0] = '\0';
	return err_set(err, CORDON_ESYS, errno, "cannot make a folder for the call in '/tmp'");
}

/* A tool that no longer reads its input must not end us. */
static void block_pipe_signal(sigset_t *before)
{
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	pthread_sigmask(SIG_BLOCK, &pipe, before);
}

static void restore_signals(const sigset_t *before)
{
	const struct timespec now = { 0 };
	sigset_t pipe;

	sigemptyset(&pipe);
	sigaddset(&pipe, SIGPIPE);
	if (!sigismember(before, SIGPIPE))
		while (sigtimedwait(&pipe, NULL, &now) > 0)
			;
	pthread_sigmask(SIG_SETMASK, before, NULL);
}

static int run_attempts(const struct jail_spec *spec, struct jail_machine *machine, const struct jail_sink *sink,
			struct jail_outcome *outcome, struct cordon_err *err)
{
	char folder[64] = "";
	bool probed = false;
	bool by_owner = false;
	int rc;

	do {
		struct run run = { .spec = spec, .sink = sink, .outcome = outcome, .scene = { .by_owner = by_owner } };

		jail_outcome_release(outcome);
		rc = make_folder(machine, folder, sizeof(folder), err);
		if (rc == 0)
			rc = try_once(&run, machine, folder, &probed, err);
		by_owner = run.scene.by_owner;
		close_run(&run);
	} while (rc == 1);
	if (folder[0])
		leftover_remove_tree(folder);
	return rc;
}

int jail_run(const struct jail_spec *spec, const struct jail_machine *machine, const struct jail_sink *sink,
	     struct jail_outcome *outcome, struct cordon_err *err)
{
	struct jail_outcome made = { .reason = JAIL_ERROR };
	struct jail_machine known;
	sigset_t before;
	int rc;

	if (machine)
		known = *machine;
	else
		probe_assume(&known);
	block_pipe_signal(&before);
	rc = run_attempts(spec, &known, sink, &made, err);
	restore_signals(&before);
	if (rc < 0) {
		jail_outcome_release(&made);
		return rc;
	}
	*outcome = made;
	return 0;
}
