// SPDX-License-Identifier: Apache-2.0
/*
 * watch.c - the limits that the kernel does not bound for a tree.
 *
 * Theory of operation. Each look costs some tens of microseconds, and how soon the next one must follow is computed: what
 * is left of a limit, and a tenth of it beyond, divided by the fastest that this kind of thing can grow. Far from every
 * limit that is long, near one it is a few milliseconds, so nothing gets past a limit by more than a quarter.
 *
 * Two counts are cheap and too high (memory that processes share, blocks that the file system lost to whomever), and two
 * are right and slow; the slow ones are asked when the cheap ones reach the limit.
 */
#include "sandbox/jail/watch.h"

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/switch_off.h"
#include "sandbox/jail/watch_tree.h"

#define MS 1000000ULL
#define SOONEST_NS (2 * MS)
#define HOST_TREE_NS (20 * MS) /* reading all of the host's /proc takes milliseconds */
#define LATEST_NS (100 * MS)
#define MEMORY_PER_MS (4ULL << 20) /* page faults of two processors: about 4 GB/s */
#define DISK_PER_MS (4ULL << 20) /* into the page cache: about 4 GB/s */
#define NAMES_PER_MS 200 /* a file made and closed takes 5 us and more */

struct watch {
	struct jail_limits limits;
	struct disk *disk;
	struct tree tree;
	bool private_tmp;
	uint64_t started_ns;
	uint64_t tree_again_ns; /* when the processes may be read again */
	int tmp, shm; /* the call's own tmpfs; -1 */
	struct disk_signs signs;
	struct {
		uint64_t wall_ms, cpu_ms, memory, disk, names;
		uint64_t tmpfs_bytes, tmpfs_names;
	} used;
};

int watch_open(const struct watch_scope *scope, struct watch **out, struct cordon_err *err)
{
	cleanup_close int proc = scope->proc_fd;
	struct watch *watch = calloc(1, sizeof(*watch));
	int rc;

	if (!watch)
		return err_nomem(err);
	watch->limits = *scope->limits;
	watch->disk = scope->disk;
	watch->private_tmp = scope->private_tmp;
	watch->started_ns = scope->started_ns;
	watch->tmp = watch->shm = -1;
	rc = tree_open(TAKE_FD(proc), scope->init, &watch->tree, err);
	if (rc < 0) {
		free(watch);
		return rc;
	}
	*out = watch;
	return 0;
}

void watch_close(struct watch *watch)
{
	if (!watch)
		return;
	tree_release(&watch->tree);
	if (watch->tmp >= 0)
		close(watch->tmp);
	if (watch->shm >= 0)
		close(watch->shm);
	free(watch);
}

static void look_at_tmpfs(struct watch *watch)
{
	uint64_t names = 0;

	if (!watch->private_tmp)
		return;
	watch->used.tmpfs_bytes = tree_tmpfs_bytes(&watch->tree, "/tmp", &watch->tmp, &names);
	watch->used.tmpfs_bytes += tree_tmpfs_bytes(&watch->tree, "/dev/shm", &watch->shm, &names);
	watch->used.tmpfs_names = names;
}

/* A tmpfs page that is mapped is in both counts, so of those two the greater holds. */
static uint64_t memory_of(const struct watch *watch, struct tree_memory memory)
{
	uint64_t tmpfs = watch->used.tmpfs_bytes;

	return memory.anonymous + (memory.shared > tmpfs ? memory.shared : tmpfs);
}

static void look_at_memory(struct watch *watch)
{
	watch->used.memory = memory_of(watch, tree_memory_most(&watch->tree));
	if (watch->used.memory > watch->limits.memory_bytes)
		watch->used.memory = memory_of(watch, tree_memory_exact(&watch->tree));
}

static void look_at_tree(struct watch *watch)
{
	uint64_t now = clock_monotonic_ns();

	watch->used.wall_ms = (now - watch->started_ns) / MS;
	if (now < watch->tree_again_ns)
		return;
	tree_read(&watch->tree);
	watch->used.cpu_ms = tree_cpu_ms(&watch->tree);
	look_at_memory(watch);
	watch->tree_again_ns = watch->tree.alone ? 0 : now + HOST_TREE_NS;
}

static void look_at_disk(struct watch *watch)
{
	struct disk_added added;

	if (disk_is_empty(watch->disk)) {
		watch->used.disk = watch->used.tmpfs_bytes;
		watch->used.names = watch->used.tmpfs_names;
		return;
	}
	watch->signs.written = tree_written(&watch->tree);
	if (disk_stirred(watch->disk, watch->signs.written) || watch->signs.unseen)
		watch->signs.unseen = tree_unseen(&watch->tree, watch->disk);
	disk_look(watch->disk, &watch->signs, &added);
	if (added.hidden > watch->limits.disk_bytes && tree_may_hide_files(&watch->tree))
		added.bytes = added.hidden;
	watch->used.disk = added.bytes + watch->used.tmpfs_bytes;
	watch->used.names = added.names + watch->used.tmpfs_names;
}

static uint64_t until(uint64_t used, uint64_t limit, uint64_t per_ms)
{
	uint64_t edge = limit + limit / 10;

	return used >= edge ? 0 : (edge - used) * MS / per_ms;
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t next_look(const struct watch *watch)
{
	const struct jail_limits *limits = &watch->limits;
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	uint64_t next = LATEST_NS;

	next = lesser(next, until(watch->used.cpu_ms, limits->cpu_ms, processors > 0 ? (uint64_t)processors : 1));
	next = lesser(next, until(watch->used.memory, limits->memory_bytes, MEMORY_PER_MS));
	next = lesser(next, until(watch->used.disk, limits->disk_bytes, DISK_PER_MS));
	next = lesser(next, until(watch->used.names, limits->new_names, NAMES_PER_MS));
	next = next < SOONEST_NS ? SOONEST_NS : next;
	if (limits->wall_ms > watch->used.wall_ms) /* the wall clock is exact */
		next = lesser(next, (limits->wall_ms - watch->used.wall_ms) * MS);
	return next;
}

bool watch_look(struct watch *watch, enum jail_reason *reason, uint64_t *again_ns)
{
	const struct jail_limits *limits = &watch->limits;

	look_at_tmpfs(watch);
	look_at_tree(watch);
	look_at_disk(watch);
	const struct {
		const char *name;
		enum jail_reason reason;
		uint64_t used, limit;
	} rows[] = {
		{ "limit-wall", JAIL_WALL, watch->used.wall_ms + 1, limits->wall_ms },
		{ "limit-cpu", JAIL_CPU, watch->used.cpu_ms, limits->cpu_ms },
		{ "limit-memory", JAIL_MEMORY, watch->used.memory, limits->memory_bytes },
		{ "limit-disk", JAIL_DISK, watch->used.disk, limits->disk_bytes },
		{ "limit-names", JAIL_DISK, watch->used.names, limits->new_names },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].used > rows[i].limit && !switched_off(rows[i].name)) {
			*reason = rows[i].reason;
			return true;
		}
	*again_ns = next_look(watch);
	return false;
}

bool watch_last(struct watch *watch, enum jail_reason *reason)
{
	look_at_tmpfs(watch);
	watch->signs = (struct disk_signs){ 0 };
	look_at_disk(watch);
	*reason = JAIL_DISK;
	if (watch->used.disk > watch->limits.disk_bytes && !switched_off("limit-disk"))
		return true;
	return watch->used.names > watch->limits.new_names && !switched_off("limit-names");
}

uint64_t watch_cpu_ms(const struct watch *watch)
{
	return tree_cpu_ms(&watch->tree);
}
