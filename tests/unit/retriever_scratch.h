/* SPDX-License-Identifier: Apache-2.0 */
/*
 * retriever_scratch.h - a data folder of its own for each test, documents for it, and the programs where
 * program_start() finds them.
 */
#ifndef RETRIEVER_SCRATCH_H
#define RETRIEVER_SCRATCH_H

#include <criterion/criterion.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "retriever/retriever.h"
#include "sandbox/base/file.h"
#include "sandbox/base/slice.h"

static char scratch[256];
static char scratch_data[300]; /* not made yet */
static char scratch_docs[300]; /* an empty folder */

static UNUSED void scratch_link(const char *program)
{
	const char *build = getenv("CORDON_BUILD");
	char self[512];
	char target[600];
	ssize_t len = readlink("/proc/self/exe", self, sizeof(self) - 32);
	char *slash;

	cr_assert_gt(len, 0);
	self[len] = '\0';
	slash = strrchr(self, '/');
	snprintf(slash + 1, 32, "%s", program);
	cr_assert_not_null(build, "CORDON_BUILD is not set");
	snprintf(target, sizeof(target), "%s/%s", build, program);
	cr_assert(symlink(target, self) == 0 || errno == EEXIST, "%s", self);
}

static UNUSED void scratch_make(void)
{
	const char *base = getenv("TMPDIR");

	snprintf(scratch, sizeof(scratch), "%s/cordon-store-XXXXXX", base ? base : "/tmp");
	cr_assert_not_null(mkdtemp(scratch));
	snprintf(scratch_data, sizeof(scratch_data), "%s/data", scratch);
	snprintf(scratch_docs, sizeof(scratch_docs), "%s/docs", scratch);
	cr_assert_eq(mkdir(scratch_docs, 0700), 0);
	scratch_link("cordon-store");
	scratch_link("cordon-shield");
}

static UNUSED int scratch_remove_one(const char *path, const struct stat *status, int kind, struct FTW *at)
{
	(void)status, (void)kind, (void)at;
	return remove(path);
}

static UNUSED void scratch_drop(void)
{
	nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* A file of the docs folder. */
static UNUSED void scratch_write(const char *name, struct cordon_slice bytes)
{
	char path[600];
	cleanup_close int fd = -1;

	snprintf(path, sizeof(path), "%s/%s", scratch_docs, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cr_assert_geq(fd, 0);
	cr_assert_eq(file_write_fd(fd, bytes, NULL), 0);
}

struct scratch_run {
	struct retriever *retriever;
	struct shield *shield;
	struct retriever_tally tally;
	int complaints;
	char complaint[1200]; /* the last one */
};

static UNUSED void scratch_complain(void *ctx, const char *doc, const struct cordon_err *err)
{
	struct scratch_run *run = ctx;

	run->complaints++;
	snprintf(run->complaint, sizeof(run->complaint), "%.150s: %s", doc, err->text);
}

static UNUSED struct scratch_run scratch_open(void)
{
	struct scratch_run run = { 0 };
	struct cordon_err err = { 0 };

	cr_assert_eq(retriever_open(scratch_data, &run.retriever, &err), 0, "%s", err.text);
	cr_assert_eq(shield_open(&run.shield, &err), 0, "%s", err.text);
	return run;
}

static UNUSED void scratch_close(struct scratch_run *run)
{
	shield_close(run->shield);
	retriever_close(run->retriever);
}

static UNUSED struct retriever_intake scratch_intake(struct scratch_run *run)
{
	run->tally = (struct retriever_tally){ 0 };
	run->complaints = 0;
	return (struct retriever_intake){ .shield = run->shield, .complain = scratch_complain, .ctx = run };
}

static UNUSED void scratch_index(struct scratch_run *run, const char *path)
{
	const struct retriever_intake intake = scratch_intake(run);
	struct cordon_err err = { 0 };

	cr_assert_eq(retriever_index_path(run->retriever, &intake, path, &run->tally, &err), 0, "%s", err.text);
}

static UNUSED void scratch_index_jsonl(struct scratch_run *run, struct cordon_slice lines)
{
	const struct retriever_intake intake = scratch_intake(run);
	struct cordon_err err = { 0 };
	char path[400];
	cleanup_close int fd = -1;

	snprintf(path, sizeof(path), "%s/in.jsonl", scratch);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	cr_assert_eq(file_write_fd(fd, lines, NULL), 0);
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	cr_assert_eq(retriever_index_jsonl(run->retriever, &intake, &(struct retriever_jsonl){ fd, "in.jsonl" },
					   &run->tally, &err),
		     0, "%s", err.text);
}

static UNUSED struct retriever_hits scratch_find(struct scratch_run *run, struct cordon_slice text, uint32_t k)
{
	const struct retriever_query query = { .text = text, .k = k };
	struct retriever_hits hits = { 0 };
	struct cordon_err err = { 0 };

	cr_assert_eq(retriever_search(run->retriever, &query, &hits, &err), 0, "%s", err.text);
	return hits;
}

/* How many passages answer to these words. */
static UNUSED size_t scratch_count(struct scratch_run *run, const char *text)
{
	struct retriever_hits hits = scratch_find(run, slice_of(text), 1000);
	size_t count = hits.count;

	retriever_hits_release(&hits);
	return count;
}

#endif
