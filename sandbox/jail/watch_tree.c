// SPDX-License-Identifier: Apache-2.0
/*
 * watch_tree.c - the processes of a call, as /proc tells.
 *
 * On rung 1 the launcher hands over a /proc of the call's own pid namespace. Elsewhere the host's is read, and the tree is
 * what descends from init, which every orphan of the call comes back to.
 *
 * Processor time of a dead process is in its parent's count once the parent has waited for it. A parent that ignores
 * SIGCHLD never waits, and the time is gone from every count: so what vanishes without appearing in a survivor's
 * count of reaped children is kept here as lost.
 *
 * A process lives on when its first thread has ended, but its folder then shows no memory and no files, as these are read
 * through that thread. So each process is read through a thread that runs; and as threads need not share their open
 * files, those are looked for in each of them.
 */
#include "sandbox/jail/watch_tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>

#include "sandbox/base/err.h"

#define SEEN_MAX 65536
#define EXITING 0x4 /* PF_EXITING in the kernel's include/linux/sched.h: from the first steps of its end on */
#define DELETED_MAX 1024 /* distinct deleted files that are told apart; more only count more than once */

int tree_open(int proc_fd, int init, struct tree *tree, struct cordon_err *err)
{
	*tree = (struct tree){ .proc = proc_fd, .alone = proc_fd >= 0, .init = proc_fd >= 0 ? 1 : init };
	if (tree->alone)
		return 0;
	tree->proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return tree->proc < 0 ? err_set(err, CORDON_ESYS, errno, "cannot open '/proc'") : 0;
}

void tree_release(struct tree *tree)
{
	if (tree->proc >= 0)
		close(tree->proc);
	free(tree->seen);
	*tree = (struct tree){ .proc = -1 };
}

