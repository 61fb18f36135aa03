// SPDX-License-Identifier: Apache-2.0
/*
 * plan.c - the plan of a call.
 *
 * Order is what makes a mount tree right: first what every call has, then the spec's paths, parents before children, then
 * the guards (what stays out, what stays as it is), which lie over whatever the paths brought in. A mount point cannot be
 * renamed or removed from inside, so a guard binds its file, and every folder between the file and the writable path, on
 * itself: nobody can move the folder away and put another in its scene.
 *
 * Landlock on rungs 1 and 2 is the second wall: reading everything in the tree (all of it is granted) and nothing that
 * lies outside it, should a descriptor or a mount ever lead there; writing only where the spec says so. On rung 3 it is
 * the first wall, and its rules are the spec itself.
 */
#include "sandbox/jail/plan.h"

#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/switch_off.h"
#include "sandbox/jail/filter.h"
#include "sandbox/jail/plan_rows.h"

#define INSIDE_ID 1000U /* what a tool is inside when root started it: any id but 0 */
#define FILES_MAX 4096 /* open files of a process: node and linkers need more than 1024 */

#define GRANT_READ (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_EXEC)
#define GRANT_WRITE (GRANT_READ | 1U << LAUNCH_ACCESS_WRITE)
#define GRANT_DEVICE (1U << LAUNCH_ACCESS_READ | 1U << LAUNCH_ACCESS_WRITE)

/* ---- who ---- */

static int owner_of_writable(const struct jail_spec *spec, const struct scene *scene, struct launch_plan *plan,
			     struct cordon_err *err)
{
	const struct scene_owner *owner = NULL;
	const char *why = plan->rung == 3 ? "ids cannot be mapped without namespaces"
					  : "ids cannot be mapped on its file system (overlayfs, or no CAP_SYS_ADMIN)";

	for (size_t i = 0; i < spec->path_count; i++) {
		const struct scene_owner *next = &scene->owners[i];

		if (spec->paths[i].grant != JAIL_WRITE)
			continue;
		if (next->uid == 0)
			return err_set(
				err, CORDON_EMISSING, 0,
				"writable path '%s' belongs to root, which a tool never is, and %s: start Cordon as an "
				"ordinary user, or give the folder to one: chown -R 1000:1000 '%s'",
				spec->paths[i].path, why, spec->paths[i].path);
		if (owner && owner->uid != next->uid)
			return err_set(err, CORDON_EMISSING, 0,
				       "writable paths belong to different users ('%s' to another), and %s: give them "
				       "one owner",
				       spec->paths[i].path, why);
		owner = owner ? owner : next;
	}
	plan->host_uid = owner ? owner->uid : scene->spare;
	plan->host_gid = owner ? owner->gid : scene->spare;
	plan->inside_uid = owner ? owner->uid : INSIDE_ID;
	plan->inside_gid = owner ? owner->gid : INSIDE_ID;
	return 0;
}

static int choose_ids(const struct jail_spec *spec, const struct jail_machine *machine, const struct scene *scene,
		      struct launch_plan *plan, struct cordon_err *err)
{
	if (scene->uid != 0) {
		plan->inside_uid = plan->host_uid = scene->uid;
		plan->inside_gid = plan->host_gid = scene->gid;
		return 0;
	}
	if (plan->rung == 3)
		plan->flags |= LAUNCH_SETID;
	if (plan->rung == 3 || scene->by_owner || !machine->root || !machine->idmap)
		return owner_of_writable(spec, scene, plan, err);
	plan->flags |= LAUNCH_IDMAP;
	plan->inside_uid = plan->inside_gid = INSIDE_ID;
	plan->host_uid = plan->host_gid = switched_off("host-id") ? scene->uid : scene->spare;
	return 0;
}

/* ---- what is refused before anything is tried ---- */

static bool covered(const struct jail_spec *spec, const char *path, enum jail_grant least)
{
	for (size_t i = 0; i < spec->path_count; i++)
		if (spec->paths[i].grant >= least && scene_beneath(path, spec->paths[i].path))
			return true;
	return false;
}

