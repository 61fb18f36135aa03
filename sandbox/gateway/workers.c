// SPDX-License-Identifier: Apache-2.0
/*
 * workers.c - the threads that run tool calls while the door goes on listening.
 *
 * One lock guards the list of jobs, in the order in which they came; a job is in the list from workers_submit() until its
 * call has ended, so cancelling finds waiting and running ones alike. A cancelled job is dropped by whoever holds it: a
 * waiting one when a worker would take it, a running one when its call ends. Nothing is answered for it.
 */
#include "sandbox/gateway/workers.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "sandbox/base/err.h"

struct workers {
	struct workers_setup setup;
	pthread_mutex_t lock;
	pthread_cond_t work; /* a job came, or the end */
	pthread_cond_t quiet; /* a job went */
	struct job *jobs;
	size_t job_count;
	pthread_t threads[WORKERS_MAX];
	size_t thread_count;
	size_t idle;
	bool ending;
};

static void job_free(struct job *job)
{
	json_decref(job->id);
	json_decref(job->arguments);
	free(job->tool);
	for (size_t i = 0; i < 2; i++)
		if (job->cancel[i] >= 0)
			close(job->cancel[i]);
	free(job);
}

/* Takes the job out of the list. The lock is held. */
static void unlink_job(struct workers *workers, struct job *job)
{
	struct job **slot = &workers->jobs;

	while (*slot && *slot != job)
		slot = &(*slot)->next;
	if (!*slot)
		return;
	*slot = job->next;
	workers->job_count--;
	pthread_cond_broadcast(&workers->quiet);
}

/* The lock is held. Also drops waiting jobs that were cancelled. */
static struct job *next_waiting(struct workers *workers)
{
	struct job *job = workers->jobs;

	while (job) {
		struct job *next = job->next;

		if (job->state == JOB_WAITING && !job->cancelled)
			return job;
		if (job->state == JOB_WAITING) {
			unlink_job(workers, job);
			job_free(job);
		}
		job = next;
	}
	return NULL;
}

/* Blocks for a job; NULL at the end. */
static struct job *take_job(struct workers *workers)
{
	struct job *job;

	pthread_mutex_lock(&workers->lock);
	while (!(job = next_waiting(workers)) && !workers->ending) {
		workers->idle++;
		pthread_cond_wait(&workers->work, &workers->lock);
		workers->idle--;
	}
	if (job)
		job->state = JOB_RUNNING;
	pthread_mutex_unlock(&workers->lock);
	return job;
}

static int open_supervisor(struct workers *workers, struct supervisor **supervisor, struct cordon_err *err)
{
	int rc;

	if (*supervisor)
		return 0;
	rc = supervisor_open(workers->setup.policy, workers->setup.session, supervisor, err);
	if (rc == 0)
		(*supervisor)->environment = workers->setup.environment;
	return rc;
}

static void run_job(struct workers *workers, struct supervisor **supervisor, struct job *job)
{
	struct cordon_err err = { 0 };
	struct call call;
	bool cancelled;
	int rc;

	call_init(&call);
	call.request.door = "mcp";
	call.request.tool = job->tool;
	call.request.args = json_incref(job->arguments);
	call.request.cancel_fd = job->cancel[0];
	rc = open_supervisor(workers, supervisor, &err);
	if (rc == 0)
		rc = supervisor_call(*supervisor, &call, &err);
	pthread_mutex_lock(&workers->lock);
	cancelled = job->cancelled;
	unlink_job(workers, job);
	pthread_mutex_unlock(&workers->lock);
	if (!cancelled)
		workers->setup.answer(workers->setup.ctx, job, &call, rc, &err);
	if (call.begun.jail)
		supervisor_ready_launcher(*supervisor); /* who runs one program will run another */
	call_release(&call);
	job_free(job);
}

static void *work(void *argument)
{
	struct workers *workers = argument;
	struct supervisor *supervisor = NULL;
	struct job *job;

	while ((job = take_job(workers)))
		run_job(workers, &supervisor, job);
	supervisor_close(supervisor);
	return NULL;
}

/* The lock is held. Signals stay with the door's thread. */
static int start_thread(struct workers *workers, struct cordon_err *err)
{
	sigset_t all;
	sigset_t before;
	int rc;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	rc = pthread_create(&workers->threads[workers->thread_count], NULL, work, workers);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (rc)
		return err_set(err, CORDON_ESYS, rc, "cannot start a thread");
	workers->thread_count++;
	return 0;
}

