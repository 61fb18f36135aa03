// SPDX-License-Identifier: Apache-2.0
/*
 * fold.c - a view as the patterns read it.
 *
 * One pass, a word at a time: only at its end is it known whether a word mixes scripts or imitates letters by digits.
 * A word longer than WORD_MAX is given out in parts; no pattern is that long.
 */
#include "shield/fold.h"

#include <assert.h>
#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define WORD_MAX 64
#define SPACED_MAX 1000000

struct letter {
	uint32_t rune; /* folded */
	struct view_place place;
};

struct folder {
	const struct view *in;
	enum fold_mode mode;
	struct view *out;
	struct fold_seen *seen;
	struct letter word[WORD_MAX];
	size_t len;
	size_t spaced; /* words of one letter in a row, up to now */
};

/* Base letters of U+00C0-017F, U+0180-024F and U+1E00-1EFF; '?' where there is none. */
static const char latin_1[] = "aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty"
			      "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiiiiijjkkkllllllllllnnnnnn?nnoooooooo"
			      "rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";
static const char latin_2[] = "????????????????????????????????oo?????????????uu???????????????????dddlllnnnaaiioouuuu"
			      "uuuuuu?aaaaaa??ggkkoooo??jdddgg??nnaaaaooaaaaeeeeiiiioooorrrruuuusstt??hh??????aaeeoooo"
			      "ooooyy????????????????????????????";
static const char latin_3[] = "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppp"
			      "rrrrrrrrssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwyas??s?aaaaaaaaaaaaaaaa"
			      "aaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy??????";
static_assert(sizeof(latin_1) - 1 == 0x180 - 0xc0, "a letter for each character");
static_assert(sizeof(latin_2) - 1 == 0x250 - 0x180, "a letter for each character");
static_assert(sizeof(latin_3) - 1 == 0x1f00 - 0x1e00, "a letter for each character");

struct fold_range {
	uint32_t first, last;
	const char *letters; /* one a character, or NULL: `base` plus the distance modulo `period` */
	uint32_t base, period;
};

static const struct fold_range ranges[] = {
	{ 0xc0, 0x17f, latin_1, 0, 0 },	     { 0x180, 0x24f, latin_2, 0, 0 },
	{ 0x391, 0x3a9, NULL, 0x3b1, 0x20 }, /* Greek capitals */
	{ 0x400, 0x40f, NULL, 0x450, 0x20 }, /* Cyrillic capitals */
	{ 0x410, 0x42f, NULL, 0x430, 0x20 }, { 0x1e00, 0x1eff, latin_3, 0, 0 },
	{ 0x24b6, 0x24cf, NULL, 'a', 26 }, /* circled */
	{ 0x24d0, 0x24e9, NULL, 'a', 26 },   { 0xff10, 0xff19, NULL, '0', 10 }, /* full width */
	{ 0xff21, 0xff3a, NULL, 'a', 26 },   { 0xff41, 0xff5a, NULL, 'a', 26 },
	{ 0x1d400, 0x1d6a3, NULL, 'a', 26 }, /* mathematical alphabets: A to Z, a to z, thirteen times */
	{ 0x1d7ce, 0x1d7ff, NULL, '0', 10 }, { 0x1f130, 0x1f149, NULL, 'a', 26 }, /* squared */
	{ 0x1f150, 0x1f169, NULL, 'a', 26 }, { 0x1f170, 0x1f189, NULL, 'a', 26 },
	{ 0x1f1e6, 0x1f1ff, NULL, 'a', 26 }, /* regional indicators */
};

struct look_alike {
	uint32_t rune;
	char latin;
};

/* Lower case, after folding; the part of Unicode's confusables that spells English. */
static const struct look_alike look_alikes[] = {
	{ 0x3b1, 'a' }, { 0x3b5, 'e' }, { 0x3b7, 'n' }, { 0x3b9, 'i' }, { 0x3ba, 'k' }, { 0x3bd, 'v' }, { 0x3bf, 'o' },
	{ 0x3c1, 'p' }, { 0x3c3, 'o' }, { 0x3c4, 't' }, { 0x3c5, 'u' }, { 0x3c7, 'x' }, { 0x3c9, 'w' }, { 0x3b3, 'y' },
	{ 0x3f2, 'c' }, { 0x430, 'a' }, { 0x431, 'b' }, { 0x432, 'b' }, { 0x433, 'r' }, { 0x435, 'e' }, { 0x43a, 'k' },
	{ 0x43c, 'm' }, { 0x43d, 'h' }, { 0x43e, 'o' }, { 0x43f, 'n' }, { 0x440, 'p' }, { 0x441, 'c' }, { 0x442, 't' },
	{ 0x443, 'y' }, { 0x445, 'x' }, { 0x455, 's' }, { 0x456, 'i' }, { 0x457, 'i' }, { 0x458, 'j' }, { 0x45b, 'h' },
	{ 0x4bb, 'h' }, { 0x4cf, 'l' }, { 0x501, 'd' }, { 0x51b, 'q' }, { 0x51d, 'w' }, { 0x561, 'w' }, { 0x570, 'h' },
	{ 0x578, 'n' }, { 0x57d, 'u' }, { 0x585, 'o' }, { 0x581, 'g' },
};