/* On rung 3 nothing can be taken out of a folder that is shown. */
static int check_bare_guards(const struct jail_spec *spec, const struct scene *scene, struct cordon_err *err)
{
	if (covered(spec, "/", JAIL_READ))
		return err_set(
			err, CORDON_EMISSING, 0,
			"the profile reads '/', and without namespaces /proc and the like cannot be taken out of "
			"it: list the folders");
	for (size_t i = 0; i < spec->hidden_count; i++)
		if (covered(spec, scene->hidden[i], JAIL_READ))
			return err_set(
				err, CORDON_EMISSING, 0,
				"the profile covers '%s', which must stay out, and without namespaces a part of a "
				"folder cannot be taken away: list narrower paths",
				scene->hidden[i]);
	for (size_t i = 0; i < spec->readonly_count; i++)
		if (covered(spec, scene->readonly[i], JAIL_WRITE))
			return err_set(
				err, CORDON_EMISSING, 0,
				"the profile may write where '%s' lies, which must stay as it is, and without "
				"namespaces a part of a folder cannot be protected: list narrower paths, or keep the "
				"file elsewhere",
				scene->readonly[i]);
	return 0;
}

static int check_paths(const struct jail_spec *spec, struct cordon_err *err)
{
	static const char *const own[] = { "/proc", "/sys" };

	for (size_t i = 0; i < spec->path_count; i++) {
		const struct jail_path *path = &spec->paths[i];

		if (path->grant == JAIL_HIDE)
			continue;
		if (!strcmp(path->path, "/") && path->grant == JAIL_WRITE)
			return err_set(err, CORDON_EINVAL, 0, "'/' cannot be made writable: list the folders");
		for (size_t j = 0; j < ARRAY_LEN(own); j++)
			if (scene_beneath(path->path, own[j]))
				return err_set(err, CORDON_EINVAL, 0,
					       "'%s' cannot be shown: %s is about the whole machine", path->path,
					       own[j]);
	}
	return 0;
}

static int choose_rung(const struct jail_spec *spec, const struct jail_machine *machine, struct plan *plan,
		       struct cordon_err *err)
{
	int rung = jail_rung(machine);

	if (rung == 0)
		return err_set(err, CORDON_EMISSING, 0, "this kernel has %s: %s",
			       machine->seccomp ? "neither namespaces for us nor Landlock" : "no seccomp filter",
			       machine->remedy[0] ? machine->remedy : "run on Linux 5.13 or newer with both enabled");
	plan->launch.rung = (uint32_t)rung;
	if (rung < 3) {
		plan->launch.flags |= LAUNCH_USERNS | (rung == 1 ? LAUNCH_PROC : 0);
		plan->launch.flags |= machine->landlock_abi > 0 ? LAUNCH_LANDLOCK : 0;
		return 0;
	}
	plan->launch.flags |= LAUNCH_LANDLOCK;
	plan->missing |= 1U << JAIL_PROMISE_NAMESPACES;
	if (!(spec->allow_missing & 1U << JAIL_PROMISE_NAMESPACES))
		return err_set(err, CORDON_EMISSING, 0,
			       "namespaces cannot be used here (%s): %s; or let the profile do without: "
			       "allow-missing: [namespaces]",
			       machine->cause[0] ? machine->cause : "cause unknown",
			       machine->remedy[0] ? machine->remedy : "see cordon doctor");
	return 0;
}

/* ---- mounts and rules of the spec ---- */

static int by_length(const void *a, const void *b)
{
	const struct jail_path *const *left = a, *const *right = b;
	size_t left_len = strlen((*left)->path), right_len = strlen((*right)->path);

	if (left_len != right_len)
		return left_len < right_len ? -1 : 1;
	return *left < *right ? -1 : 1;
}

static int32_t add_object(struct plan *plan, int fd)
{
	if (fd < 0 || plan->object_count == PLAN_OBJECTS_MAX)
		return -1;
	plan->objects[plan->object_count] = fd;
	return (int32_t)plan->object_count++;
}

