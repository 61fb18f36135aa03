/* SPDX-License-Identifier: Apache-2.0 */
/*
 * channel.h - framed messages between Cordon's own programs, over a stream socket.
 *
 * A frame is u32 type, u32 length, then the payload (little-endian). Descriptors travel with the first byte of a frame
 * (SCM_RIGHTS). A frame longer than the receiver's limit is a protocol error: the sender is one of ours, or an attacker.
 */
#ifndef BASE_CHANNEL_H
#define BASE_CHANNEL_H

#include "sandbox/base/buf.h"

#define CHANNEL_FDS_MAX 64 /* stdin, stdout, stderr and the checked objects of one call */

struct channel_message {
	uint32_t type;
	struct buf payload; /* limit: what channel_receive() was given */
	int fds[CHANNEL_FDS_MAX];
	size_t fd_count;
};

/* Descriptors that go with a message; borrowed. */
struct channel_fds {
	const int *list;
	size_t count;
};

/* Blocks until all is written. EPIPE comes back as CORDON_ESYS, never as a signal. */
USE_RESULT int channel_send(int fd, uint32_t type, struct cordon_slice payload, struct channel_fds fds,
			    struct cordon_err *err);
static inline USE_RESULT int channel_send_plain(int fd, uint32_t type, struct cordon_slice payload,
						struct cordon_err *err)
{
	return channel_send(fd, type, payload, (struct channel_fds){ NULL, 0 }, err);
}

/*
 * Blocks for one message. Returns 1 with *message filled (release it with channel_message_release(); descriptors in it
 * are owned by it, O_CLOEXEC), 0 at the end of the stream between two frames, or an error.
 */
USE_RESULT int channel_receive(int fd, size_t limit_bytes, struct channel_message *message, struct cordon_err *err);
/* Frees the payload and closes the descriptors that were not taken with TAKE_FD(). */
void channel_message_release(struct channel_message *message);

#define cleanup_message CLEANUP(channel_message_release)

#endif
