/* SPDX-License-Identifier: Apache-2.0 */
/*
 * stream.h - the tool's standard input and output: pipes of our own, and moving bytes through them.
 */
#ifndef JAIL_STREAM_H
#define JAIL_STREAM_H

#include <poll.h>

#include "sandbox/jail/jail.h"

#define STREAM_CHUNK (64u << 10) /* a pipe's capacity */
#define STREAM_POLLS 4

struct streams {
	const struct jail_sink *sink;
	struct jail_outcome *outcome;
	int tool[3]; /* the tool's ends; -1 after streams_handed() */
	int ours[3]; /* write end of its input, read ends of its output; -1: closed */
	int source; /* borrowed: what input is copied from; -1 */
	struct cordon_slice feed; /* input that waits to be written */
	char *chunk; /* STREAM_CHUNK bytes */
	uint64_t left; /* output that may still come */
	bool full; /* more came than may */
};

/* Makes the pipes. owner: who may open them again through /proc/self/fd; (uid_t)-1: nobody else. */
USE_RESULT int streams_open(const struct jail_sink *sink, const struct jail_limits *limits,
			    struct jail_outcome *outcome, struct streams *streams, struct cordon_err *err);
/* So that the tool may open /dev/stdout, which is our pipe. */
void streams_give(const struct streams *streams, uid_t uid, gid_t gid);
/* The tool has its ends. */
void streams_handed(struct streams *streams);
/* Fills polls with what to wait for; returns how many (at most STREAM_POLLS). */
size_t streams_wait(const struct streams *streams, struct pollfd polls[STREAM_POLLS]);
/* Moves what can be moved without waiting. An error is out of memory. */
USE_RESULT int streams_move(struct streams *streams, struct cordon_err *err);
void streams_close(struct streams *streams);

#endif
