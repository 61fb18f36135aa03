// SPDX-License-Identifier: Apache-2.0
/*
 * surroundings.c - the one place of the command line that reads the environment.
 */
#include "sandbox/cli/surroundings.h"

#include <errno.h>

#include "sandbox/base/err.h"
#include "sandbox/cli/terminal.h"
#include "sandbox/recall.h"

/* An empty variable is one that is not set, as XDG asks. */
static const char *variable(const char *name)
{
	const char *value = getenv(name);

	return value && value[0] ? value : NULL;
}

int surroundings_look(const struct options *options, struct surroundings *out, struct cordon_err *err)
{
	*out = (struct surroundings){ .policy = NULL };
	if (!getcwd(out->cwd, sizeof(out->cwd)))
		return err_set(err, CORDON_ESYS, errno, "cannot tell the current folder");
	out->place = (struct policy_place){
		.config = options->config,
		.workspace = options->workspace,
		.cwd = out->cwd,
		.home = variable("HOME"),
		.xdg_config = variable("XDG_CONFIG_HOME"),
		.xdg_data = variable("XDG_DATA_HOME"),
		.cordon_data = variable("CORDON_DATA"),
		.uid = getuid(),
		.use = options->needs_workspace ? WORKSPACE_NEEDED : WORKSPACE_UNUSED,
	};
	return 0;
}

int surroundings_load(const struct options *options, struct surroundings *out, struct cordon_err *err)
{
	int rc = surroundings_look(options, out, err);

	return rc < 0 ? rc : policy_load(&out->place, &out->policy, err);
}

int surroundings_open(const struct options *options, struct surroundings *out, struct cordon_err *err)
{
	int rc = surroundings_load(options, out, err);

	if (rc == 0)
		rc = supervisor_open(out->policy, surroundings_session(options), &out->supervisor, err);
	if (rc == 0)
		out->supervisor->environment = (const char *const *)environ;
	return rc;
}

void surroundings_close(struct surroundings *surroundings)
{
	supervisor_close(surroundings->supervisor);
	policy_free(surroundings->policy);
	surroundings->supervisor = NULL;
	surroundings->policy = NULL;
}

const char *surroundings_session(const struct options *options)
{
	return options->session ? options->session : variable("CORDON_SESSION");
}

static void tell(void *ctx, const char *sentence)
{
	(void)ctx;
	terminal_warn(sentence);
}

void surroundings_recall(struct surroundings *surroundings)
{
	struct cordon_err err = { .code = 0 };
	struct audit *audit;

	/* The writer wakes up while the last records are read. What it finds wrong is told by the first append. */
	if (supervisor_audit(surroundings->supervisor, &audit, &err) < 0)
		return;
	if (recall_crashed(surroundings->supervisor, tell, NULL, &err) < 0)
		terminal_fault(&err);
}
