// SPDX-License-Identifier: Apache-2.0
/* gateway_lines.c - one message a line, byte for byte, whatever pieces it came in; one that is too long is told once and skipped. */
#include "sandbox/gateway/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

#include "tests/unit/base_scratch.h"

#define PIECE 7 /* shorter than the lines, so that they come in several */

TestSuite(lines, .init = scratch_make, .fini = scratch_drop);

static struct buf gathered; /* what reader_of() has told: "[line]" for each one, "!" for each that was too long */

static void tell(struct lines *lines)
{
	struct cordon_slice line;
	enum lines_event event;

	while ((event = lines_next(lines, &line)) != LINES_NONE) {
		if (event == LINES_TOO_LONG) {
			cr_assert_eq(buf_add_text(&gathered, "!", NULL), 0);
			continue;
		}
		cr_assert_eq(buf_add_text(&gathered, "[", NULL), 0);
		cr_assert_eq(buf_add(&gathered, line, NULL), 0);
		cr_assert_eq(buf_add_text(&gathered, "]", NULL), 0);
	}
}

static void finish(struct lines *lines)
{
	struct cordon_slice rest = lines_rest(lines);

	cr_assert_eq(buf_add_text(&gathered, "<", NULL), 0);
	cr_assert_eq(buf_add(&gathered, rest, NULL), 0);
	cr_assert_eq(buf_add_text(&gathered, ">", NULL), 0);
}

/* Each piece of `bytes` is written and read before the next. */
static void read_in_pieces(struct cordon_slice bytes, size_t piece)
{
	struct lines lines;
	int ends[2];

	buf_init(&gathered, 1 << 20);
	cr_assert_eq(pipe2(ends, O_CLOEXEC), 0);
	lines_init(&lines, ends[0]);
	while (bytes.len) {
		size_t len = bytes.len < piece ? bytes.len : piece;

		cr_assert_eq(write(ends[1], bytes.data, len), (ssize_t)len);
		cr_assert_eq(lines_fill(&lines, NULL), 1);
		tell(&lines);
		bytes = slice_from(bytes, len);
	}
	close(ends[1]);
	cr_assert_eq(lines_fill(&lines, NULL), 0);
	tell(&lines);
	finish(&lines);
	lines_release(&lines);
	close(ends[0]);
}