static uint32_t fold_small_capital(uint32_t rune)
{
	static const struct look_alike rows[] = {
		{ 0x1d00, 'a' }, { 0x299, 'b' },  { 0x1d04, 'c' }, { 0x1d05, 'd' }, { 0x1d07, 'e' }, { 0x262, 'g' },
		{ 0x29c, 'h' },	 { 0x26a, 'i' },  { 0x1d0a, 'j' }, { 0x1d0b, 'k' }, { 0x29f, 'l' },  { 0x1d0d, 'm' },
		{ 0x274, 'n' },	 { 0x1d0f, 'o' }, { 0x1d18, 'p' }, { 0x280, 'r' },  { 0xa731, 's' }, { 0x1d1b, 't' },
		{ 0x1d1c, 'u' }, { 0x1d20, 'v' }, { 0x1d21, 'w' }, { 0x28f, 'y' },  { 0x1d22, 'z' },
	};

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (rows[i].rune == rune)
			return (unsigned char)rows[i].latin;
	return rune;
}

static uint32_t fold_rune(uint32_t rune)
{
	if (rune < 0x80)
		return rune >= 'A' && rune <= 'Z' ? rune + 32 : rune;
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
		const struct fold_range *range = &ranges[i];

		if (rune < range->first || rune > range->last)
			continue;
		if (!range->letters)
			return range->base + (rune - range->first) % range->period;
		return range->letters[rune - range->first] == '?' ? rune
								  : (unsigned char)range->letters[rune - range->first];
	}
	return (rune >= 0x250 && rune < 0x300) || (rune >= 0x1d00 && rune < 0x1d80) || rune == 0xa731
		       ? fold_small_capital(rune)
		       : rune;
}

static char look_alike_of(uint32_t rune)
{
	for (size_t i = 0; i < ARRAY_LEN(look_alikes); i++)
		if (look_alikes[i].rune == rune)
			return look_alikes[i].latin;
	return '\0';
}

static char leet_of(uint32_t rune)
{
	static const char digits[] = "oi?eas?tb?";

	if (rune >= '0' && rune <= '9')
		return digits[rune - '0'] == '?' ? '\0' : digits[rune - '0'];
	if (rune == '@')
		return 'a';
	if (rune == '$')
		return 's';
	return rune == '!' || rune == '|' ? 'i' : '\0';
}

static bool is_ascii_letter(uint32_t rune)
{
	return rune >= 'a' && rune <= 'z';
}

static bool is_dropped(uint32_t rune)
{
	return utf8_is_format(rune) || (rune >= 0x300 && rune <= 0x36f) || (rune >= 0xfe00 && rune <= 0xfe0f) ||
	       rune == 0x115f || rune == 0x3164 || rune == 0x180e || rune == '\'' || rune == 0x2019;
}

static bool is_word(const struct folder *folder, uint32_t rune)
{
	if (rune < 0x80)
		return is_ascii_letter(rune) || (rune >= '0' && rune <= '9') ||
		       (folder->mode == FOLD_LEET && (rune == '@' || rune == '$' || rune == '!' || rune == '|'));
	return rune > 0xbf && !(rune >= 0x2000 && rune <= 0x2bff) && !(rune >= 0x3000 && rune <= 0x303f) &&
	       !(rune >= 0xff00 && rune <= 0xffef) && rune != 0xfffd && rune != 0x964 && rune != 0x965 &&
	       rune != 0x60c && rune != 0x61f && rune != 0x61b;
}

static int put(struct folder *folder, char byte, struct view_place place, struct cordon_err *err)
{
	return view_add(folder->out, (struct cordon_slice){ &byte, 1 }, place, err);
}

static int put_space(struct folder *folder, struct view_place place, struct cordon_err *err)
{
	if (folder->mode == FOLD_SQUEEZED || (folder->out->len && folder->out->bytes[folder->out->len - 1] == ' '))
		return 0;
	return put(folder, ' ', place, err);
}

/* What the word's letters are, taken together. */
static void judge_word(struct folder *folder)
{
	size_t ascii = 0;
	size_t alike = 0;
	size_t leet = 0;

	for (size_t i = 0; i < folder->len; i++) {
		uint32_t rune = folder->word[i].rune;

		ascii += is_ascii_letter(rune);
		leet += leet_of(rune) != '\0';
		alike += rune >= 0x80 && look_alike_of(rune);
	}
	if (ascii && leet)
		folder->seen->leet_words++;
	if (ascii && alike && !folder->seen->mixed_words++)
		folder->seen->first_mixed =
			(struct view_place){ folder->word[0].place.start, folder->word[folder->len - 1].place.end };
	for (size_t i = 0; i < folder->len; i++) {
		struct letter *letter = &folder->word[i];

		if (ascii && letter->rune >= 0x80 && look_alike_of(letter->rune))
			letter->rune = (unsigned char)look_alike_of(letter->rune);
		if (folder->mode == FOLD_LEET && leet_of(letter->rune) && (ascii || leet == folder->len) &&
		    folder->len > 1)
			letter->rune = (unsigned char)leet_of(letter->rune);
	}
}

