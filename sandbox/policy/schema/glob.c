// SPDX-License-Identifier: Apache-2.0
/*
 * glob.c - paths below a root against a pattern.
 *
 * Matching goes segment by segment, and inside a segment by the two-pointer walk that needs no recursion, so that no
 * pattern takes more than (pattern x path) steps: patterns are the operator's, but paths are the model's.
 */
#include "sandbox/policy/schema/glob.h"

#include <stddef.h>
#include <string.h>

struct span { /* a segment: no '/' inside */
	const char *at;
	size_t len;
};

static struct span segment_of(const char *text)
{
	return (struct span){ text, strcspn(text, "/") };
}

static const char *behind(struct span segment)
{
	return segment.at[segment.len] ? segment.at + segment.len + 1 : segment.at + segment.len;
}

/* The end of "[...]" that begins at `at`, or NULL where it has none within the segment. */
static const char *class_end(const char *at, const char *end)
{
	const char *from = at + 1;

	if (from < end && (*from == '!' || *from == '^'))
		from++;
	if (from < end && *from == ']')
		from++;
	return from < end ? memchr(from, ']', (size_t)(end - from)) : NULL;
}

static bool class_has(const char *at, const char *close, char byte)
{
	bool inverted = at[1] == '!' || at[1] == '^';
	bool found = false;

	for (const char *from = at + 1 + inverted; from < close; from++) {
		if (from + 2 < close && from[1] == '-') {
			found = found || ((unsigned char)byte >= (unsigned char)from[0] &&
					  (unsigned char)byte <= (unsigned char)from[2]);
			from += 2;
			continue;
		}
		found = found || *from == byte;
	}
	return found != inverted;
}

/* Bytes of a character, so that `?` is one character of a UTF-8 name. */
static size_t width_at(const char *text, size_t len)
{
	size_t width = 1;

	while (width < len && ((unsigned char)text[width] & 0xc0) == 0x80)
		width++;
	return width;
}

/* Matches one pattern element at *pattern against the text; moves both on. */
static bool step(const char **pattern, const char *pattern_end, struct span *text)
{
	const char *close;
	size_t width;

	if (*pattern == pattern_end || !text->len)
		return false;
	width = 1;
	close = *pattern;
	if (**pattern == '?') {
		width = width_at(text->at, text->len);
	} else if (**pattern == '[' && (close = class_end(*pattern, pattern_end))) {
		if (!class_has(*pattern, close, *text->at))
			return false;
	} else {
		close = *pattern;
		if (**pattern != *text->at)
			return false;
	}
	*pattern = close + 1;
	text->at += width;
	text->len -= width;
	return true;
}

static bool segment_matches(struct span pattern, struct span text)
{
	const char *at = pattern.at;
	const char *end = pattern.at + pattern.len;
	const char *star = NULL;
	struct span resume = text;

	for (;;) {
		if (at < end && *at == '*') {
			star = ++at;
			resume = text;
			continue;
		}
		if (at == end && !text.len)
			return true;
		if (step(&at, end, &text))
			continue;
		if (!star || !resume.len)
			return false;
		resume.at++;
		resume.len--;
		at = star;
		text = resume;
	}
}

static bool is_deep(struct span segment)
{
	return segment.len == 2 && segment.at[0] == '*' && segment.at[1] == '*';
}

bool glob_matches(const char *pattern, const char *path)
{
	const char *star = NULL; /* behind the last double star */
	const char *resume = NULL;

	while (*path || *pattern) {
		struct span wanted = segment_of(pattern);
		struct span have = segment_of(path);

		if (*pattern && is_deep(wanted)) {
			star = behind(wanted);
			if (!wanted.at[wanted.len]) /* a double star at the end: everything below, and not nothing */
				return *path != '\0';
			resume = path;
			pattern = star;
			continue;
		}
		if (*pattern && *path && segment_matches(wanted, have)) {
			pattern = behind(wanted);
			path = behind(have);
			continue;
		}
		if (!star || !resume || !*resume)
			return false;
		resume = behind(segment_of(resume));
		path = resume;
		pattern = star;
	}
	return true;
}

const char *glob_fault(const char *pattern)
{
	if (!*pattern)
		return "an empty pattern";
	if (strlen(pattern) > GLOB_MAX)
		return "a pattern of more than 1024 bytes";
	if (*pattern == '/')
		return "a pattern that begins with '/': it sees the path below the root";
	for (const char *at = pattern; *at;) {
		struct span segment = segment_of(at);

		if (!segment.len)
			return "an empty folder name in the pattern";
		if ((segment.len == 1 && *at == '.') || (segment.len == 2 && at[0] == '.' && at[1] == '.'))
			return "'.' or '..' in the pattern: paths are resolved before they are matched";
		if (segment.len > 2 && memmem(at, segment.len, "**", 2))
			return "'**' beside other characters: it stands for whole folders, as in '**/*.txt'";
		at = behind(segment);
		if (!*at && segment.at[segment.len])
			return "a '/' at the end of the pattern";
	}
	return NULL;
}
