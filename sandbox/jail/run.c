// SPDX-License-Identifier: Apache-2.0
/*
 * run.c - one run of a program, in as many attempts as it takes.
 *
 * The machine may be assumed rather than probed, as a probe costs more than a launch. Nothing of a launch that failed has
 * run, so it may be tried again with what a real probe finds, or by the folder's owner where ids cannot be mapped.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/jail/attempt.h"
#include "sandbox/jail/launch_steps.h"
#include "sandbox/jail/leftover.h"
#include "sandbox/jail/probe.h"

struct jail_run {
	const struct jail_spec *spec;
	struct jail_sink sink;
	struct jail_machine machine;
	bool probed; /* machine is what is here, not what is usual */
	bool by_owner; /* ids cannot be mapped: the tool is the folder's owner */
	char folder[64]; /* rung 3: the call's own folder; "" where there is none yet */
	struct attempt attempt;
	struct jail_outcome outcome;
};

static bool is_bind_step(uint32_t step)
{
	return step == LAUNCH_STEP_OPEN_BINDS || step == LAUNCH_STEP_INIT_BINDS;
}

/* EINVAL is the file system's word; EPERM may be that of the whole machine, which is then probed first. */
static bool ids_cannot_be_mapped(const struct attempt *attempt, bool probed)
{
	int failed = attempt->failure.os_errno;

	return is_bind_step(attempt->failure.step) && attempt->plan.launch.flags & LAUNCH_IDMAP &&
	       !attempt->scene.by_owner && (failed == EINVAL || failed == EOPNOTSUPP || (failed == EPERM && probed));
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

/* After a failure: 1 to try again, with what is known better now, else an error. */
static int judge(struct jail_run *run, struct cordon_err *err)
{
	struct jail_machine found;
	int rc;

	if (!run->probed && !ids_cannot_be_mapped(&run->attempt, false)) {
		run->probed = true;
		rc = jail_probe(&found, err);
		if (rc < 0)
			return rc;
		if (!same_machine(&run->machine, &found)) {
			run->machine = found;
			return 1;
		}
	}
	if (ids_cannot_be_mapped(&run->attempt, run->probed)) {
		run->by_owner = true;
		return 1;
	}
	return failure_error(&run->attempt.failure, err);
}

static int make_folder(struct jail_run *run, struct cordon_err *err)
{
	if (jail_rung(&run->machine) != 3 || run->folder[0])
		return 0;
	snprintf(run->folder, sizeof(run->folder), "/tmp/cordon-XXXXXX");
	if (mkdtemp(run->folder))
		return 0;
	run->folder[0] = '\0';
	return err_set(err, CORDON_ESYS, errno, "cannot make a folder for the call in '/tmp'");
}

static int begin(struct jail_run *run, struct program *launcher, struct cordon_err *err)
{
	struct attempt_means means = { &run->machine, run->folder, launcher };
	int rc;

	jail_outcome_release(&run->outcome);
	run->attempt = (struct attempt){
		.spec = run->spec,
		.sink = &run->sink,
		.outcome = &run->outcome,
		.scene = { .by_owner = run->by_owner },
	};
	rc = make_folder(run, err);
	return rc < 0 ? rc : attempt_begin(&run->attempt, &means, err);
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

void jail_close(struct jail_run *run)
{
	if (!run)
		return;
	attempt_close(&run->attempt);
	if (run->folder[0])
		leftover_remove_tree(run->folder);
	jail_outcome_release(&run->outcome);
	free(run);
}

static int end(struct jail_run *run, struct cordon_err *err)
{
	for (;;) {
		int rc = attempt_end(&run->attempt, err);

		if (rc == 0 && run->attempt.failed)
			rc = judge(run, err);
		if (rc <= 0)
			return rc;
		attempt_close(&run->attempt);
		rc = begin(run, NULL, err);
		if (rc < 0)
			return rc;
	}
}

int jail_begin(const struct jail_spec *spec, const struct jail_means *means, const struct jail_sink *sink,
	       struct jail_run **out, struct cordon_err *err)
{
	struct jail_run *run = calloc(1, sizeof(*run));
	int rc;

	if (!run)
		return err_nomem(err);
	run->spec = spec;
	run->sink = *sink;
	if (means->machine)
		run->machine = *means->machine;
	else
		probe_assume(&run->machine);
	rc = begin(run, means->launcher, err);
	if (rc < 0) {
		jail_close(run);
		return rc;
	}
	*out = run;
	return 0;
}

int jail_finish(struct jail_run *run, struct jail_outcome *outcome, struct cordon_err *err)
{
	sigset_t before;
	int rc;

	block_pipe_signal(&before);
	rc = end(run, err);
	restore_signals(&before);
	if (rc == 0) {
		*outcome = run->outcome;
		run->outcome = (struct jail_outcome){ 0 };
	}
	return rc;
}

int jail_run(const struct jail_spec *spec, const struct jail_machine *machine, const struct jail_sink *sink,
	     struct jail_outcome *outcome, struct cordon_err *err)
{
	const struct jail_means means = { .machine = machine };
	struct jail_run *run;
	int rc = jail_begin(spec, &means, sink, &run, err);

	if (rc < 0)
		return rc;
	rc = jail_finish(run, outcome, err);
	jail_close(run);
	return rc;
}

int jail_start_launcher(struct program *launcher, struct cordon_err *err)
{
	return program_start("cordon-launch", NULL, -1, launcher, err);
}
