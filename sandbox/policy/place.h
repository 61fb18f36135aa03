/* SPDX-License-Identifier: Apache-2.0 */
/*
 * place.h - which config file holds, whether it may be believed, and the folders around it.
 */
#ifndef POLICY_PLACE_H
#define POLICY_PLACE_H

#include "sandbox/base/digest.h"
#include "sandbox/policy/policy.h"

struct place { /* what was found; release with place_release() */
	char *path; /* as it is shown in messages; NULL: the built-in config */
	char *folder; /* canonical; of the file, or the current one */
	struct buf text; /* the file's bytes */
	struct digest digest;
	char *default_data; /* the data folder without a `data:` in the config */
};

/* Finds, reads and, where it was found and not named, checks owner, mode and approval. */
USE_RESULT int place_find(const struct policy_place *where, struct place *out, struct cordon_err *err);
void place_release(struct place *place);
/* The SHA-256 of a file is put among the approved ones. */
USE_RESULT int place_trust(const struct policy_place *where, const char *file, char hex[65], struct cordon_err *err);
/* The canonical form of an absolute path; refused where it is /, the home folder or a parent of it, or holds the data folder,
 * so that it is no workspace. malloc()ed. */
USE_RESULT int place_workspace(const struct policy_place *where, const char *path, const char *data, char **out,
			       struct cordon_err *err);
/* base/path, or path where it is absolute; lexically clean (no "." "..", double or last '/'). malloc()ed. */
USE_RESULT int place_join(const char *base, const char *path, char **out, struct cordon_err *err);
/* The same with links resolved as far as it exists. malloc()ed. */
USE_RESULT int place_canonical(const char *path, char **out, struct cordon_err *err);

#endif
