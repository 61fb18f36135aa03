/* SPDX-License-Identifier: Apache-2.0 */
/*
 * watch_tree.h - the processes of a call, as /proc tells: who they are, their processor time, memory and open files.
 */
#ifndef JAIL_WATCH_TREE_H
#define JAIL_WATCH_TREE_H

#include "sandbox/jail/disk.h"

struct task_seen { /* one process */
	int pid;
	int parent;
	int via; /* the thread whose folder shows the process: pid itself, unless its first thread has ended */
	int threads; /* 0: it has ended, and only waits to be waited for */
	uint64_t born; /* with pid: who it is */
	uint64_t own_ticks; /* its own time */
	uint64_t reaped_ticks; /* of children that it waited for */
	bool ours;
};

struct tree {
	int proc; /* owned: root of a /proc */
	bool alone; /* proc shows the tree and nothing else; pid 1 is init */
	int init; /* in the numbers of proc */
	struct task_seen *seen; /* sorted by pid */
	size_t count, room;
	uint64_t lost_ticks; /* of processes that nobody waited for */
};

/* proc_fd (taken) is -1 for the host's /proc. */
USE_RESULT int tree_open(int proc_fd, int init, struct tree *tree, struct cordon_err *err);
void tree_release(struct tree *tree);
/* Reads who is there. */
void tree_read(struct tree *tree);
/* Processor time of the whole tree up to the last read, dead processes too. */
uint64_t tree_cpu_ms(const struct tree *tree);

struct tree_memory {
	uint64_t anonymous; /* and swapped */
	uint64_t shared; /* tmpfs pages that are mapped, shared anonymous memory */
};
/* Memory as each process's own count says: what is shared counts in each. */
struct tree_memory tree_memory_most(const struct tree *tree);
/* As it is: shared pages divided among those that share them. Slow where much is mapped. */
struct tree_memory tree_memory_exact(const struct tree *tree);
/* Bytes that the tree has written, of the dead only what somebody waited for. */
uint64_t tree_written(const struct tree *tree);
/* Bytes of deleted files on the watched file systems that the tree has open. */
uint64_t tree_unseen(const struct tree *tree, const struct disk *disk);
/*
 * Whether the tree may hold files that tree_unseen() cannot find: mapped and closed, or on their way through a socket. What
 * cannot be read may, what has ended may not. Slow.
 */
bool tree_may_hide_files(const struct tree *tree);
/* Bytes in use on the tmpfs that the tree has at `path`; opened through a process and kept in *fd (-1 before). */
uint64_t tree_tmpfs_bytes(const struct tree *tree, const char *path, int *fd, uint64_t *names);

#endif
