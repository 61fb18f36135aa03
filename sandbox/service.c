// SPDX-License-Identifier: Apache-2.0
/*
 * service.c - opening what calls share, on first use. Whatever cannot be opened is an error of the call that needed it;
 * the next call tries again.
 */
#include "sandbox/service.h"

#include <limits.h>
#include <stdio.h>

#include "sandbox/base/err.h"

int supervisor_open(const struct policy *policy, const char *session, struct supervisor **out, struct cordon_err *err)
{
	struct supervisor *supervisor = calloc(1, sizeof(*supervisor));

	if (!supervisor)
		return err_nomem(err);
	supervisor->policy = policy;
	supervisor->launcher.channel = -1;
	if (session) {
		supervisor->session_name = strdup(session);
		if (!supervisor->session_name) {
			free(supervisor);
			return err_nomem(err);
		}
	}
	*out = supervisor;
	return 0;
}

void supervisor_close(struct supervisor *supervisor)
{
	if (!supervisor)
		return;
	program_kill(&supervisor->launcher);
	shield_close(supervisor->shield);
	retriever_close(supervisor->retriever);
	audit_close(supervisor->audit);
	session_close(supervisor->session);
	free(supervisor->session_name);
	free(supervisor);
}

int supervisor_session(struct supervisor *supervisor, struct session **out, struct cordon_err *err)
{
	int rc = 0;

	if (!supervisor->session)
		rc = session_open(supervisor->policy, supervisor->session_name, &supervisor->session, err);
	if (rc < 0)
		return err_wrap(err, rc, "session state");
	*out = supervisor->session;
	return 0;
}

static int audit_folder(const struct supervisor *supervisor, char folder[PATH_MAX], struct cordon_err *err)
{
	if (snprintf(folder, PATH_MAX, "%s/audit", supervisor->policy->data) >= PATH_MAX)
		return err_set(err, CORDON_ECONFIG, 0, "the data folder's path is longer than %d bytes", PATH_MAX);
	return 0;
}

int supervisor_audit(struct supervisor *supervisor, struct audit **out, struct cordon_err *err)
{
	char folder[PATH_MAX];
	int rc = audit_folder(supervisor, folder, err);

	if (rc == 0 && !supervisor->audit)
		rc = audit_open(folder, &supervisor->audit, err);
	if (rc < 0)
		return err_wrap(err, rc, "audit log");
	*out = supervisor->audit;
	return 0;
}

int supervisor_reader(const struct supervisor *supervisor, struct audit_reader **out, struct cordon_err *err)
{
	char folder[PATH_MAX];
	int rc = audit_folder(supervisor, folder, err);

	if (rc < 0)
		return rc;
	if (access(folder, F_OK)) {
		*out = NULL;
		return 0;
	}
	return audit_reader_open(folder, out, err);
}

int supervisor_shield(struct supervisor *supervisor, struct shield **out, struct cordon_err *err)
{
	int rc = 0;

	if (!supervisor->shield)
		rc = shield_open(&supervisor->shield, err);
	if (rc < 0)
		return err_wrap(err, rc, "shield");
	*out = supervisor->shield;
	return 0;
}

int supervisor_retriever(struct supervisor *supervisor, struct retriever **out, struct cordon_err *err)
{
	int rc = 0;

	if (!supervisor->retriever)
		rc = retriever_open(supervisor->policy->data, &supervisor->retriever, err);
	if (rc < 0)
		return err_wrap(err, rc, "document store");
	*out = supervisor->retriever;
	return 0;
}

void supervisor_ready_launcher(struct supervisor *supervisor)
{
	if (supervisor->launcher.pid <= 0)
		(void)!jail_start_launcher(&supervisor->launcher, NULL);
}

int supervisor_machine(struct supervisor *supervisor, const struct jail_machine **out, struct cordon_err *err)
{
	int rc = 0;

	if (!supervisor->probed)
		rc = jail_probe(&supervisor->machine, err);
	if (rc < 0)
		return err_wrap(err, rc, "machine");
	supervisor->probed = true;
	*out = &supervisor->machine;
	return 0;
}
