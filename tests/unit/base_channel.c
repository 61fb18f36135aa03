// SPDX-License-Identifier: Apache-2.0
/*
 * base_channel.c - frames over a real socket pair: whole, with their descriptors, and from peers that cut and lie.
 */
#include "sandbox/base/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "tests/unit/base_scratch.h"

static int ends[2];

static void make_ends(void)
{
	scratch_make();
	cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
}

static void drop_ends(void)
{
	close(ends[0]);
	close(ends[1]);
	scratch_drop();
}

TestSuite(channel, .init = make_ends, .fini = drop_ends, .timeout = 30);

/* Bytes as a peer that does not use channel.c might send them. */
static void send_raw(struct cordon_slice bytes)
{
	cr_assert_eq(write(ends[0], bytes.data, bytes.len), (ssize_t)bytes.len);
}

Test(channel, carries_a_message)
{
	cleanup_message struct channel_message message = { 0 };

	cr_assert_eq(channel_send_plain(ends[0], 7, SLICE("he\0lo"), NULL), 0);
	cr_assert_eq(channel_receive(ends[1], 5, &message, NULL), 1);
	cr_expect_eq(message.type, 7);
	cr_expect(slice_equal(buf_slice(&message.payload), SLICE("he\0lo")));
	cr_expect_eq(message.fd_count, 0);
}

Test(channel, keeps_messages_apart_and_in_order)
{
	for (uint32_t i = 0; i < 50; i++)
		cr_assert_eq(channel_send_plain(ends[0], i, (struct cordon_slice){ "0123456789", i % 11 }, NULL), 0);
	for (uint32_t i = 0; i < 50; i++) {
		cleanup_message struct channel_message message = { 0 };

		cr_assert_eq(channel_receive(ends[1], 10, &message, NULL), 1);
		cr_assert_eq(message.type, i);
		cr_assert_eq(message.payload.len, i % 11);
	}
}

Test(channel, is_little_endian_on_the_wire)
{
	char bytes[12];

	cr_assert_eq(channel_send_plain(ends[0], 0x01020304, SLICE("abcd"), NULL), 0);
	cr_assert_eq(read(ends[1], bytes, sizeof(bytes)), 12);
	cr_expect_arr_eq(bytes, "\4\3\2\1\4\0\0\0abcd", 12);
}

Test(channel, carries_more_than_the_socket_holds)
{
	static char bytes[4 << 20];
	cleanup_message struct channel_message message = { 0 };
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (!pid) {
		memset(bytes, 'z', sizeof(bytes));
		_exit(channel_send_plain(ends[0], 1, (struct cordon_slice){ bytes, sizeof(bytes) }, NULL) != 0);
	}
	cr_assert_eq(channel_receive(ends[1], sizeof(bytes), &message, NULL), 1);
	cr_expect_eq(message.payload.len, sizeof(bytes));
	cr_expect_eq(message.payload.data[sizeof(bytes) - 1], 'z');
	waitpid(pid, NULL, 0);
}

Test(channel, hands_descriptors_over_closed_on_exec)
{
	cleanup_message struct channel_message message = { 0 };
	cleanup_message struct channel_message second = { 0 };
	int pair[2];
	char byte = 0;

	cr_assert_eq(pipe2(pair, O_CLOEXEC), 0);
	cr_assert_eq(channel_send(ends[0], 1, SLICE("x"), (struct channel_fds){ pair, 2 }, NULL), 0);
	cr_assert_eq(channel_send(ends[0], 2, SLICE(""), (struct channel_fds){ pair, 1 }, NULL), 0);
	close(pair[0]);
	close(pair[1]);
	cr_assert_eq(channel_receive(ends[1], 10, &message, NULL), 1);
	cr_assert_eq(message.fd_count, 2);
	cr_expect(fcntl(message.fds[0], F_GETFD) & FD_CLOEXEC);
	cr_assert_eq(write(message.fds[1], "!", 1), 1);
	cr_assert_eq(read(message.fds[0], &byte, 1), 1);
	cr_expect_eq(byte, '!');
	cr_assert_eq(channel_receive(ends[1], 10, &second, NULL), 1, "descriptors of one message came with another");
	cr_expect_eq(second.fd_count, 1);
}

