// SPDX-License-Identifier: Apache-2.0
/*
 * disk.c - how many bytes and names a call has added to the host's folders that it may write.
 *
 * Theory of operation. At the start the free blocks and inodes of each file system are noted, and the folders are walked
 * if that is soon done: the walk keeps each file's blocks, so that an old file's growth is known later and its size is
 * never held against a call that appends one byte. disk_look() compares the free blocks; while they have not gone down by
 * a share of what is left of the limit there is nothing to find, whoever else writes there. Otherwise it walks: files born
 * since the start count whole, old ones by their growth. For an old file that was not seen before (a big tree's first walk)
 * growth is not known; the blocks that the file system lost are then the bound. A folder that cannot be read (the call took
 * the permission away) counts as that bound, too: hiding does not help.
 *
 * A deleted but open file is in no folder; the watch finds it by its descriptor and hands the sum in. What is hidden even
 * better (mapped and closed, or on its way through a socket) shows when the file system lost more than the limit beside
 * all that was found, and the call's processes have written as much. Whoever else writes there makes it lose blocks too, so
 * that count is handed out apart, and the watch asks whether the call has a way to hide anything.
 */
#include "sandbox/jail/disk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>

#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"

#define FOLDERS_MAX 64
#define FIRST_WALK_MAX 512 /* entries: about half a millisecond */
#define WALK_MAX 400000 /* entries: beyond, the file system's own count is the bound */
#define DEPTH_MAX 200
#define BLOCK 512
#define WALK_SHARE 20 /* a walk that no count asks for may take a twentieth of the time ... */
#define WALK_SHORT_NS 2000000ULL /* ... and no longer than this, as other limits wait meanwhile */
#define RECENT_MAX 64

struct known { /* a file that was there when it was first seen */
	uint64_t device, inode, blocks;
};

struct recent {
	uint64_t device, inode;
	struct statx_timestamp changed;
};

struct disk {
	const char *paths[FOLDERS_MAX];
	int folders[FOLDERS_MAX]; /* -1: a single file, or could not be opened */
	uint64_t free_bytes[FOLDERS_MAX]; /* at the start, by file system; others are UINT64_MAX */
	uint64_t free_names[FOLDERS_MAX];
	size_t count;
	uint64_t limit_bytes, limit_names;
	struct timespec since;
	struct known *known; /* sorted */
	size_t known_count, known_room;
	bool in_memory; /* a folder is on a tmpfs, where writes are in nobody's count */
	bool baseline; /* known holds every old file */
	uint64_t entries; /* names at the start; 0: not known */
	struct recent recent[RECENT_MAX]; /* links stamped in the very tick that the call began in, but before it */
	size_t recent_count;
	uint64_t lost_bytes, lost_names; /* at the last walk, or less where others freed some since */
	uint64_t written; /* at the last walk */
	uint64_t walk_again_ns; /* when one is due whatever the counts say; UINT64_MAX: never */
	uint64_t found_bytes, found_names; /* by the last walk */
	uint64_t carried; /* growth of old files before they were first seen: at most this */
};

struct walk {
	struct disk *disk;
	size_t budget;
	bool incomplete;
	bool learn; /* keep what old files hold */
	bool first; /* before the call: everything is old, whatever its stamps say */
	uint64_t entries;
	uint64_t bytes, names;
	uint64_t unknown; /* blocks of changed old files that were not seen before */
	uint64_t largest;
};

static int by_inode(const void *a, const void *b)
{
	const struct known *left = a, *right = b;

	if (left->device != right->device)
		return left->device < right->device ? -1 : 1;
	return left->inode < right->inode ? -1 : left->inode > right->inode;
}

static const struct known *find_known(const struct disk *disk, const struct known *key)
{
	return disk->known_count ? bsearch(key, disk->known, disk->known_count, sizeof(*key), by_inode) : NULL;
}

static void learn(struct walk *walk, const struct known *file)
{
	struct disk *disk = walk->disk;

	if (disk->known_count == disk->known_room) {
		size_t room = disk->known_room ? disk->known_room * 2 : 256;
		struct known *more = reallocarray(disk->known, room, sizeof(*more));

		if (!more) {
			walk->incomplete = true;
			return;
		}
		disk->known = more;
		disk->known_room = room;
	}
	disk->known[disk->known_count++] = *file;
}