static void add_path(struct plan_rows *rows, struct plan *plan, const struct scene *scene, const struct jail_path *path)
{
	bool write = path->grant == JAIL_WRITE;
	int32_t object;

	if (path->fd >= 0 && plan->object_count == PLAN_OBJECTS_MAX)
		rows->full = true;
	if (plan->launch.rung == 3) {
		object = add_object(plan, path->fd);
		plan_rule(rows, path->path, write ? GRANT_WRITE : GRANT_READ, object);
		return;
	}
	if (!strcmp(path->path, "/")) {
		plan_rows_top(rows, scene);
		return;
	}
	object = add_object(plan, path->fd);
	plan_bind(rows, write ? LAUNCH_MOUNT_WRITE : LAUNCH_MOUNT_READ, path->path, object);
	if (write)
		plan_rule(rows, path->path, GRANT_WRITE, -1);
}

static int add_paths(struct plan_rows *rows, struct plan *plan, const struct jail_spec *spec, const struct scene *scene,
		     struct cordon_err *err)
{
	cleanup_free const struct jail_path **order = calloc(spec->path_count + 1, sizeof(*order));

	if (!order)
		return err_nomem(err);
	for (size_t i = 0; i < spec->path_count; i++)
		order[i] = &spec->paths[i];
	qsort(order, spec->path_count, sizeof(struct jail_path *), by_length);
	for (size_t i = 0; i < spec->path_count; i++)
		if (order[i]->grant != JAIL_HIDE)
			add_path(rows, plan, scene, order[i]);
	return 0;
}

/* What the spec gives to exactly this path: the nearest folder that covers it decides. */
static enum jail_grant grant_of(const struct jail_spec *spec, const char *path)
{
	enum jail_grant grant = JAIL_HIDE;
	size_t nearest = 0;

	for (size_t i = 0; i < spec->path_count; i++) {
		size_t len = strlen(spec->paths[i].path);

		if (!scene_beneath(path, spec->paths[i].path) || len < nearest)
			continue;
		if (len > nearest || spec->paths[i].grant > grant)
			grant = spec->paths[i].grant;
		nearest = len;
	}
	return grant;
}

/* Binds the folders from the writable path down to the one that holds `path` on themselves. */
static void pin_folders(struct plan_rows *rows, const struct jail_spec *spec, const char *path)
{
	cleanup_free char *folder = strdup(path);

	rows->nomem = rows->nomem || !folder;
	for (char *at = folder; at && (at = strchr(at + 1, '/')) && !switched_off("guard-pin");) {
		*at = '\0';
		if (grant_of(spec, folder) == JAIL_WRITE && !plan_has(rows, folder))
			plan_bind(rows, LAUNCH_MOUNT_WRITE, folder, -1);
		*at = '/';
	}
}

static void add_guards(struct plan_rows *rows, const struct jail_spec *spec, const struct scene *scene)
{
	for (size_t i = 0; i < spec->readonly_count; i++)
		if (grant_of(spec, scene->readonly[i]) == JAIL_WRITE && !switched_off("guard-read-only")) {
			pin_folders(rows, spec, scene->readonly[i]);
			plan_bind(rows, LAUNCH_MOUNT_READ, scene->readonly[i], -1);
		}
	for (size_t i = 0; i < spec->hidden_count; i++)
		if ((covered(spec, scene->hidden[i], JAIL_READ) || plan_is_runtime(scene->hidden[i])) &&
		    !switched_off("guard-hidden")) {
			pin_folders(rows, spec, scene->hidden[i]);
			plan_cover(rows, scene->hidden[i]);
		}
	for (size_t i = 0; i < spec->path_count; i++)
		if (spec->paths[i].grant == JAIL_HIDE && covered(spec, spec->paths[i].path, JAIL_READ))
			plan_cover(rows, spec->paths[i].path);
}

static int add_rows(const struct jail_spec *spec, const struct scene *scene, struct plan *plan, struct cordon_err *err)
{
	struct plan_rows rows = { .plan = &plan->launch };
	int rc;

	rc = plan_rows_begin(&rows, err);
	if (rc < 0)
		return rc;
	if (plan->launch.rung == 3) {
		plan_rows_bare(&rows, scene);
		plan_rule(&rows, scene->folder, GRANT_WRITE, -1);
	} else {
		plan_rule(&rows, "/", GRANT_READ, -1);
		plan_rows_inside(&rows, scene, &spec->limits);
	}
	rc = add_paths(&rows, plan, spec, scene, err);
	if (rc < 0)
		return rc;
	if (plan->launch.rung < 3)
		add_guards(&rows, spec, scene);
	if (rows.nomem)
		return err_nomem(err);
	if (rows.full)
		return err_set(err, CORDON_ELIMIT, 0, "more than %d paths in one call", LAUNCH_MOUNTS_MAX - 64);
	return 0;
}

