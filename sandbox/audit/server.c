// SPDX-License-Identifier: Apache-2.0
/*
 * server.c - the log writer's loop.
 *
 * One turn: poll; take everything that can be read from every client; one write and one flush for all of it; answer
 * all. So the more clients wait, the more records share a flush. Publication goes on in between, a step a turn. The
 * writer leaves when the last client is gone, everything is signed, and nobody came for a second: the next command of a
 * person at a terminal is later than that, the next one of a script is not.
 */
#include "sandbox/audit/server.h"

#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "sandbox/audit/message.h"
#include "sandbox/audit/publish.h"
#include "sandbox/base/err.h"
#include "sandbox/base/ident.h"
#include "sandbox/base/slice.h"

#define CLIENTS_MAX 500 /* below the usual 1024 descriptors */
#define REPLIES_MAX 1024 /* records of one flush; what is left waits a turn */
#define READ_STEP 16384 /* most records are below 1 KiB, so one read takes all that a client has sent */
#define INPUT_MAX (MESSAGE_HEAD + 65535 + READ_STEP)
#define FRAME_ROOM (65535 + 6 + 512) /* a frame and the boot record's */
#define PUBLISH_EVERY_MS 1000
#define LINGER_MS 1000
#define FAILED_LINGER_MS 100 /* a failed writer answers who has asked already, then makes way for the next */

struct client {
	int fd;
	struct buf in;
	bool wants_checkpoint;
	uint64_t wanted_size; /* ... over so many entries */
	bool gone;
};

struct reply {
	size_t client;
	uint64_t index;
};

struct server {
	struct log *log;
	int listener;
	int signals;
	bool ending; /* told to by a signal */
	bool failed_before; /* the log had failed before the last poll */
	bool backlog; /* whole messages are still in some client's buffer */
	struct publish publish;
	uint64_t published_ms;
	uint64_t idle_since_ms;
	size_t client_count;
	size_t reply_count;
	struct client clients[CLIENTS_MAX];
	struct reply replies[REPLIES_MAX];
	struct pollfd polled[CLIENTS_MAX + 2];
};

static uint64_t now_ms(void)
{
	return clock_monotonic_ns() / 1000000;
}

/* A new connection whose peer runs as this user; -1 where there is none. */
static int accept_own(int listener)
{
	int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	struct ucred peer = { .uid = (uid_t)-1 };
	socklen_t len = sizeof(peer);
	struct cordon_err why;

	if (fd < 0)
		return -1;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == 0 && peer.uid == geteuid())
		return fd;
	err_set(&why, CORDON_ESYS, 0, "the audit log's writer runs as another user (uid %u)", (unsigned int)geteuid());
	why.os_errno = EACCES;
	message_refuse(fd, &why);
	close(fd);
	return -1;
}

void server_refuse(int first, int listener, const struct cordon_err *why)
{
	int fd;

	message_refuse(first, why);
	if (listener < 0)
		return;
	while ((fd = accept_own(listener)) >= 0) {
		message_refuse(fd, why);
		close(fd);
	}
}

static void add_client(struct server *server, int fd)
{
	struct client *client = &server->clients[server->client_count];
	struct cordon_err full;

	if (server->client_count == CLIENTS_MAX) {
		err_set(&full, CORDON_EBUSY, 0, "%d clients write to this audit log already", CLIENTS_MAX);
		message_refuse(fd, &full);
		close(fd);
		return;
	}
	*client = (struct client){ .fd = fd };
	buf_init(&client->in, INPUT_MAX);
	client->gone = !message_number(fd, MESSAGE_READY, server->log->size);
	server->client_count++;
}

static void drop_gone(struct server *server)
{
	for (size_t i = 0; i < server->client_count;) {
		struct client *client = &server->clients[i];

		if (!client->gone) {
			i++;
			continue;
		}
		close(client->fd);
		buf_release(&client->in);
		*client = server->clients[--server->client_count];
		if (!server->client_count)
			server->idle_since_ms = now_ms();
	}
}