Test(lines, gives_each_line_as_it_is_whatever_pieces_it_came_in)
{
	static const struct {
		struct cordon_slice bytes, told;
	} cases[] = {
		{ SLICE(""), SLICE("<>") },
		{ SLICE("\n"), SLICE("[]<>") },
		{ SLICE("one\ntwo\n"), SLICE("[one][two]<>") },
		{ SLICE("one\n\n\ntwo"), SLICE("[one][][]<two>") },
		{ SLICE("no newline at all"), SLICE("<no newline at all>") },
		{ SLICE("a carriage return\r\nis a byte\r"), SLICE("[a carriage return\r]<is a byte\r>") },
		{ SLICE("a NUL \0 is one\n\0\n"), SLICE("[a NUL \0 is one][\0]<>") },
		{ SLICE("\xff\xfe\x80 too\n\xc3"), SLICE("[\xff\xfe\x80 too]<\xc3>") },
		{ SLICE("\v\f\x1a\x1b\x85\xe2\x80\xa8 end no line\n"),
		  SLICE("[\v\f\x1a\x1b\x85\xe2\x80\xa8 end no line]<>") },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		for (size_t piece = 1; piece <= 4 * PIECE; piece += 3) {
			read_in_pieces(cases[i].bytes, piece);
			cr_expect_eq(gathered.len, cases[i].told.len, "case %zu, pieces of %zu: %s", i, piece,
				     buf_text(&gathered));
			cr_expect_eq(memcmp(buf_text(&gathered), cases[i].told.data, cases[i].told.len), 0,
				     "case %zu, pieces of %zu: %s", i, piece, buf_text(&gathered));
			buf_release(&gathered);
		}
}

/* ---- long ones ---- */

/* A file of runs: `count` bytes of `byte`. */
struct run {
	size_t count;
	char byte;
};

static int file_of(const struct run *runs, size_t count)
{
	static char block[1 << 16];
	int fd = memfd_create("lines", MFD_CLOEXEC);

	cr_assert_geq(fd, 0);
	for (size_t i = 0; i < count; i++) {
		size_t left = runs[i].count;

		memset(block, runs[i].byte, sizeof(block));
		while (left) {
			size_t len = left < sizeof(block) ? left : sizeof(block);

			cr_assert_eq(write(fd, block, len), (ssize_t)len);
			left -= len;
		}
	}
	cr_assert_eq(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

struct told { /* in the order in which they came; the length of each line, SIZE_MAX for one that was too long */
	size_t lengths[16];
	size_t count;
	size_t rest;
	size_t most; /* bytes that were held at once */
};

static struct told read_file(const struct run *runs, size_t count)
{
	cleanup_close int fd = file_of(runs, count);
	struct told told = { .count = 0 };
	struct cordon_slice line;
	enum lines_event event;
	struct lines lines;
	int rc;

	lines_init(&lines, fd);
	do {
		rc = lines_fill(&lines, NULL);
		cr_assert_geq(rc, 0);
		told.most = lines.pending.len > told.most ? lines.pending.len : told.most;
		while ((event = lines_next(&lines, &line)) != LINES_NONE) {
			cr_assert_lt(told.count, ARRAY_LEN(told.lengths));
			told.lengths[told.count++] = event == LINES_LINE ? line.len : SIZE_MAX;
		}
	} while (rc);
	told.rest = lines_rest(&lines).len;
	lines_release(&lines);
	return told;
}

Test(lines, sixteen_mebibytes_are_a_line_and_one_byte_more_is_none)
{
	static const struct run runs[] = {
		{ LINE_MAX_BYTES, 'x' },     { 1, '\n' }, { 3, 'a' }, { 1, '\n' },
		{ LINE_MAX_BYTES + 1, 'y' }, { 1, '\n' }, { 4, 'b' }, { 1, '\n' },
	};
	struct told told = read_file(runs, ARRAY_LEN(runs));

	cr_assert_eq(told.count, 4);
	cr_expect_eq(told.lengths[0], LINE_MAX_BYTES);
	cr_expect_eq(told.lengths[1], 3);
	cr_expect_eq(told.lengths[2], SIZE_MAX);
	cr_expect_eq(told.lengths[3], 4);
	cr_expect_eq(told.rest, 0);
}

Test(lines, one_that_never_ends_is_told_once_and_not_kept)
{
	static const struct run runs[] = { { (size_t)LINE_MAX_BYTES * 8 + 12345, 'x' } };
	struct told told = read_file(runs, ARRAY_LEN(runs));

	cr_expect_eq(told.count, 1);
	cr_expect_eq(told.lengths[0], SIZE_MAX);
	cr_expect_eq(told.rest, 0, "what was too long is no last line either");
	cr_expect_leq(told.most, LINE_MAX_BYTES + (128u << 10), "%zu bytes were held", told.most);
}

Test(lines, two_that_are_too_long_are_told_twice_and_what_stands_between_is_read)
{
	static const struct run runs[] = {
		{ (size_t)LINE_MAX_BYTES * 2, 'x' },  { 1, '\n' }, { 2, 'a' }, { 2, '\n' },
		{ (size_t)LINE_MAX_BYTES * 3, '\0' }, { 1, '\n' }, { 5, 'b' },
	};
	struct told told = read_file(runs, ARRAY_LEN(runs));

	cr_assert_eq(told.count, 4);
	cr_expect_eq(told.lengths[0], SIZE_MAX);
	cr_expect_eq(told.lengths[1], 2);
	cr_expect_eq(told.lengths[2], 0);
	cr_expect_eq(told.lengths[3], SIZE_MAX);
	cr_expect_eq(told.rest, 5);
}

Test(lines, a_last_line_without_a_newline_may_have_sixteen_mebibytes_too)
{
	static const struct run whole[] = { { LINE_MAX_BYTES, 'x' } };
	static const struct run more[] = { { LINE_MAX_BYTES + 1, 'x' } };
	struct told told = read_file(whole, 1);

	cr_expect_eq(told.count, 0);
	cr_expect_eq(told.rest, LINE_MAX_BYTES);
	told = read_file(more, 1);
	cr_expect_eq(told.count, 1);
	cr_expect_eq(told.rest, 0);
}

/* ---- the descriptor ---- */

Test(lines, a_pipe_that_has_nothing_yet_is_not_at_its_end)
{
	struct lines lines;
	struct cordon_slice line;
	int ends[2];

	cr_assert_eq(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	lines_init(&lines, ends[0]);
	cr_expect_eq(lines_fill(&lines, NULL), 1);
	cr_expect_eq(lines_next(&lines, &line), LINES_NONE);
	cr_assert_eq(write(ends[1], "x\n", 2), 2);
	cr_expect_eq(lines_fill(&lines, NULL), 1);
	cr_expect_eq(lines_next(&lines, &line), LINES_LINE);
	cr_expect_eq(line.len, 1);
	lines_release(&lines);
	close(ends[0]);
	close(ends[1]);
}

Test(lines, what_cannot_be_read_is_an_error)
{
	cleanup_close int folder = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const int fds[] = { -1, folder };

	for (size_t i = 0; i < ARRAY_LEN(fds); i++) {
		struct cordon_err err = { .code = 0 };
		struct cordon_slice line;
		struct lines lines;

		lines_init(&lines, fds[i]);
		cr_expect_eq(lines_fill(&lines, &err), CORDON_ESYS);
		cr_expect_eq(err.os_errno, i ? EISDIR : EBADF);
		cr_expect_eq(lines_next(&lines, &line), LINES_NONE);
		cr_expect_eq(lines_rest(&lines).len, 0);
		lines_release(&lines);
	}
}

Test(lines, release_takes_what_was_never_used)
{
	struct lines lines = { .fd = -1 };

	lines_release(&lines);
	lines_init(&lines, -1);
	lines_release(&lines);
	lines_release(&lines);
}