/* Whole of PID/name into text, NUL-terminated; 0 where it is gone or may not be read. */
static size_t read_entry(const struct tree *tree, int pid, const char *name, char *text, size_t room)
{
	char path[64];
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%d/%s", pid, name);
	fd = openat(tree->proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	len = read(fd, text, room - 1);
	close(fd);
	text[len > 0 ? len : 0] = '\0';
	return len > 0 ? (size_t)len : 0;
}

static uint64_t number_at(const char *at)
{
	uint64_t value = 0;

	at += strspn(at, " \t");
	for (; *at >= '0' && *at <= '9'; at++)
		value = value * 10 + (uint64_t)(*at - '0');
	return value;
}

/* The n-th field of stat, counted as proc(5) does; `at` points past the name's bracket (before field 3). */
static uint64_t field(const char *at, int n)
{
	for (int i = 3; i <= n; i++) {
		at += strspn(at, " ");
		if (i < n)
			at += strcspn(at, " ");
	}
	return number_at(at);
}

static bool read_task(const struct tree *tree, int pid, struct task_seen *task)
{
	char text[1024];
	const char *at;
	if (!read_entry(tree, pid, "stat", text, sizeof(text)))
		return false;
	at = strrchr(text, ')'); /* a program chooses its name, and may put brackets into it */
	if (!at)
		return false;
	at++;
	*task = (struct task_seen){
		.pid = pid,
		.via = pid,
		.parent = (int)field(at, 4),
		.threads = (int)field(at, 20),
		.own_ticks = field(at, 14) + field(at, 15),
		.reaped_ticks = field(at, 16) + field(at, 17),
		.born = field(at, 22),
		.ours = tree->alone || pid == tree->init,
	};
	if (field(at, 9) & EXITING)
		task->via = 0;
	return true;
}

static DIR *open_folder(const struct tree *tree, int pid, const char *name)
{
	char path[64];
	DIR *folder;
	int fd;

	snprintf(path, sizeof(path), "%d/%s", pid, name);
	fd = openat(tree->proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder && fd >= 0)
		close(fd);
	return folder;
}

/* The next thread of a task's folder; 0: no more. */
static int next_number(DIR *folder)
{
	struct dirent *entry;

	while ((entry = readdir(folder)))
		if (entry->d_name[0] >= '1' && entry->d_name[0] <= '9')
			return (int)number_at(entry->d_name);
	return 0;
}

/* The first thread has ended: the process is read through another, or has ended as well. */
static void find_living_thread(const struct tree *tree, struct task_seen *task)
{
	cleanup_dir DIR *folder = task->threads > 1 ? open_folder(tree, task->pid, "task") : NULL;
	int tid;

	while (folder && !task->via && (tid = next_number(folder))) {
		struct task_seen thread;

		if (tid != task->pid && read_task(tree, tid, &thread))
			task->via = thread.via;
	}
	if (!task->via) {
		task->via = task->pid;
		task->threads = 0;
	}
}

static bool push(struct tree *into, const struct task_seen *task)
{
	if (into->count == into->room) {
		size_t room = into->room ? into->room * 2 : 64;
		struct task_seen *more = room > SEEN_MAX ? NULL : reallocarray(into->seen, room, sizeof(*more));

		if (!more)
			return false;
		into->seen = more;
		into->room = room;
	}
	into->seen[into->count++] = *task;
	return true;
}

static int by_pid(const void *a, const void *b)
{
	const struct task_seen *left = a, *right = b;

	return left->pid < right->pid ? -1 : left->pid > right->pid;
}

static const struct task_seen *find(const struct tree *tree, int pid)
{
	const struct task_seen key = { .pid = pid };

	return tree->count ? bsearch(&key, tree->seen, tree->count, sizeof(key), by_pid) : NULL;
}

/* Keeps what descends from init. Parents come mostly before their children, so few rounds are needed. */
static void keep_descendants(struct tree *tree)
{
	size_t kept = 0;
	bool more = true;

	while (more) {
		more = false;
		for (size_t i = 0; i < tree->count; i++) {
			const struct task_seen *parent;

			if (tree->seen[i].ours)
				continue;
			parent = find(tree, tree->seen[i].parent);
			tree->seen[i].ours = parent && parent->ours;
			more = more || tree->seen[i].ours;
		}
	}
	for (size_t i = 0; i < tree->count; i++)
		if (tree->seen[i].ours)
			tree->seen[kept++] = tree->seen[i];
	tree->count = kept;
}

static void list(const struct tree *tree, struct tree *into)
{
	int fd = openat(tree->proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	cleanup_dir DIR *folder = fd < 0 ? NULL : fdopendir(fd);
	int pid;

	if (!folder && fd >= 0)
		close(fd);
	while (folder && (pid = next_number(folder))) {
		struct task_seen task;

		if (!read_task(tree, pid, &task))
			continue;
		if (!task.via)
			find_living_thread(tree, &task);
		if (!push(into, &task))
			return;
	}
}

/* What vanished since the last read, less what survivors took over from their children. */
static uint64_t newly_lost(const struct tree *before, const struct tree *now)
{
	uint64_t gone = 0, inherited = 0;

	for (size_t i = 0; i < before->count; i++) {
		const struct task_seen *old = &before->seen[i];
		const struct task_seen *same = find(now, old->pid);

		if (!same || same->born != old->born)
			gone += old->own_ticks + old->reaped_ticks;
		else if (same->reaped_ticks > old->reaped_ticks)
			inherited += same->reaped_ticks - old->reaped_ticks;
	}
	return gone > inherited ? gone - inherited : 0;
}

void tree_read(struct tree *tree)
{
	struct tree now = { .proc = tree->proc, .alone = tree->alone, .init = tree->init };

	list(tree, &now);
	if (now.count)
		qsort(now.seen, now.count, sizeof(*now.seen), by_pid);
	if (!tree->alone)
		keep_descendants(&now);
	if (!now.count)
		return; /* the tree has ended: what was read last stays */
	tree->lost_ticks += newly_lost(tree, &now);
	free(tree->seen);
	tree->seen = now.seen;
	tree->count = now.count;
	tree->room = now.room;
}

uint64_t tree_cpu_ms(const struct tree *tree)
{
	uint64_t ticks = tree->lost_ticks;
	long per_second = sysconf(_SC_CLK_TCK);

	for (size_t i = 0; i < tree->count; i++)
		ticks += tree->seen[i].own_ticks + tree->seen[i].reaped_ticks;
	return ticks * 1000 / (uint64_t)(per_second > 0 ? per_second : 100);
}

/* Sum of the rows of text that begin with one of the names, in bytes; /proc says kB. */
static uint64_t sum_rows(const char *text, const char *const *names)
{
	uint64_t total = 0;

	for (size_t i = 0; names[i]; i++) {
		const char *at = strstr(text, names[i]);

		total += at ? number_at(at + strlen(names[i])) * 1024 : 0;
	}
	return total;
}

static struct tree_memory sum_memory(const struct tree *tree, const char *file, const char *const *anonymous,
				     const char *const *shared)
{
	struct tree_memory total = { 0 };

	for (size_t i = 0; i < tree->count; i++) {
		char text[4096];

		if (tree->seen[i].pid == tree->init || !read_entry(tree, tree->seen[i].via, file, text, sizeof(text)))
			continue;
		total.anonymous += sum_rows(text, anonymous);
		total.shared += sum_rows(text, shared);
	}
	return total;
}

struct tree_memory tree_memory_most(const struct tree *tree)
{
	static const char *const anonymous[] = { "\nRssAnon:", "\nVmSwap:", "\nHugetlbPages:", NULL };
	static const char *const shared[] = { "\nRssShmem:", NULL };

	return sum_memory(tree, "status", anonymous, shared);
}

struct tree_memory tree_memory_exact(const struct tree *tree)
{
	static const char *const anonymous[] = { "\nPss_Anon:", "\nSwapPss:", NULL };
	static const char *const shared[] = { "\nPss_Shmem:", NULL };
	struct tree_memory exact = sum_memory(tree, "smaps_rollup", anonymous, shared);

	return exact.anonymous ? exact : tree_memory_most(tree); /* not readable to us: the higher count holds */
}

/* ---- files that have no name any more ---- */

struct deleted {
	struct {
		dev_t device;
		ino_t inode;
	} seen[DELETED_MAX];
	size_t count;
	uint64_t bytes;
};

static void count_deleted(struct deleted *deleted, const struct stat *status)
{
	for (size_t i = 0; i < deleted->count; i++)
		if (deleted->seen[i].device == status->st_dev && deleted->seen[i].inode == status->st_ino)
			return;
	if (deleted->count < DELETED_MAX) {
		deleted->seen[deleted->count].device = status->st_dev;
		deleted->seen[deleted->count++].inode = status->st_ino;
	}
	deleted->bytes += (uint64_t)status->st_blocks * 512;
}

static void look_at_files(DIR *folder, const struct disk *disk, struct deleted *deleted)
{
	struct dirent *entry;

	while ((entry = readdir(folder))) {
		struct stat status;

		if (fstatat(dirfd(folder), entry->d_name, &status, 0) == 0 && S_ISREG(status.st_mode) &&
		    !status.st_nlink && disk_is_watched(disk, status.st_dev))
			count_deleted(deleted, &status);
	}
}

static void look_at_threads(const struct tree *tree, const struct task_seen *task, const struct disk *disk,
			    struct deleted *deleted)
{
	cleanup_dir DIR *threads = task->threads > 1 ? open_folder(tree, task->pid, "task") : NULL;
	int tid = threads ? next_number(threads) : task->via;

	for (; tid; tid = threads ? next_number(threads) : 0) {
		cleanup_dir DIR *folder = open_folder(tree, tid, "fd");

		if (folder)
			look_at_files(folder, disk, deleted);
	}
}

uint64_t tree_written(const struct tree *tree)
{
	static const char *const written[] = { "\nwrite_bytes: ", NULL };
	uint64_t total = 0;

	for (size_t i = 0; i < tree->count; i++) {
		char text[1024];

		if (read_entry(tree, tree->seen[i].via, "io", text, sizeof(text)))
			total += sum_rows(text, written) / 1024;
	}
	return total;
}

uint64_t tree_unseen(const struct tree *tree, const struct disk *disk)
{
	cleanup_free struct deleted *deleted = calloc(1, sizeof(*deleted));

	for (size_t i = 0; i < tree->count && deleted; i++)
		look_at_threads(tree, &tree->seen[i], disk, deleted);
	return deleted ? deleted->bytes : 0;
}

/* A task that ends while it is looked at holds nothing any more; without memory its folder is root's, so the error may be any. */
static bool has_ended(const struct tree *tree, int tid)
{
	struct task_seen now;

	return !read_task(tree, tid, &now) || !now.via;
}

static bool has_socket(const struct tree *tree, int tid)
{
	cleanup_dir DIR *folder = open_folder(tree, tid, "fd");
	struct dirent *entry;

	if (!folder)
		return !has_ended(tree, tid);
	while ((entry = readdir(folder))) {
		struct stat status;

		if (fstatat(dirfd(folder), entry->d_name, &status, 0) == 0 && S_ISSOCK(status.st_mode))
			return true;
	}
	return false;
}

static bool maps_deleted_file(const struct tree *tree, int tid)
{
	static const char mark[] = " (deleted)\n";
	cleanup_free char *line = NULL;
	cleanup_file FILE *maps = NULL;
	char path[32];
	size_t room = 0;
	ssize_t len;
	int fd;

	snprintf(path, sizeof(path), "%d/maps", tid);
	fd = openat(tree->proc, path, O_RDONLY | O_CLOEXEC);
	maps = fd < 0 ? NULL : fdopen(fd, "r");
	if (!maps) {
		if (fd >= 0)
			close(fd);
		return !has_ended(tree, tid);
	}
	while ((len = getline(&line, &room, maps)) > 0)
		if ((size_t)len > strlen(mark) && !strcmp(line + len - strlen(mark), mark))
			return true;
	return false;
}

static bool may_hide_files(const struct tree *tree, const struct task_seen *task)
{
	cleanup_dir DIR *threads = task->threads > 1 ? open_folder(tree, task->pid, "task") : NULL;
	int tid = threads ? next_number(threads) : task->via;

	if (maps_deleted_file(tree, task->via))
		return true;
	for (; tid; tid = threads ? next_number(threads) : 0)
		if (has_socket(tree, tid))
			return true;
	return false;
}

bool tree_may_hide_files(const struct tree *tree)
{
	for (size_t i = 0; i < tree->count; i++)
		if (tree->seen[i].pid != tree->init && tree->seen[i].threads && may_hide_files(tree, &tree->seen[i]))
			return true;
	return false;
}

uint64_t tree_tmpfs_bytes(const struct tree *tree, const char *path, int *fd, uint64_t *names)
{
	struct statfs fs;

	for (size_t i = 0; i < tree->count && *fd < 0; i++) {
		char through[64];

		if (tree->seen[i].pid == tree->init)
			continue; /* it lets nobody look at it */
		snprintf(through, sizeof(through), "%d/root%s", tree->seen[i].via, path);
		*fd = openat(tree->proc, through, O_PATH | O_DIRECTORY | O_CLOEXEC);
	}
	if (*fd < 0 || fstatfs(*fd, &fs) < 0)
		return 0;
	*names += fs.f_files > fs.f_ffree ? fs.f_files - fs.f_ffree - 1 : 0;
	return (uint64_t)(fs.f_blocks - fs.f_bfree) * (uint64_t)fs.f_bsize;
}
