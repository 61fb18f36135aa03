// SPDX-License-Identifier: Apache-2.0
/*
 * attempt.c - one attempt to run a program, from plan to outcome.
 *
 * Theory of operation. attempt_begin() gathers the scene, makes the plan, starts the launcher and gives it both the plan
 * and the tool's ends of three pipes. The launcher builds the inside meanwhile, and stops before the program is executed.
 * attempt_end() gives it the word, and then one loop moves bytes, listens to the launcher, and to whoever may cancel; a
 * second thread watches the limits. The attempt is over when the launcher says so: it says it only when no process of the
 * call is left, so a grandchild that holds a pipe open, or one that forked away, is dead by then and what it wrote is in
 * the pipe.
 */
#include "sandbox/jail/attempt.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/jail/leftover.h"
#include "sandbox/jail/outcome.h"

#define MS 1000000ULL
#define GRACE_NS (2000 * MS) /* DESIGN: a signal is forwarded once, and the tree is killed 2 s later */
#define OVERDUE_NS (3000 * MS) /* a launcher that was told to kill and says nothing is killed itself */
#define MESSAGE_MAX (64u << 10)
#define NEVER UINT64_MAX

/* ---- beginning ---- */

static int open_run(struct attempt *run, const struct jail_machine *machine, const char *folder, struct cordon_err *err)
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

static int send_plan(struct attempt *run, struct cordon_slice text, struct cordon_err *err)
{
	int fds[3 + PLAN_OBJECTS_MAX];
	int rc;

	memcpy(fds, run->streams.tool, sizeof(run->streams.tool));
	memcpy(fds + 3, run->plan.objects, run->plan.object_count * sizeof(int));
	rc = channel_send(run->program.channel, LAUNCH_REQUEST, text,
			  (struct channel_fds){ fds, 3 + run->plan.object_count }, err);
	if (rc == 0)
		streams_handed(&run->streams);
	return rc;
}

/* A launcher that was started ahead may have been killed since: then a new one is. */
static int start_launcher(struct attempt *run, struct program *ahead, struct cordon_err *err)
{
	cleanup_buf struct buf text = { 0 };
	const char *const bare[] = { LAUNCH_BARE, NULL };
	bool is_bare = !(run->plan.launch.flags & LAUNCH_USERNS);
	int rc;

	buf_init(&text, LAUNCH_REQUEST_MAX);
	rc = launch_plan_encode(&run->plan.launch, &text, err);
	if (rc < 0)
		return rc;
	if (ahead && ahead->pid > 0 && !is_bare) {
		run->program = *ahead;
		*ahead = (struct program){ .channel = -1 };
		if (send_plan(run, buf_slice(&text), NULL) == 0)
			return 0;
		program_kill(&run->program);
	}
	rc = program_start("cordon-launch", is_bare ? bare : NULL, -1, &run->program, err);
	return rc < 0 ? rc : send_plan(run, buf_slice(&text), err);
}

/* ---- the loop ---- */

static void kill_tree(struct attempt *run, enum jail_reason reason)
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

static int begin_watch(struct attempt *run, struct channel_message *message, struct cordon_err *err)
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

	if (rc == 0) {
		guard_open(watch, run->program.channel, init, &run->guard);
		run->guard_ns = clock_monotonic_ns() + GUARD_FIRST_LOOK_NS;
	} else if (init >= 0) {
		close(init);
	}
	if (!run->told && !run->signalled)
		run->deadline_ns = NEVER; /* the wall clock is the guard's now */
	return rc;
}

static int take_message(struct attempt *run, struct cordon_err *err)
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
static void take_cancel(struct attempt *run)
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

static int meet_deadline(struct attempt *run, struct cordon_err *err)
{
	if (!run->told) {
		kill_tree(run, run->signalled ? JAIL_CANCELLED : JAIL_WALL);
		return 0;
	}
	return err_set(err, CORDON_EPROTO, 0, "the launcher was told to end the call and did not");
}

static int wait_ms(const struct attempt *run)
{
	uint64_t next = run->guard_ns < run->deadline_ns ? run->guard_ns : run->deadline_ns;
	uint64_t now = clock_monotonic_ns();

	if (next == NEVER)
		return -1;
	return next <= now ? 0 : (int)((next - now) / MS) + 1;
}

/* When it is due, and before what the tool wrote is handed to a reader who may be slow. */
static int see_to_guard(struct attempt *run, bool output, struct cordon_err *err)
{
	if (run->guard_ns == NEVER || (!output && clock_monotonic_ns() < run->guard_ns))
		return 0;
	run->guard_ns = NEVER;
	return guard_start(&run->guard, err);
}

static bool any_ready(const struct pollfd *polls, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (polls[i].revents & POLLIN)
			return true;
	return false;
}

static int turn(struct attempt *run, struct cordon_err *err)
{
	struct pollfd polls[2 + STREAM_POLLS] = {
		{ .fd = run->program.channel, .events = POLLIN },
		{ .fd = run->cancel_fd, .events = POLLIN },
	};
	size_t count = 2 + streams_wait(&run->streams, polls + 2);
	int rc;

	if (poll(polls, count, wait_ms(run)) < 0 && errno != EINTR)
		return err_set(err, CORDON_ESYS, errno, "cannot wait for the tool");
	rc = see_to_guard(run, run->sink->write && any_ready(polls + 2, count - 2), err);
	rc = rc < 0 ? rc : streams_move(&run->streams, err);
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
static int drain(struct attempt *run, struct cordon_err *err)
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

static int run_loop(struct attempt *run, struct cordon_err *err)
{
	int rc = 0;

	while (rc == 0 && !run->over)
		rc = turn(run, err);
	return rc < 0 || run->failed ? rc : drain(run, err);
}

/* ---- the end ---- */

static void settle(struct attempt *run)
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

void attempt_close(struct attempt *run)
{
	if (run->program.pid > 0) {
		if (run->over)
			program_leave(&run->program);
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

int attempt_begin(struct attempt *run, const struct attempt_means *means, struct cordon_err *err)
{
	int rc;

	run->cancel_fd = run->sink->cancel_fd;
	rc = open_run(run, means->machine, means->folder, err);
	return rc < 0 ? rc : start_launcher(run, means->launcher, err);
}

int attempt_end(struct attempt *run, struct cordon_err *err)
{
	int rc;

	run->started_ns = clock_monotonic_ns();
	run->deadline_ns = run->started_ns + run->spec->limits.wall_ms * MS;
	run->guard_ns = NEVER;
	/* Where this does not get through, the launcher has ended, and why lies in the channel. */
	(void)!channel_send_plain(run->program.channel, LAUNCH_GO, (struct cordon_slice){ "", 0 }, NULL);
	rc = run_loop(run, err);
	run->watch_cpu_ms = guard_stop(&run->guard);
	if (rc == 0 && !run->failed)
		settle(run);
	return rc;
}