static void take_request(struct server *server, size_t at, uint32_t type, struct cordon_slice payload)
{
	struct client *client = &server->clients[at];
	struct reply *reply = &server->replies[server->reply_count];
	struct cordon_err err;

	if (type == MESSAGE_CHECKPOINT && !payload.len) {
		client->wants_checkpoint = true;
		client->wanted_size = server->log->size + server->log->batch_count;
		return;
	}
	if (type != MESSAGE_APPEND) {
		client->gone = true;
		return;
	}
	if (log_stage(server->log, payload, &reply->index, &err) < 0) {
		client->gone = !message_refuse(client->fd, &err);
		return;
	}
	reply->client = at;
	server->reply_count++;
}

/* Takes the whole messages out of a client's buffer, as many as this flush has room for. */
static void take_requests(struct server *server, size_t at)
{
	struct client *client = &server->clients[at];
	struct cordon_slice rest = buf_slice(&client->in);

	while (!client->gone && rest.len >= MESSAGE_HEAD) {
		uint32_t head[2];

		memcpy(head, rest.data, sizeof(head));
		if (le32toh(head[1]) > 65535) {
			client->gone = true;
			return;
		}
		if (rest.len - MESSAGE_HEAD < le32toh(head[1]))
			break;
		if (server->reply_count == REPLIES_MAX || server->log->batch.len > LOG_BATCH_MAX - FRAME_ROOM) {
			server->backlog = true;
			break;
		}
		take_request(server, at, le32toh(head[0]),
			     (struct cordon_slice){ rest.data + MESSAGE_HEAD, le32toh(head[1]) });
		rest = slice_from(rest, MESSAGE_HEAD + le32toh(head[1]));
	}
	if (rest.len != client->in.len) {
		memmove(client->in.data, rest.data, rest.len);
		client->in.len = rest.len;
	}
}

static void read_client(struct server *server, size_t at)
{
	struct client *client = &server->clients[at];
	size_t room = client->in.limit - client->in.len;
	char *to;
	ssize_t got;

	if (room > READ_STEP)
		room = READ_STEP;
	if (!room)
		return;
	to = buf_reserve(&client->in, room, NULL);
	got = to ? recv(client->fd, to, room, MSG_DONTWAIT) : 0;
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (got <= 0) {
		client->gone = true;
		return;
	}
	client->in.len += (size_t)got;
}

/* One flush for everybody, then the answers. */
static void commit(struct server *server)
{
	struct cordon_err err = { 0 };
	int rc = 0;

	if (server->log->batch_count)
		rc = log_commit(server->log, &err);
	for (size_t i = 0; i < server->reply_count; i++) {
		struct client *client = &server->clients[server->replies[i].client];

		if (rc < 0 ? !message_refuse(client->fd, &err)
			   : !message_number(client->fd, MESSAGE_DONE, server->replies[i].index))
			client->gone = true;
	}
	server->reply_count = 0;
}

static void answer_checkpoints(struct server *server, const struct cordon_err *fault)
{
	for (size_t i = 0; i < server->client_count; i++) {
		struct client *client = &server->clients[i];

		if (!client->wants_checkpoint || (!fault && client->wanted_size > server->log->signed_size))
			continue;
		client->wants_checkpoint = false;
		if (fault ? !message_refuse(client->fd, fault)
			  : !message_number(client->fd, MESSAGE_DONE, server->log->signed_size))
			client->gone = true;
	}
}

static bool is_asked(const struct server *server)
{
	for (size_t i = 0; i < server->client_count; i++)
		if (server->clients[i].wants_checkpoint)
			return true;
	return false;
}

static bool is_due(const struct server *server)
{
	return !server->client_count || server->ending || is_asked(server) ||
	       server->log->pending.len > LOG_PENDING_HIGH || now_ms() >= server->published_ms + PUBLISH_EVERY_MS;
}

