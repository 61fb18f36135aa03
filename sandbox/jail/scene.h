/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scene.h - what the plan of a call needs to know of this host, gathered before it, so that the plan itself is pure.
 */
#ifndef JAIL_SCENE_H
#define JAIL_SCENE_H

#include <sys/types.h>

#include "sandbox/jail/jail.h"

#define SCENE_ROOTS 7 /* /usr and what is beside it, as folders or as links into it */
#define SCENE_ETC 4 /* the files of /etc that are shown as they are */

struct scene_owner { /* of one writable path */
	uid_t uid;
	gid_t gid;
};

struct scene {
	uid_t uid; /* the caller's */
	gid_t gid;
	uid_t spare; /* an id that nobody has, for a caller who is root */
	bool by_owner; /* id-mapped mounts failed for this spec: run as the owner of what is writable */
	struct {
		const char *path;
		bool there;
		char *link; /* malloc()ed; NULL: a folder */
	} roots[SCENE_ROOTS];
	struct {
		const char *path;
		bool there;
	} etc[SCENE_ETC];
	char **top; /* names in "/", NULL-terminated; NULL unless a path of the spec is "/" */
	struct scene_owner *owners; /* by index of the spec's paths */
	char **hidden; /* the spec's, canonical as far as they exist; by index */
	char **readonly;
	uint64_t largest; /* bytes of the biggest file in writable places; UINT64_MAX: not known */
	uint64_t tasks; /* rung 3: how many the caller's id has already */
	const char *folder; /* rung 3: made for the call; borrowed */
};

/* Looks at the host. Release with scene_release(). */
USE_RESULT int scene_gather(const struct jail_spec *spec, int rung, struct scene *scene, struct cordon_err *err);
void scene_release(struct scene *scene);
/* Canonical form of an absolute path of which the last parts need not exist; malloc()ed, NULL out of memory. */
char *scene_canonical(const char *path);
/* True where path is root or beneath it. Both canonical. */
bool scene_beneath(const char *path, const char *root);

#endif