static bool not_before(const struct statx_timestamp *at, const struct timespec *since)
{
	return at->tv_sec > since->tv_sec || (at->tv_sec == since->tv_sec && (long)at->tv_nsec >= since->tv_nsec);
}

static void keep_recent(struct disk *disk, const struct known *file, const struct statx *status)
{
	if (disk->recent_count < RECENT_MAX)
		disk->recent[disk->recent_count++] = (struct recent){ file->device, file->inode, status->stx_ctime };
}

/* Files are stamped by a clock that stands still for some milliseconds: what the first walk found is old all the same. */
static void count_file(struct walk *walk, const struct statx *status)
{
	bool changed = !walk->first && not_before(&status->stx_ctime, &walk->disk->since);
	bool dated = status->stx_mask & STATX_BTIME;
	bool born = changed && (!dated || not_before(&status->stx_btime, &walk->disk->since));
	struct known file = { makedev(status->stx_dev_major, status->stx_dev_minor), status->stx_ino,
			      status->stx_blocks };
	const struct known *before = walk->learn ? NULL : find_known(walk->disk, &file);

	walk->entries++;
	if (S_ISREG(status->stx_mode) && status->stx_size > walk->largest)
		walk->largest = status->stx_size;
	if (walk->first && S_ISLNK(status->stx_mode) && not_before(&status->stx_ctime, &walk->disk->since))
		keep_recent(walk->disk, &file, status);
	if (born || (status->stx_nlink > 1 && changed && !S_ISDIR(status->stx_mode)))
		walk->names++;
	if (before)
		walk->bytes += file.blocks > before->blocks ? (file.blocks - before->blocks) * BLOCK : 0;
	else if (born)
		walk->bytes += file.blocks * BLOCK / (S_ISDIR(status->stx_mode) ? 1 : status->stx_nlink);
	else if (changed)
		walk->unknown += file.blocks * BLOCK;
	if (walk->learn && !born)
		learn(walk, &file);
}

/* A folder that could not be read before the call, and is as it was, holds nothing of the call's. */
static bool was_closed_before(const struct walk *walk, const struct statx *folder)
{
	return walk->first || !not_before(&folder->stx_ctime, &walk->disk->since);
}