static void publish_some(struct server *server)
{
	struct log *log = server->log;
	struct cordon_err err;
	int rc = 1;

	if (log->failed ||
	    (server->publish.stage == PUBLISH_IDLE && (log->size == log->signed_size || !is_due(server))))
		return;
	if (server->publish.stage == PUBLISH_IDLE)
		rc = publish_begin(&server->publish, &err);
	do {
		if (rc >= 0)
			rc = publish_step(&server->publish, &err);
	} while (rc == 1 && log->pending.len > LOG_PENDING_HIGH);
	if (rc == 0)
		server->published_ms = now_ms();
}

/* How long poll() may sleep: -1 for ever. */
static int patience_ms(const struct server *server)
{
	uint64_t now = now_ms();
	uint64_t until;

	if (server->backlog || (server->publish.stage != PUBLISH_IDLE && !server->log->failed))
		return 0;
	if (server->log->failed)
		return FAILED_LINGER_MS;
	if (server->log->size > server->log->signed_size)
		until = is_due(server) ? now : server->published_ms + PUBLISH_EVERY_MS;
	else if (!server->client_count)
		until = server->idle_since_ms + LINGER_MS;
	else
		return -1;
	return until > now ? (int)(until - now) : 0;
}

static bool is_over(const struct server *server, int ready)
{
	if (server->log->failed)
		return server->failed_before && ready == 0;
	if (server->publish.stage != PUBLISH_IDLE || server->log->size > server->log->signed_size)
		return false;
	return server->ending || (!server->client_count && now_ms() >= server->idle_since_ms + LINGER_MS);
}

static int wait_for_input(struct server *server)
{
	struct pollfd *polled = server->polled;
	int ready;

	server->failed_before = server->log->failed;
	polled[0] = (struct pollfd){ .fd = server->log->failed ? -1 : server->listener, .events = POLLIN };
	polled[1] = (struct pollfd){ .fd = server->ending ? -1 : server->signals, .events = POLLIN };
	for (size_t i = 0; i < server->client_count; i++)
		polled[i + 2] = (struct pollfd){ .fd = server->clients[i].fd, .events = POLLIN };
	ready = poll(polled, server->client_count + 2, patience_ms(server));
	return ready < 0 && errno == EINTR ? 1 : ready;
}

static void turn(struct server *server, size_t polled_clients)
{
	int fd;

	server->backlog = false;
	for (size_t i = 0; i < polled_clients; i++) {
		if (server->polled[i + 2].revents)
			read_client(server, i);
		take_requests(server, i);
	}
	commit(server);
	if (server->polled[1].revents)
		server->ending = true;
	if (server->polled[0].revents)
		while ((fd = accept_own(server->listener)) >= 0)
			add_client(server, fd);
	drop_gone(server);
}

int server_run(struct log *log, int first, int listener, int signals, struct cordon_err *err)
{
	struct server *server = calloc(1, sizeof(*server));
	int ready = 0;
	int rc;

	if (!server)
		return err_nomem(err);
	server->log = log;
	server->listener = listener;
	server->signals = signals;
	server->publish.log = log;
	server->published_ms = now_ms();
	server->idle_since_ms = now_ms();
	add_client(server, first);
	do {
		size_t polled_clients = server->client_count;

		ready = wait_for_input(server);
		if (ready < 0)
			break;
		turn(server, polled_clients);
		publish_some(server);
		answer_checkpoints(server, log->failed ? &log->fault : NULL);
	} while (!is_over(server, ready));
	rc = log->failed ? log->fault.code : 0;
	if (rc < 0)
		*err = log->fault;
	for (size_t i = 0; i < server->client_count; i++) {
		message_leaving(server->clients[i].fd);
		close(server->clients[i].fd);
		buf_release(&server->clients[i].in);
	}
	free(server);
	return rc;
}
