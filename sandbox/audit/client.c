// SPDX-License-Identifier: Apache-2.0
/*
 * client.c - appending through the log writer.
 *
 * A request goes out without waiting for the writer's READY, so a writer that has just been started wakes up while its
 * client goes on working. Until READY came nothing was read: where another writer holds the log, or this one
 * leaves just then, the request is sent again; LEAVING says the same later on. After READY an answer that does not come leaves the record's fate unknown, so
 * nothing is ever repeated from here: the caller is told, and the next request finds or starts another writer.
 */
#include "sandbox/audit/audit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "sandbox/audit/message.h"
#include "sandbox/base/channel.h"
#include "sandbox/base/err.h"
#include "sandbox/base/file.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/program.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/wire.h"

#define WRITER "cordon-log"
#define READY_MS 10000 /* a writer that holds the lock and gives no answer for so long hangs */
#define RETRY_NS 2000000 /* between two tries; a writer's start or end takes about as long */
#define ANSWER_S 60 /* a flush on an overloaded disk takes seconds */

struct audit {
	char *folder;
	int fd; /* -1: no writer is known */
	bool ready; /* the writer has said READY */
	pid_t writer; /* the process that was started from here, 0: none */
};

/* How far a request got when its connection broke. */
enum exchange {
	EXCHANGE_FAILED, /* *err says why */
	EXCHANGE_UNREAD, /* nobody has read it: it may be sent again */
	EXCHANGE_DONE
};

static void reap(struct audit *audit, int flags)
{
	if (audit->writer > 0 && waitpid(audit->writer, NULL, flags) != 0)
		audit->writer = 0;
}

static void disconnect(struct audit *audit)
{
	if (audit->fd >= 0)
		close(audit->fd);
	audit->fd = -1;
	audit->ready = false;
	reap(audit, WNOHANG);
}

static bool socket_address(const char *folder, struct sockaddr_un *address, int *folder_fd)
{
	const size_t room = sizeof(address->sun_path);

	*address = (struct sockaddr_un){ .sun_family = AF_UNIX };
	if ((size_t)snprintf(address->sun_path, room, "%s/" MESSAGE_SOCKET, folder) < room)
		return true;
	/* A path is longer than an address may be; a descriptor's is not. */
	*folder_fd = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	snprintf(address->sun_path, room, "/proc/self/fd/%d/" MESSAGE_SOCKET, *folder_fd);
	return *folder_fd >= 0;
}

static int connect_running(const char *folder)
{
	cleanup_close int fd = -1;
	cleanup_close int folder_fd = -1;
	struct sockaddr_un address;

	if (!socket_address(folder, &address, &folder_fd))
		return -1;
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0)
		return -1;
	return TAKE_FD(fd);
}

