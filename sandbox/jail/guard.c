// SPDX-License-Identifier: Apache-2.0
/*
 * guard.c - the watch in a thread of its own.
 *
 * The thread owns the watch; what it shares with the other is one atomic reason and the channel, on which a message this
 * short goes out whole. It kills the root of the tree, says LAUNCH_KILL for the rest, and ends: the launcher has to be
 * woken first, and on a busy machine a tool writes tens of megabytes meanwhile.
 */
#include "sandbox/jail/guard.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"
#include "sandbox/jail/launch.h"

#define SLICE_NS 100000ULL /* the least that the kernel takes */
#define NICE (-10)

/* True where the call is over. */
static bool wait_for_stop(const struct guard *guard, uint64_t ns)
{
	struct pollfd ready = { .fd = guard->stop, .events = POLLIN };
	const struct timespec time = { .tv_sec = (time_t)(ns / 1000000000U), .tv_nsec = (long)(ns % 1000000000U) };

	return ppoll(&ready, 1, &time, NULL) > 0;
}

/*
 * A look is short and must not stand behind what the tool keeps busy: a short slice makes the thread's turn come sooner
 * (Linux 6.12 and later; sched_setattr(2)), a nice value below 0 is for those who may. Neither is needed, so errors are not.
 */
static void go_before_others(void)
{
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} wish = { .size = sizeof(wish), .nice = NICE, .runtime = SLICE_NS };

	if (syscall(SYS_sched_setattr, 0, &wish, 0) == 0)
		return;
	wish.nice = getpriority(PRIO_PROCESS, 0);
	syscall(SYS_sched_setattr, 0, &wish, 0);
}

static void *keep_watch(void *context)
{
	struct guard *guard = context;
	uint64_t again_ns = 0;
	enum jail_reason reason;

	go_before_others();
	while (!wait_for_stop(guard, again_ns)) {
		if (!watch_look(guard->watch, &reason, &again_ns))
			continue;
		atomic_store(&guard->reason, (int)reason);
		if (guard->init >= 0)
			syscall(SYS_pidfd_send_signal, guard->init, SIGKILL, NULL, 0);
		(void)!channel_send_plain(guard->channel, LAUNCH_KILL, (struct cordon_slice){ "", 0 }, NULL);
		break;
	}
	return NULL;
}

void guard_open(struct watch *watch, int channel, int init, struct guard *guard)
{
	guard->watch = watch;
	guard->channel = channel;
	guard->init = init;
	guard->stop = -1;
}

int guard_start(struct guard *guard, struct cordon_err *err)
{
	sigset_t all, before;
	int failed;

	if (guard->running)
		return 0;
	guard->stop = eventfd(0, EFD_CLOEXEC);
	if (guard->stop < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make an event descriptor");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* signals are for the caller's threads */
	failed = pthread_create(&guard->thread, NULL, keep_watch, guard);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (failed)
		return err_set(err, CORDON_ESYS, failed, "cannot start the thread that watches the tool");
	guard->running = true;
	return 0;
}

uint64_t guard_stop(struct guard *guard)
{
	const uint64_t one = 1;
	enum jail_reason reason;

	if (guard->running) {
		(void)!write(guard->stop, &one, sizeof(one));
		pthread_join(guard->thread, NULL);
		guard->running = false;
	}
	if (guard->watch && !guard->stopped) {
		guard->stopped = true;
		if (atomic_load(&guard->reason) == JAIL_ERROR && watch_last(guard->watch, &reason))
			atomic_store(&guard->reason, (int)reason);
	}
	return guard->watch ? watch_cpu_ms(guard->watch) : 0;
}

void guard_close(struct guard *guard)
{
	guard_stop(guard);
	if (guard->watch) {
		watch_close(guard->watch);
		if (guard->stop >= 0)
			close(guard->stop);
		if (guard->init >= 0)
			close(guard->init);
	}
	guard->watch = NULL;
}