/* Gives the word out; `ended` where a separator follows, false where it only grew too long. */
static int flush_word(struct folder *folder, bool ended, struct cordon_err *err)
{
	bool single = folder->len == 1 && ended && is_ascii_letter(folder->word[0].rune);
	int rc = 0;

	if (!folder->len)
		return 0;
	judge_word(folder);
	folder->spaced = single && folder->spaced < SPACED_MAX ? folder->spaced + 1 : 0;
	if (folder->spaced > folder->seen->longest_spaced)
		folder->seen->longest_spaced = folder->spaced;
	if (folder->mode == FOLD_SQUEEZED && !single) {
		rc = put(folder, FOLD_STOP, folder->word[0].place, err);
		folder->len = 0;
		return rc;
	}
	for (size_t i = 0; i < folder->len && rc == 0; i++) {
		char bytes[4];
		size_t width = utf8_encode(folder->word[i].rune, bytes);

		rc = view_add(folder->out, (struct cordon_slice){ bytes, width }, folder->word[i].place, err);
	}
	folder->len = 0;
	return rc;
}

/* Is the sign at `at` the end of a sentence, or an empty line? */
static bool is_stop(struct cordon_slice text, size_t at, uint32_t rune)
{
	char next = at + 1 < text.len ? text.data[at + 1] : '\n';

	if (rune == '\n')
		return next == '\n' || next == '\r';
	if (rune == '.' || rune == '!' || rune == '?')
		return next == ' ' || next == '\n' || next == '\r' || next == '\t' || next == '<';
	return rune == 0x964 || rune == 0x61f || rune == 0x3002 || rune == 0xff01 || rune == 0xff1f;
}

static int take_separator(struct folder *folder, bool stop, struct view_place place, struct cordon_err *err)
{
	int rc = flush_word(folder, true, err);

	if (rc == 0)
		rc = put_space(folder, place, err);
	if (rc == 0 && stop && folder->mode != FOLD_SQUEEZED) {
		rc = put(folder, FOLD_STOP, place, err);
		if (rc == 0)
			rc = put(folder, ' ', place, err);
	}
	return rc;
}

static int take_letter(struct folder *folder, uint32_t rune, struct view_place place, struct cordon_err *err)
{
	int rc = folder->len == WORD_MAX ? flush_word(folder, false, err) : 0;

	folder->word[folder->len++] = (struct letter){ rune, place };
	return rc;
}

/* "\n" and the like, spelled out as in JSON and source code: two bytes of white space. */
static bool is_escape(struct cordon_slice text, size_t at)
{
	return text.data[at] == '\\' && at + 1 < text.len && strchr("nrt", text.data[at + 1]) && text.data[at + 1];
}

static int take(struct folder *folder, size_t *at, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(folder->in);
	uint32_t raw = 0xfffd;
	size_t width = utf8_decode(slice_from(text, *at), &raw);
	size_t here = *at;
	struct view_place place;
	uint32_t rune;

	if (!width)
		width = 1;
	else if (is_escape(text, here))
		width = 2;
	place = view_span(folder->in, here, here + width);
	*at += width;
	if (is_dropped(raw)) {
		folder->seen->invisible += folder->len && raw >= 0x80;
		return 0;
	}
	rune = fold_rune(raw);
	if (is_word(folder, rune))
		return take_letter(folder, rune, place, err);
	return take_separator(folder, is_stop(text, here, raw), place, err);
}

int fold_view(const struct view *in, enum fold_mode mode, struct view *out, struct fold_seen *seen,
	      struct cordon_err *err)
{
	struct folder folder = { .in = in, .mode = mode, .out = out, .seen = seen };
	int rc;

	view_clear(out);
	*seen = (struct fold_seen){ 0 };
	if (!in->len)
		return 0;
	rc = put_space(&folder, in->at[0], err);
	for (size_t at = 0; at < in->len && rc == 0;)
		rc = take(&folder, &at, err);
	return rc < 0 ? rc : take_separator(&folder, false, in->at[in->len - 1], err);
}

bool fold_is_unspaced(uint32_t rune)
{
	return (rune >= 0x3040 && rune <= 0x30ff) || (rune >= 0x3400 && rune <= 0x4dbf) ||
	       (rune >= 0x4e00 && rune <= 0x9fff) || (rune >= 0xe00 && rune <= 0xe7f);
}