/* The running writer, else a new one. */
static int find_writer(struct audit *audit, struct cordon_err *err)
{
	const char *args[] = { audit->folder, NULL };
	const struct timeval patience = { .tv_sec = ANSWER_S };
	struct program program = { .channel = -1 };
	int rc = 0;

	audit->fd = connect_running(audit->folder);
	if (audit->fd < 0) {
		rc = file_make_dirs(audit->folder, 0700, err);
		if (rc == 0)
			rc = program_start(WRITER, args, -1, &program, err);
		if (rc < 0)
			return rc;
		reap(audit, WNOHANG);
		audit->writer = program.pid;
		audit->fd = program.channel;
	}
	audit->ready = false;
	if (setsockopt(audit->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(audit->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0)
		return err_set(err, CORDON_ESYS, errno, "cannot set a time limit on the log writer");
	return 0;
}

static int refusal(const struct audit *audit, struct cordon_slice payload, struct cordon_err *err)
{
	struct wire_reader reader = wire_reader_of(payload);
	uint32_t code = wire_get_u32(&reader);
	int os_errno = (int)wire_get_u32(&reader);
	struct cordon_slice text = slice_from(payload, 8);

	if (reader.bad || !code || code > 100)
		return err_set(err, CORDON_EPROTO, 0, "the log writer refused in words that are none");
	err_set(err, -(int)code, 0, "audit log '%s': %.*s", audit->folder, (int)text.len, text.data);
	err->os_errno = os_errno;
	return err->code;
}

/* Waits for READY. */
static enum exchange await_ready(struct audit *audit, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	int rc = channel_receive(audit->fd, MESSAGE_REPLY_MAX, &message, err);

	if (rc < 0 && err->os_errno == EAGAIN) {
		err_set(err, CORDON_EBUSY, 0, "the log writer of '%s' did not answer in %d s", audit->folder, ANSWER_S);
		return EXCHANGE_FAILED;
	}
	if (rc <= 0 || message.type == MESSAGE_LEAVING)
		return EXCHANGE_UNREAD;
	if (message.type == MESSAGE_READY) {
		audit->ready = true;
		return EXCHANGE_DONE;
	}
	if (message.type == MESSAGE_REFUSED)
		refusal(audit, buf_slice(&message.payload), err);
	else
		err_set(err, CORDON_EPROTO, 0, "the log writer began with message %u", message.type);
	return EXCHANGE_FAILED;
}

static enum exchange await_answer(struct audit *audit, uint64_t *number, struct cordon_err *err)
{
	cleanup_message struct channel_message message = { 0 };
	struct wire_reader reader;
	int rc = channel_receive(audit->fd, MESSAGE_REPLY_MAX, &message, err);

	if (rc <= 0) {
		err_set(err, CORDON_EPROTO, rc < 0 ? err->os_errno : 0,
			"audit log '%s': the log writer ended, or hangs, before it answered; whether this record is on "
			"the log, `cordon audit tail` says",
			audit->folder);
		return EXCHANGE_FAILED;
	}
	if (message.type == MESSAGE_LEAVING)
		return EXCHANGE_UNREAD;
	if (message.type == MESSAGE_REFUSED) {
		refusal(audit, buf_slice(&message.payload), err);
		return EXCHANGE_FAILED;
	}
	reader = wire_reader_of(buf_slice(&message.payload));
	*number = wire_get_u64(&reader);
	if (message.type == MESSAGE_DONE && wire_done(&reader))
		return EXCHANGE_DONE;
	err_set(err, CORDON_EPROTO, 0, "the log writer answered with message %u", message.type);
	return EXCHANGE_FAILED;
}

static enum exchange try_once(struct audit *audit, uint32_t type, struct cordon_slice payload, uint64_t *number,
			      struct cordon_err *err)
{
	enum exchange got = EXCHANGE_DONE;
	int sent;

	if (audit->fd < 0 && find_writer(audit, err) < 0)
		return EXCHANGE_FAILED;
	sent = channel_send_plain(audit->fd, type, payload, err);
	/* Even where the request did not get out, the writer may have said why before it left. */
	if (!audit->ready)
		got = await_ready(audit, err);
	if (got != EXCHANGE_DONE)
		return got;
	/* A writer that had left before the request did has not read it. */
	if (sent < 0)
		return err->os_errno == EPIPE || err->os_errno == ECONNRESET ? EXCHANGE_UNREAD : EXCHANGE_FAILED;
	return await_answer(audit, number, err);
}

static int exchange(struct audit *audit, uint32_t type, struct cordon_slice payload, uint64_t *number,
		    struct cordon_err *err)
{
	const struct timespec pause = { .tv_nsec = RETRY_NS };
	uint64_t deadline = clock_monotonic_ns() + READY_MS * UINT64_C(1000000);

	for (;;) {
		enum exchange got = try_once(audit, type, payload, number, err);

		if (got == EXCHANGE_DONE)
			return 0;
		disconnect(audit);
		if (got == EXCHANGE_FAILED)
			return err->code;
		if (clock_monotonic_ns() > deadline)
			return err_set(err, CORDON_EBUSY, 0, "no log writer came up for '%s' within %d s",
				       audit->folder, READY_MS / 1000);
		nanosleep(&pause, NULL);
	}
}

int audit_open(const char *folder, struct audit **out, struct cordon_err *err)
{
	struct audit *audit = calloc(1, sizeof(*audit));
	int rc;

	if (!audit)
		return err_nomem(err);
	audit->fd = -1;
	audit->folder = realpath(folder, NULL);
	if (!audit->folder) {
		rc = file_make_dirs(folder, 0700, err);
		if (rc == 0)
			audit->folder = realpath(folder, NULL);
		if (rc == 0 && !audit->folder)
			rc = err_set(err, CORDON_ESYS, errno, "cannot open folder '%s'", folder);
		if (rc < 0) {
			audit_close(audit);
			return err_wrap(err, rc, "the audit log cannot be opened");
		}
	}
	rc = find_writer(audit, err);
	if (rc < 0) {
		audit_close(audit);
		return rc;
	}
	*out = audit;
	return 0;
}

void audit_close(struct audit *audit)
{
	if (!audit)
		return;
	disconnect(audit);
	free(audit->folder);
	free(audit);
}

int audit_append(struct audit *audit, struct cordon_slice record, uint64_t *index, struct cordon_err *err)
{
	uint64_t number = 0;
	int rc;

	if (record.len > AUDIT_RECORD_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a record of %zu bytes where the log takes %d", record.len,
			       AUDIT_RECORD_MAX);
	if (record.len < 2 || record.data[0] != '{' || record.data[record.len - 1] != '}')
		return err_set(err, CORDON_EINVAL, 0, "a record that is not one JSON object");
	rc = exchange(audit, MESSAGE_APPEND, record, &number, err);
	if (rc == 0)
		*index = number;
	return rc;
}

int audit_checkpoint(struct audit *audit, struct cordon_err *err)
{
	uint64_t size = 0;

	return exchange(audit, MESSAGE_CHECKPOINT, (struct cordon_slice){ "", 0 }, &size, err);
}