Test(channel, a_taken_descriptor_outlives_its_message)
{
	struct channel_message message = { 0 };
	int kept;

	cr_assert_eq(channel_send(ends[0], 1, SLICE(""), (struct channel_fds){ &ends[0], 1 }, NULL), 0);
	cr_assert_eq(channel_receive(ends[1], 0, &message, NULL), 1);
	kept = TAKE_FD(message.fds[0]);
	channel_message_release(&message);
	channel_message_release(&message);
	cr_expect_geq(fcntl(kept, F_GETFD), 0);
	close(kept);
}

Test(channel, carries_64_descriptors_and_no_more)
{
	cleanup_message struct channel_message message = { 0 };
	int many[CHANNEL_FDS_MAX + 1];

	for (size_t i = 0; i < ARRAY_LEN(many); i++)
		many[i] = ends[1];
	cr_expect_eq(channel_send(ends[0], 1, SLICE(""), (struct channel_fds){ many, CHANNEL_FDS_MAX + 1 }, NULL),
		     CORDON_ELIMIT);
	cr_assert_eq(channel_send(ends[0], 1, SLICE(""), (struct channel_fds){ many, CHANNEL_FDS_MAX }, NULL), 0);
	cr_assert_eq(channel_receive(ends[1], 10, &message, NULL), 1);
	cr_expect_eq(message.fd_count, CHANNEL_FDS_MAX);
}

Test(channel, the_end_between_two_messages_is_no_error)
{
	struct channel_message message = { 0 };

	close(ends[0]);
	ends[0] = -1;
	cr_expect_eq(channel_receive(ends[1], 10, &message, NULL), 0);
}

/* Every cut of one frame, in header and payload. */
Test(channel, the_end_within_a_message_is_one)
{
	static const char frame[] = "\1\0\0\0\4\0\0\0abcd";

	for (size_t len = 1; len < sizeof(frame) - 1; len++) {
		struct channel_message message = { .type = 99 };
		struct cordon_err err = { 0 };
		int pair[2];

		cr_assert_eq(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
		cr_assert_eq(write(pair[0], frame, len), (ssize_t)len);
		close(pair[0]);
		cr_expect_eq(channel_receive(pair[1], 10, &message, &err), CORDON_EPROTO, "cut at %zu", len);
		cr_expect_eq(message.type, 99, "touched on failure");
		close(pair[1]);
	}
}

Test(channel, refuses_a_length_past_the_limit_before_it_reads)
{
	struct channel_message message = { 0 };
	struct cordon_err err = { 0 };

	send_raw(SLICE("\1\0\0\0\xff\xff\xff\xff"));
	cr_expect_eq(channel_receive(ends[1], 100, &message, &err), CORDON_EPROTO);
	cr_expect_str_eq(err.text, "a message of 4294967295 bytes where at most 100 are right");
	send_raw(SLICE("\1\0\0\0\2\0\0\0xx"));
	cr_expect_eq(channel_receive(ends[1], 1, &message, &err), CORDON_EPROTO);
}

Test(channel, closes_the_descriptors_of_a_message_it_refuses)
{
	struct channel_message message = { 0 };

	/* scratch_drop() counts what is open afterwards. */
	cr_assert_eq(channel_send(ends[0], 1, SLICE("too long"), (struct channel_fds){ ends, 2 }, NULL), 0);
	cr_expect_eq(channel_receive(ends[1], 3, &message, NULL), CORDON_EPROTO);
}

Test(channel, a_peer_that_left_is_an_error_and_no_signal)
{
	struct cordon_err err = { 0 };

	close(ends[1]);
	ends[1] = -1;
	cr_expect_eq(channel_send_plain(ends[0], 1, SLICE("x"), &err), CORDON_ESYS);
	cr_expect_eq(err.os_errno, EPIPE);
}

Test(channel, a_descriptor_that_is_none_is_an_error)
{
	struct channel_message message = { 0 };
	int bad = 999;

	cr_expect_eq(channel_send(ends[0], 1, SLICE(""), (struct channel_fds){ &bad, 1 }, NULL), CORDON_ESYS);
	cr_expect_eq(channel_receive(999, 10, &message, NULL), CORDON_ESYS);
}
