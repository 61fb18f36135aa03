// SPDX-License-Identifier: Apache-2.0
/*
 * stream.c - the tool's standard input and output.
 *
 * Output always passes through us: it is counted against the limit, and no descriptor of the caller's terminal or files
 * gets inside. Input is handed over as it is only where that gives nothing but reading, a pipe: a terminal could be typed
 * into, a socket answered to, a folder walked out of, and a file opened again for writing through /proc/self/fd/0.
 */
#include "sandbox/jail/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "sandbox/base/err.h"
#include "sandbox/base/switch_off.h"

static int make_pipe(int *tool, int *ours, bool tool_writes, struct cordon_err *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot make a pipe for the tool");
	*tool = ends[tool_writes ? 1 : 0];
	*ours = ends[tool_writes ? 0 : 1];
	if (fcntl(*ours, F_SETFL, O_NONBLOCK) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot set up a pipe for the tool");
	return 0;
}

static bool may_hand_over(int fd)
{
	struct stat status;
	int flags = fcntl(fd, F_GETFL);

	if (switched_off("input-copy"))
		return true;
	if (flags < 0 || (flags & O_ACCMODE) != O_RDONLY || fstat(fd, &status) < 0)
		return false;
	return S_ISFIFO(status.st_mode) || (S_ISCHR(status.st_mode) && status.st_rdev == makedev(1, 3) /* null */);
}

static int open_input(struct streams *streams, struct cordon_err *err)
{
	const struct jail_sink *sink = streams->sink;
	int fd = sink->stdin_fd;

	if (sink->stdin_bytes) {
		streams->feed = *sink->stdin_bytes;
		return make_pipe(&streams->tool[0], &streams->ours[0], false, err);
	}
	if (fd >= 0 && (sink->stdin_copy || !may_hand_over(fd))) {
		streams->source = fd;
		return make_pipe(&streams->tool[0], &streams->ours[0], false, err);
	}
	streams->tool[0] = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : open("/dev/null", O_RDONLY | O_CLOEXEC);
	return streams->tool[0] < 0 ? err_set(err, CORDON_ESYS, errno, "cannot open the tool's input") : 0;
}

int streams_open(const struct jail_sink *sink, const struct jail_limits *limits, struct jail_outcome *outcome,
		 struct streams *streams, struct cordon_err *err)
{
	int rc;

	*streams = (struct streams){ .sink = sink,
				     .outcome = outcome,
				     .tool = { -1, -1, -1 },
				     .ours = { -1, -1, -1 },
				     .source = -1,
				     .left = switched_off("limit-output") ? UINT64_MAX : limits->output_bytes };
	buf_init(&outcome->out, limits->output_bytes + 1);
	buf_init(&outcome->err, limits->output_bytes + 1);
	streams->chunk = malloc(STREAM_CHUNK);
	rc = streams->chunk ? open_input(streams, err) : err_nomem(err);
	rc = rc < 0 ? rc : make_pipe(&streams->tool[1], &streams->ours[1], true, err);
	rc = rc < 0 ? rc : make_pipe(&streams->tool[2], &streams->ours[2], true, err);
	if (rc < 0)
		streams_close(streams);
	return rc;
}

void streams_give(const struct streams *streams, uid_t uid, gid_t gid)
{
	for (int i = 0; i < 3; i++)
		if (streams->ours[i] >= 0) /* a pipe of ours: both ends are one inode */
			(void)!fchown(streams->tool[i], uid, gid);
}

static void close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

void streams_handed(struct streams *streams)
{
	for (int i = 0; i < 3; i++)
		close_end(&streams->tool[i]);
	if (streams->sink->stdin_bytes && !streams->feed.len)
		close_end(&streams->ours[0]);
}

size_t streams_wait(const struct streams *streams, struct pollfd polls[STREAM_POLLS])
{
	size_t count = 0;

	for (int i = 1; i < 3; i++)
		if (streams->ours[i] >= 0 && !streams->full)
			polls[count++] = (struct pollfd){ .fd = streams->ours[i], .events = POLLIN };
	if (streams->ours[0] < 0)
		return count;
	if (streams->feed.len)
		polls[count++] = (struct pollfd){ .fd = streams->ours[0], .events = POLLOUT };
	else if (streams->source >= 0)
		polls[count++] = (struct pollfd){ .fd = streams->source, .events = POLLIN };
	return count;
}

static void read_source(struct streams *streams)
{
	struct pollfd ready = { .fd = streams->source, .events = POLLIN };
	ssize_t len;

	if (streams->source < 0 || streams->feed.len || streams->ours[0] < 0 || poll(&ready, 1, 0) <= 0)
		return;
	len = read(streams->source, streams->chunk, STREAM_CHUNK);
	if (len > 0) {
		streams->feed = (struct cordon_slice){ streams->chunk, (size_t)len };
		return;
	}
	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return;
	streams->source = -1;
	close_end(&streams->ours[0]);
}

static void write_feed(struct streams *streams)
{
	while (streams->feed.len && streams->ours[0] >= 0) {
		ssize_t len = write(streams->ours[0], streams->feed.data, streams->feed.len);

		if (len < 0 && errno == EINTR)
			continue;
		if (len < 0 && errno == EAGAIN)
			return;
		if (len < 0) { /* nobody reads it any more */
			streams->source = -1;
			streams->feed.len = 0;
			break;
		}
		streams->feed.data += len;
		streams->feed.len -= (size_t)len;
	}
	if (!streams->feed.len && streams->source < 0)
		close_end(&streams->ours[0]);
}

static int deliver(struct streams *streams, int stream, struct cordon_slice bytes, struct cordon_err *err)
{
	if (bytes.len > streams->left) {
		bytes.len = (size_t)streams->left;
		streams->full = true;
		streams->outcome->truncated = true;
	}
	streams->left -= bytes.len;
	if (!bytes.len)
		return 0;
	if (streams->sink->write) {
		streams->sink->write(streams->sink->ctx, stream, bytes);
		return 0;
	}
	return buf_add(stream == 1 ? &streams->outcome->out : &streams->outcome->err, bytes, err);
}

/* One chunk: a callback may take its time, and the launcher's word must not wait for a second one. */
static int read_output(struct streams *streams, int stream, struct cordon_err *err)
{
	char chunk[STREAM_CHUNK];
	ssize_t len;

	if (streams->ours[stream] < 0 || streams->full)
		return 0;
	len = read(streams->ours[stream], chunk, sizeof(chunk));
	if (len < 0 && (errno == EINTR || errno == EAGAIN))
		return 0;
	if (len > 0)
		return deliver(streams, stream, (struct cordon_slice){ chunk, (size_t)len }, err);
	close_end(&streams->ours[stream]);
	return 0;
}

int streams_move(struct streams *streams, struct cordon_err *err)
{
	int rc;

	read_source(streams);
	write_feed(streams);
	rc = read_output(streams, 1, err);
	return rc < 0 ? rc : read_output(streams, 2, err);
}

void streams_close(struct streams *streams)
{
	for (int i = 0; i < 3; i++) {
		close_end(&streams->tool[i]);
		close_end(&streams->ours[i]);
	}
	free(streams->chunk);
	streams->chunk = NULL;
}