/* Walks what lies in the folder `fd`, which it closes. Links are not followed. */
static void walk_folder(struct walk *walk, int fd, int depth)
{
	cleanup_dir DIR *folder = fdopendir(fd);
	struct dirent *entry;

	if (!folder) {
		close(fd);
		walk->incomplete = true;
		return;
	}
	while (!walk->incomplete && (entry = readdir(folder))) {
		struct statx status;
		int next;

		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (!walk->budget-- || depth > DEPTH_MAX) {
			walk->budget = 0;
			walk->incomplete = true;
			return;
		}
		if (statx(dirfd(folder), entry->d_name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT,
			  STATX_BASIC_STATS | STATX_BTIME, &status) < 0)
			continue;
		count_file(walk, &status);
		if (!S_ISDIR(status.stx_mode))
			continue;
		next = openat(dirfd(folder), entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		if (next >= 0)
			walk_folder(walk, next, depth + 1);
		else if (errno != ENOENT && !was_closed_before(walk, &status))
			walk->incomplete = true;
	}
}

static void walk_all(struct walk *walk)
{
	struct disk *disk = walk->disk;
	uint64_t began_ns = clock_monotonic_ns();
	uint64_t ended_ns;

	for (size_t i = 0; i < disk->count && !walk->incomplete; i++) {
		struct statx status;
		int fd;

		if (disk->folders[i] < 0)
			continue;
		fd = openat(disk->folders[i], ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		if (fd >= 0)
			walk_folder(walk, fd, 0);
		else if (errno == ENOTDIR &&
			 statx(disk->folders[i], "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) == 0)
			count_file(walk, &status);
		else
			walk->incomplete = true;
	}
	if (walk->learn && !walk->incomplete && disk->known_count)
		qsort(disk->known, disk->known_count, sizeof(struct known), by_inode);
	ended_ns = clock_monotonic_ns();
	disk->walk_again_ns = walk->incomplete || ended_ns - began_ns > WALK_SHORT_NS
				      ? UINT64_MAX
				      : ended_ns + (ended_ns - began_ns) * WALK_SHARE;
}

/* The first walk, within budget: what old files hold. */
static void take_baseline(struct disk *disk, size_t budget, struct walk *walk)
{
	*walk = (struct walk){ .disk = disk, .budget = budget, .learn = true, .first = true };
	walk_all(walk);
	disk->baseline = !walk->incomplete;
	disk->entries = walk->entries + 1;
	if (walk->incomplete)
		disk->entries = disk->known_count = 0;
}

/* Free blocks and inodes of the file system that fd is on. */
static void ask(int fd, uint64_t *bytes, uint64_t *names)
{
	struct statfs fs;

	*bytes = *names = UINT64_MAX;
	if (fd < 0 || fstatfs(fd, &fs) < 0)
		return;
	*bytes = (uint64_t)fs.f_bfree * (uint64_t)fs.f_bsize;
	*names = fs.f_ffree;
}

static bool same_fs(int a, int b)
{
	struct stat left, right;

	return fstat(a, &left) == 0 && fstat(b, &right) == 0 && left.st_dev == right.st_dev;
}

static void lost(const struct disk *disk, uint64_t *bytes, uint64_t *names)
{
	*bytes = *names = 0;
	for (size_t i = 0; i < disk->count; i++) {
		uint64_t free_bytes, free_names;

		if (disk->free_bytes[i] == UINT64_MAX)
			continue;
		ask(disk->folders[i], &free_bytes, &free_names);
		*bytes += disk->free_bytes[i] > free_bytes ? disk->free_bytes[i] - free_bytes : 0;
		*names += disk->free_names[i] > free_names ? disk->free_names[i] - free_names : 0;
	}
}

static bool is_inside_another(const struct jail_spec *spec, size_t index)
{
	for (size_t i = 0; i < spec->path_count; i++) {
		size_t len = strlen(spec->paths[i].path);

		if (i == index || spec->paths[i].grant != JAIL_WRITE || len > strlen(spec->paths[index].path))
			continue;
		if (!strncmp(spec->paths[i].path, spec->paths[index].path, len) &&
		    (spec->paths[index].path[len] == '/' || (spec->paths[index].path[len] == '\0' && i < index)))
			return true;
	}
	return false;
}

static void add_folder(struct disk *disk, const char *path)
{
	struct statfs fs;
	int fd;

	if (disk->count == FOLDERS_MAX)
		return;
	fd = open(path, O_PATH | O_CLOEXEC);
	disk->paths[disk->count] = path;
	disk->folders[disk->count] = fd;
	disk->in_memory = disk->in_memory || (fd >= 0 && fstatfs(fd, &fs) == 0 && fs.f_type == TMPFS_MAGIC);
	disk->free_bytes[disk->count] = disk->free_names[disk->count] = UINT64_MAX;
	for (size_t i = 0; i < disk->count && fd >= 0; i++)
		if (disk->folders[i] >= 0 && same_fs(disk->folders[i], fd)) {
			disk->count++;
			return;
		}
	ask(fd, &disk->free_bytes[disk->count], &disk->free_names[disk->count]);
	disk->count++;
}

int disk_open(const struct jail_spec *spec, const char *extra, struct disk **out, uint64_t *largest,
	      struct cordon_err *err)
{
	struct disk *disk = calloc(1, sizeof(*disk));
	struct walk walk;

	if (!disk)
		return err_nomem(err);
	disk->limit_bytes = spec->limits.disk_bytes;
	disk->limit_names = spec->limits.new_names;
	clock_gettime(CLOCK_REALTIME_COARSE, &disk->since);
	for (size_t i = 0; i < spec->path_count; i++)
		if (spec->paths[i].grant == JAIL_WRITE && !is_inside_another(spec, i))
			add_folder(disk, spec->paths[i].path);
	if (extra)
		add_folder(disk, extra);
	take_baseline(disk, FIRST_WALK_MAX, &walk);
	*largest = disk->baseline ? walk.largest : UINT64_MAX;
	*out = disk;
	return 0;
}

void disk_close(struct disk *disk)
{
	if (!disk)
		return;
	for (size_t i = 0; i < disk->count; i++)
		if (disk->folders[i] >= 0)
			close(disk->folders[i]);
	free(disk->known);
	free(disk);
}

static uint64_t lesser(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t share(uint64_t limit, uint64_t used)
{
	return used >= limit ? 0 : (limit - used) / 4;
}

static uint64_t more(uint64_t now, uint64_t before)
{
	return now > before ? now - before : 0;
}

/*
 * Others free blocks while the call takes some, so the file system's count alone may show nothing: what the call says that
 * it has written counts as well, and as often as it costs little the tree is walked whatever the counts say.
 */
static bool worth_a_walk(const struct disk *disk, uint64_t bytes, uint64_t names, uint64_t written)
{
	uint64_t left = share(disk->limit_bytes, disk->found_bytes);

	return more(bytes, disk->lost_bytes) > left || more(written, disk->written) > left ||
	       more(names, disk->lost_names) > share(disk->limit_names, disk->found_names) ||
	       clock_monotonic_ns() >= disk->walk_again_ns;
}

/* Others freed some: what the call takes from here on shows again. */
static void follow_down(struct disk *disk, uint64_t bytes, uint64_t names)
{
	disk->lost_bytes = lesser(disk->lost_bytes, bytes);
	disk->lost_names = lesser(disk->lost_names, names);
}

bool disk_stirred(const struct disk *disk, uint64_t written)
{
	uint64_t bytes, names;

	lost(disk, &bytes, &names);
	return worth_a_walk(disk, bytes, names, written);
}

/* What the last walk found, with the bound for what it could not know. */
static void keep_found(struct disk *disk, const struct walk *walk, uint64_t bytes, uint64_t names)
{
	uint64_t hidden = bytes > walk->bytes ? bytes - walk->bytes : 0;

	disk->lost_bytes = bytes;
	disk->lost_names = names;
	disk->found_bytes = walk->incomplete ? bytes : walk->bytes;
	disk->found_names = walk->incomplete ? names : walk->names;
	if (walk->incomplete)
		return;
	if (disk->entries)
		disk->found_names = walk->entries + 1 > disk->entries ? walk->entries + 1 - disk->entries : 0;
	if (walk->learn)
		disk->carried = lesser(walk->unknown, hidden);
	disk->found_bytes += disk->carried;
}

void disk_look(struct disk *disk, const struct disk_signs *signs, struct disk_added *added)
{
	struct walk walk = { .disk = disk, .budget = WALK_MAX, .learn = !disk->baseline };
	uint64_t bytes, names, seen, hidden;

	lost(disk, &bytes, &names);
	follow_down(disk, bytes, names);
	if (worth_a_walk(disk, bytes, names, signs->written)) {
		if (walk.learn)
			disk->known_count = 0;
		walk_all(&walk);
		if (walk.learn)
			disk->baseline = !walk.incomplete;
		keep_found(disk, &walk, bytes, names);
		disk->written = signs->written;
	}
	seen = disk->found_bytes + signs->unseen;
	hidden = disk->lost_bytes > seen ? disk->lost_bytes - seen : 0;
	added->bytes = seen;
	added->hidden = hidden > disk->limit_bytes ? lesser(hidden, disk->in_memory ? UINT64_MAX : signs->written) : 0;
	added->names = disk->found_names;
}

bool disk_is_empty(const struct disk *disk)
{
	return !disk->count;
}

bool disk_is_watched(const struct disk *disk, dev_t device)
{
	struct stat status;

	for (size_t i = 0; i < disk->count; i++)
		if (disk->folders[i] >= 0 && fstat(disk->folders[i], &status) == 0 && status.st_dev == device)
			return true;
	return false;
}

bool disk_had_link(const struct disk *disk, const struct statx *status)
{
	const uint64_t device = makedev(status->stx_dev_major, status->stx_dev_minor);

	for (size_t i = 0; i < disk->recent_count; i++) {
		const struct recent *link = &disk->recent[i];

		if (link->device == device && link->inode == status->stx_ino &&
		    link->changed.tv_sec == status->stx_ctime.tv_sec &&
		    link->changed.tv_nsec == status->stx_ctime.tv_nsec)
			return true;
	}
	return false;
}

struct timespec disk_since(const struct disk *disk)
{
	return disk->since;
}