/* ---- limits, words ---- */

static void set_limits(const struct jail_spec *spec, const struct scene *scene, struct launch_plan *plan)
{
	uint64_t disk = plan_tmp_bytes(spec->limits.disk_bytes);
	uint64_t grown = scene->largest + disk; /* a big file that was there may still be appended to */

	plan->limits = (struct launch_limits){
		.processes = spec->limits.pids + scene->tasks,
		.file_bytes = grown < disk ? UINT64_MAX : grown,
		.files = FILES_MAX,
		.cpu_s = (spec->limits.cpu_ms + 999) / 1000 + 1,
	};
}

static const char **copy_words(const char *const *words, bool *nomem)
{
	size_t count = 0;
	const char **copy;

	while (words && words[count])
		count++;
	copy = calloc(count + 1, sizeof(*copy));
	*nomem = *nomem || !copy;
	for (size_t i = 0; i < count && !*nomem; i++) {
		copy[i] = strdup(words[i]);
		*nomem = !copy[i];
	}
	return copy;
}

/* Without a private /tmp, HOME and TMPDIR are the folder that was made for the call. */
static void move_home(const char **env, const char *folder, bool *nomem)
{
	static const char *const names[] = { "HOME", "TMPDIR" };

	for (size_t i = 0; env && env[i]; i++)
		for (size_t j = 0; j < ARRAY_LEN(names); j++) {
			size_t len = strlen(names[j]);
			char *text;

			if (strncmp(env[i], names[j], len) || env[i][len] != '=')
				continue;
			if (asprintf(&text, "%s=%s", names[j], folder) < 0) {
				*nomem = true;
				return;
			}
			free((void *)(uintptr_t)env[i]);
			env[i] = text;
		}
}

static const char *search_path(const char *const *env)
{
	for (size_t i = 0; env && env[i]; i++)
		if (!strncmp(env[i], "PATH=", 5))
			return env[i] + 5;
	return "/usr/local/bin:/usr/bin:/bin";
}

static int set_words(const struct jail_spec *spec, const struct scene *scene, struct launch_plan *plan,
		     struct cordon_err *err)
{
	bool bare = plan->rung == 3;
	bool nowhere = bare && !covered(spec, spec->cwd, JAIL_READ) && !plan_is_runtime(spec->cwd);
	bool nomem = false;

	plan->filter = filter_native(bare ? FILTER_BARE : FILTER_INSIDE);
	plan->argv = copy_words(spec->argv, &nomem);
	plan->env = copy_words(switched_off("environment") ? (const char *const *)environ : spec->env, &nomem);
	if (bare && !nomem)
		move_home(plan->env, scene->folder, &nomem);
	plan->cwd = strdup(nowhere ? scene->folder : spec->cwd);
	plan->search = strdup(search_path(spec->env));
	plan->hostname = strdup("cordon");
	return nomem || !plan->cwd || !plan->search || !plan->hostname ? err_nomem(err) : 0;
}

int plan_make(const struct jail_spec *spec, const struct jail_machine *machine, const struct scene *scene,
	      struct plan *plan, struct cordon_err *err)
{
	struct plan made = { .missing = 0 };
	int rc;

	if (!spec->argv || !spec->argv[0])
		return err_set(err, CORDON_EINVAL, 0, "no program to run");
	rc = choose_rung(spec, machine, &made, err);
	rc = rc < 0 ? rc : check_paths(spec, err);
	if (rc == 0 && made.launch.rung == 3)
		rc = check_bare_guards(spec, scene, err);
	rc = rc < 0 ? rc : choose_ids(spec, machine, scene, &made.launch, err);
	rc = rc < 0 ? rc : add_rows(spec, scene, &made, err);
	rc = rc < 0 ? rc : set_words(spec, scene, &made.launch, err);
	if (rc < 0) {
		plan_release(&made);
		return rc;
	}
	set_limits(spec, scene, &made.launch);
	*plan = made;
	return 0;
}

void plan_release(struct plan *plan)
{
	launch_plan_release(&plan->launch);
	plan->object_count = 0;
}