/* The lock is held. */
static int enqueue(struct workers *workers, struct job *job, struct cordon_err *err)
{
	struct job **slot = &workers->jobs;
	size_t waiting = 0;

	if (workers->job_count >= WORKERS_WAITING)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d calls at once", WORKERS_WAITING);
	for (; *slot; slot = &(*slot)->next)
		waiting += (*slot)->state == JOB_WAITING;
	if (workers->idle <= waiting && workers->thread_count < WORKERS_MAX) {
		int rc = start_thread(workers, err);

		if (rc < 0 && !workers->thread_count)
			return rc;
	}
	*slot = job;
	workers->job_count++;
	pthread_cond_signal(&workers->work);
	return 0;
}

static struct job *find_job(struct workers *workers, const json_t *id)
{
	for (struct job *job = workers->jobs; job; job = job->next)
		if (json_equal(job->id, id) && !job->cancelled)
			return job;
	return NULL;
}

/* The lock is held. */
static void cancel_job(struct job *job)
{
	job->cancelled = true;
	if (job->cancel[1] >= 0)
		close(TAKE_FD(job->cancel[1]));
}

/* The lock is held. True when nothing waits or runs any more. */
static bool wait_quiet(struct workers *workers, uint64_t grace_ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)(grace_ms / 1000);
	until.tv_nsec += (long)(grace_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	while (workers->job_count)
		if (pthread_cond_timedwait(&workers->quiet, &workers->lock, &until) == ETIMEDOUT)
			return false;
	return true;
}

int workers_open(const struct workers_setup *setup, struct workers **out, struct cordon_err *err)
{
	struct workers *workers = calloc(1, sizeof(*workers));
	pthread_condattr_t attr;

	if (!workers)
		return err_nomem(err);
	workers->setup = *setup;
	pthread_mutex_init(&workers->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&workers->work, NULL);
	pthread_cond_init(&workers->quiet, &attr);
	pthread_condattr_destroy(&attr);
	*out = workers;
	return 0;
}

int workers_submit(struct workers *workers, const struct job_order *order, struct cordon_err *err)
{
	struct job *job = calloc(1, sizeof(*job));
	int rc = 0;

	if (!job) {
		json_decref(order->id);
		json_decref(order->arguments);
		return err_nomem(err);
	}
	*job = (struct job){
		.id = order->id, .modern = order->modern, .arguments = order->arguments, .cancel = { -1, -1 }
	};
	job->tool = strdup(order->tool);
	if (!job->tool)
		rc = err_nomem(err);
	else if (pipe2(job->cancel, O_CLOEXEC) < 0)
		rc = err_set(err, CORDON_ESYS, errno, "cannot make a pipe");
	if (rc == 0) {
		pthread_mutex_lock(&workers->lock);
		rc = enqueue(workers, job, err);
		pthread_mutex_unlock(&workers->lock);
	}
	if (rc < 0)
		job_free(job);
	return rc;
}

void workers_cancel(struct workers *workers, const json_t *id)
{
	struct job *job;

	pthread_mutex_lock(&workers->lock);
	job = find_job(workers, id);
	if (job)
		cancel_job(job);
	pthread_mutex_unlock(&workers->lock);
}

bool workers_has(struct workers *workers, const json_t *id)
{
	bool found;

	pthread_mutex_lock(&workers->lock);
	found = find_job(workers, id);
	pthread_mutex_unlock(&workers->lock);
	return found;
}

void workers_close(struct workers *workers, uint64_t grace_ms)
{
	if (!workers)
		return;
	pthread_mutex_lock(&workers->lock);
	wait_quiet(workers, grace_ms);
	for (struct job *job = workers->jobs; job; job = job->next)
		cancel_job(job);
	workers->ending = true;
	pthread_cond_broadcast(&workers->work);
	pthread_mutex_unlock(&workers->lock);
	for (size_t i = 0; i < workers->thread_count; i++)
		pthread_join(workers->threads[i], NULL);
	while (workers->jobs) {
		struct job *job = workers->jobs;

		unlink_job(workers, job);
		job_free(job);
	}
	pthread_cond_destroy(&workers->quiet);
	pthread_cond_destroy(&workers->work);
	pthread_mutex_destroy(&workers->lock);
	free(workers);
}
