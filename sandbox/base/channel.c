// SPDX-License-Identifier: Apache-2.0
/*
 * channel.c - framed messages between Cordon's own programs.
 *
 * Descriptors ride on the first byte of a frame, so they are read with the header or not at all: a receiver that gets any
 * with a later byte has a broken peer. Every descriptor that came in is closed on every failure.
 */
#include "sandbox/base/channel.h"

#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "sandbox/base/err.h"

struct header {
	uint32_t type, len; /* little-endian */
};

union control {
	struct cmsghdr align;
	char bytes[CMSG_SPACE(CHANNEL_FDS_MAX * sizeof(int))];
};

static int send_all(int fd, struct msghdr *message, struct cordon_err *err)
{
	while (message->msg_iovlen) {
		ssize_t sent = sendmsg(fd, message, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot send to a program of ours");
		message->msg_control = NULL; /* went with the first byte */
		message->msg_controllen = 0;
		while (message->msg_iovlen && (size_t)sent >= message->msg_iov->iov_len) {
			sent -= (ssize_t)message->msg_iov->iov_len;
			message->msg_iov++;
			message->msg_iovlen--;
		}
		if (message->msg_iovlen) {
			message->msg_iov->iov_base = (char *)message->msg_iov->iov_base + sent;
			message->msg_iov->iov_len -= (size_t)sent;
		}
	}
	return 0;
}

int channel_send(int fd, uint32_t type, struct cordon_slice payload, struct channel_fds fds, struct cordon_err *err)
{
	struct header header = { htole32(type), htole32((uint32_t)payload.len) };
	struct iovec parts[] = { { &header, sizeof(header) }, { (void *)(uintptr_t)payload.data, payload.len } };
	struct msghdr message = { .msg_iov = parts, .msg_iovlen = payload.len ? 2 : 1 };
	union control control = { 0 };

	if (payload.len > UINT32_MAX || fds.count > CHANNEL_FDS_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "a message of %zu bytes and %zu descriptors", payload.len,
			       fds.count);
	if (fds.count) {
		message.msg_control = control.bytes;
		message.msg_controllen = CMSG_SPACE(fds.count * sizeof(int));
		control.align.cmsg_level = SOL_SOCKET;
		control.align.cmsg_type = SCM_RIGHTS;
		control.align.cmsg_len = CMSG_LEN(fds.count * sizeof(int));
		memcpy(CMSG_DATA(&control.align), fds.list, fds.count * sizeof(int));
	}
	return send_all(fd, &message, err);
}

static void keep_fds(struct channel_message *message, struct msghdr *got)
{
	for (struct cmsghdr *part = CMSG_FIRSTHDR(got); part; part = CMSG_NXTHDR(got, part)) {
		size_t count;

		if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS)
			continue;
		count = (part->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(part) + i * sizeof(int), sizeof(fd));
			if (message->fd_count < CHANNEL_FDS_MAX)
				message->fds[message->fd_count++] = fd;
			else
				close(fd);
		}
	}
}

/* Reads exactly len bytes; descriptors are kept where message is given. 0 only at the end before the first byte. */
static int read_exactly(int fd, char *to, size_t len, struct channel_message *message, struct cordon_err *err)
{
	size_t have = 0;

	while (have < len) {
		struct iovec part = { to + have, len - have };
		union control control = { 0 };
		struct msghdr got = { .msg_iov = &part, .msg_iovlen = 1 };
		ssize_t count;

		if (message) {
			got.msg_control = control.bytes;
			got.msg_controllen = sizeof(control.bytes);
		}
		count = recvmsg(fd, &got, MSG_CMSG_CLOEXEC);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return err_set(err, CORDON_ESYS, errno, "cannot receive from a program of ours");
		if (count == 0 && !have)
			return 0;
		if (count == 0)
			return err_set(err, CORDON_EPROTO, 0, "a program of ours ended in the middle of a message");
		if (message)
			keep_fds(message, &got);
		have += (size_t)count;
	}
	return 1;
}

int channel_receive(int fd, size_t limit_bytes, struct channel_message *message, struct cordon_err *err)
{
	struct channel_message in = { 0 };
	struct header header;
	size_t len;
	char *to;
	int rc;

	buf_init(&in.payload, limit_bytes);
	rc = read_exactly(fd, (char *)&header, sizeof(header), &in, err);
	if (rc <= 0) {
		channel_message_release(&in);
		return rc;
	}
	in.type = le32toh(header.type);
	len = le32toh(header.len);
	to = buf_reserve(&in.payload, len, err);
	if (!to) {
		channel_message_release(&in);
		return err_set(err, CORDON_EPROTO, 0, "a message of %zu bytes where at most %zu are right", len,
			       limit_bytes);
	}
	rc = len ? read_exactly(fd, to, len, NULL, err) : 1;
	if (rc <= 0) {
		channel_message_release(&in);
		return rc < 0 ? rc
			      : err_set(err, CORDON_EPROTO, 0, "a program of ours ended in the middle of a message");
	}
	in.payload.len = len;
	to[len] = '\0';
	*message = in;
	return 1;
}

void channel_message_release(struct channel_message *message)
{
	buf_release(&message->payload);
	for (size_t i = 0; i < message->fd_count; i++)
		if (message->fds[i] >= 0)
			close(message->fds[i]);
	message->fd_count = 0;
}
