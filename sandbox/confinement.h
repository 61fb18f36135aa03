/* SPDX-License-Identifier: Apache-2.0 */
/*
 * confinement.h - from a profile and the facts of a call to the jail's spec: what is there inside, and as what.
 */
#ifndef CONFINEMENT_H
#define CONFINEMENT_H

#include "sandbox/service.h"

#define CONFINEMENT_READONLY_MAX 2 /* the config and its lock */

struct confinement {
	struct jail_spec spec; /* borrows from the fields below, the policy, the profile and the facts */
	struct jail_path *paths;
	char **owned; /* texts that the paths borrow, NULL-terminated */
	char **env;
	const char *hidden[1];
	char *lock;
	const char *readonly[CONFINEMENT_READONLY_MAX];
};

struct confinement_order { /* borrowed */
	const struct supervisor *supervisor;
	const struct profile *profile;
	const struct facts *facts; /* may be NULL */
	const char *cwd; /* may be NULL */
};

/*
 * cwd is taken where the profile shows it, else the workspace, else "/"; borrowed. spec.argv is left
 * to the caller.
 */
USE_RESULT int confinement_make(const struct confinement_order *order, struct confinement *out, struct cordon_err *err);
void confinement_release(struct confinement *confinement);
/* What the profile shows of an absolute path: JAIL_HIDE where nothing. */
enum jail_grant confinement_grant(const struct profile *profile, const char *path);

#endif
