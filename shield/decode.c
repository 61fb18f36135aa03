// SPDX-License-Identifier: Apache-2.0
/*
 * decode.c - text that is spelled in another alphabet.
 *
 * Each decoder walks the piece once and never looks back, so all of them together are linear; what they give out is
 * bounded by the document's budget and by DECODE_DEPTH_MAX.
 */
#include "shield/decode.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define BASE64_MIN 20 /* characters: "ignore rules" and longer */
#define HEX_PAIRS_MIN 10
#define ESCAPES_MIN 4
#define WRAP_MIN 16 /* characters of a line that base64 may go on after */
#define WEAK_ENCODING 0.10

struct decoder {
	const struct decode_target *target;
	const struct piece *piece;
	struct view out;
};

static int value_of_hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

static int value_of_base64(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+' || c == '-')
		return 62;
	return c == '/' || c == '_' ? 63 : -1;
}

bool decode_is_readable(struct cordon_slice bytes)
{
	size_t good = 0;
	size_t letters = 0;

	for (size_t at = 0; at < bytes.len;) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(bytes, at), &rune);

		if (width && (rune >= 0x20 || rune == '\n' || rune == '\t' || rune == '\r') && rune != 0x7f)
			good += width;
		if (width && ((rune | 0x20) - 'a' < 26 || rune == ' ' || rune >= 0x3b0))
			letters += width;
		at += width ? width : 1;
	}
	return bytes.len >= 4 && good * 100 >= bytes.len * 95 && letters * 100 >= bytes.len * 60;
}

static int say_weak(struct decoder *decoder, const char *how, struct cordon_err *err)
{
	struct evidence evidence = { .kind = SHIELD_KIND_ENCODED,
				     .layer = SHIELD_LAYER_STRUCTURE,
				     .class = EVIDENCE_WEAK,
				     .source = how,
				     .weight = WEAK_ENCODING,
				     .span = view_span(&decoder->out, 0, decoder->out.len),
				     .says = "holds encoded text",
				     .where = decoder->piece->where,
				     .how = how,
				     .shown = view_slice(&decoder->out) };

	return dossier_add(decoder->target->dossier, &evidence, err);
}

/* Hands decoder->out to the sink; `named` where the encoding is worth a finding of its own. */
static int give_out(struct decoder *decoder, const char *how, bool named, struct cordon_err *err)
{
	struct piece piece = { .view = &decoder->out,
			       .placement = decoder->piece->placement,
			       .where = decoder->piece->where,
			       .how = how,
			       .how_kind = SHIELD_KIND_ENCODED,
			       .depth = decoder->piece->depth + 1 };
	int rc = 0;

	if (!decoder->out.len || decoder->out.len > *decoder->target->budget)
		return 0;
	*decoder->target->budget -= decoder->out.len;
	if (named)
		rc = say_weak(decoder, how, err);
	return rc < 0 ? rc : decoder->target->sink(decoder->target->context, &piece, err);
}

static struct view_place place_of(const struct decoder *decoder, size_t from, size_t to)
{
	return view_span(decoder->piece->view, from, to);
}

/* ---- base64 ---- */

/* A line break inside base64, with what may indent the next line; 0 where the run ends here. */
static size_t skip_wrap(struct cordon_slice text, size_t at, size_t line)
{
	size_t next = at;

	if (line < WRAP_MIN)
		return 0;
	while (next < text.len && next - at < 8 && strchr("\r\n \t>\"\\+", text.data[next]) && text.data[next])
		next++;
	if (next == at || next >= text.len || value_of_base64(text.data[next]) < 0)
		return 0;
	return memchr(text.data + at, '\n', next - at) ? next - at : 0;
}

struct base64 {
	uint32_t bits;
	size_t have; /* characters of the group */
	size_t group; /* where it began */
};

static int take_base64(struct decoder *decoder, struct base64 *state, size_t at, struct cordon_err *err)
{
	char bytes[3];
	int rc;

	if (!state->have)
		state->group = at;
	state->bits = state->bits << 6 | (uint32_t)value_of_base64(decoder->piece->view->bytes[at]);
	if (++state->have < 4)
		return 0;
	bytes[0] = (char)(state->bits >> 16 & 0xff);
	bytes[1] = (char)(state->bits >> 8 & 0xff);
	bytes[2] = (char)(state->bits & 0xff);
	rc = view_add(&decoder->out, (struct cordon_slice){ bytes, 3 }, place_of(decoder, state->group, at + 1), err);
	*state = (struct base64){ 0 };
	return rc;
}

/* Two characters left over are one byte, three are two. */
static int end_base64(struct decoder *decoder, const struct base64 *state, size_t to, struct cordon_err *err)
{
	uint32_t bits = state->have == 2 ? state->bits << 4 : state->bits >> 2;
	char bytes[2] = { (char)(bits >> 8 & 0xff), (char)(bits & 0xff) };

	if (state->have == 2)
		bytes[0] = (char)(state->bits >> 4 & 0xff);
	if (state->have < 2)
		return 0;
	return view_add(&decoder->out, (struct cordon_slice){ bytes, state->have - 1 },
			place_of(decoder, state->group, to), err);
}

/* One run, from its `skip`-th character on: a run that was cut at a piece's border may begin in mid-group. */
static int decode_run(struct decoder *decoder, size_t from, size_t to, size_t skip, struct cordon_err *err)
{
	struct base64 state = { 0 };
	int rc = 0;

	view_clear(&decoder->out);
	for (size_t at = from; at < to && rc == 0; at++) {
		if (value_of_base64(decoder->piece->view->bytes[at]) < 0)
			continue;
		if (skip)
			skip--;
		else
			rc = take_base64(decoder, &state, at, err);
	}
	if (rc == 0)
		rc = end_base64(decoder, &state, to, err);
	if (rc == 0 && decode_is_readable(view_slice(&decoder->out)))
		rc = give_out(decoder, "base64", true, err);
	return rc;
}

static int decode_base64_runs(struct decoder *decoder, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(decoder->piece->view);
	int rc = 0;

	for (size_t at = 0; at < text.len && rc == 0;) {
		size_t from = at;
		size_t line = 0;
		size_t count = 0;

		while (at < text.len) {
			size_t wrap = 0;

			if (value_of_base64(text.data[at]) >= 0) {
				at++;
				line++;
				count++;
				continue;
			}
			wrap = skip_wrap(text, at, line);
			if (!wrap)
				break;
			at += wrap;
			line = 0;
		}
		for (size_t skip = 0; count >= BASE64_MIN && skip < (from ? 1U : 4U) && rc == 0; skip++)
			rc = decode_run(decoder, from, at, skip, err);
		at++;
	}
	return rc;
}

/* ---- hex ---- */

static size_t hex_pair(struct cordon_slice text, size_t at)
{
	return at + 1 < text.len && value_of_hex(text.data[at]) >= 0 && value_of_hex(text.data[at + 1]) >= 0 ? 2 : 0;
}

/* What may stand between two pairs. */
static size_t hex_gap(struct cordon_slice text, size_t at)
{
	static const char *const gaps[] = { ", 0x", ",0x", " 0x", " ", ":", "-", "," };

	for (size_t i = 0; i < ARRAY_LEN(gaps); i++)
		if (slice_starts(slice_from(text, at), slice_of(gaps[i])))
			return strlen(gaps[i]);
	return 0;
}

static int decode_hex_runs(struct decoder *decoder, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(decoder->piece->view);
	int rc = 0;

	for (size_t at = 0; at < text.len && rc == 0;) {
		view_clear(&decoder->out);
		while (rc == 0 && hex_pair(text, at)) {
			char byte = (char)(value_of_hex(text.data[at]) << 4 | value_of_hex(text.data[at + 1]));
			size_t gap;

			rc = view_add(&decoder->out, (struct cordon_slice){ &byte, 1 }, place_of(decoder, at, at + 2),
				      err);
			gap = hex_gap(text, at + 2);
			at += 2 + (gap && hex_pair(text, at + 2 + gap) ? gap : 0);
		}
		if (rc == 0 && decoder->out.len >= HEX_PAIRS_MIN && decode_is_readable(view_slice(&decoder->out)))
			rc = give_out(decoder, "hexadecimal", true, err);
		at++;
	}
	return rc;
}

/* ---- escapes ---- */

struct entity {
	const char *name;
	uint32_t rune;
};

static const struct entity entities[] = {
	{ "amp", '&' },	     { "lt", '<' },	   { "gt", '>' },	{ "quot", '"' },
	{ "apos", '\'' },    { "nbsp", 0xa0 },	   { "shy", 0xad },	{ "zwnj", 0x200c },
	{ "zwj", 0x200d },   { "lrm", 0x200e },	   { "rlm", 0x200f },	{ "ndash", 0x2013 },
	{ "mdash", 0x2014 }, { "lsquo", 0x2018 },  { "rsquo", 0x2019 }, { "ldquo", 0x201c },
	{ "rdquo", 0x201d }, { "hellip", 0x2026 }, { "colon", ':' },	{ "period", '.' },
	{ "comma", ',' },    { "excl", '!' },	   { "lpar", '(' },	{ "rpar", ')' },
	{ "sol", '/' },	     { "NewLine", '\n' },  { "Tab", '\t' },	{ "ZeroWidthSpace", 0x200b },
	{ "copy", 0xa9 },    { "eacute", 0xe9 },
};

static uint32_t digits_of(struct cordon_slice text, uint32_t base, size_t max, size_t *used)
{
	uint32_t value = 0;

	for (*used = 0; *used < text.len && *used < max; ++*used) {
		int digit = value_of_hex(text.data[*used]);

		if (digit < 0 || (uint32_t)digit >= base)
			break;
		value = value * base + (uint32_t)digit;
	}
	return value;
}

static bool is_rune(uint32_t rune)
{
	return rune && rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff);
}

size_t decode_entity(struct cordon_slice text, uint32_t *rune)
{
	bool hex = text.len > 3 && (text.data[2] == 'x' || text.data[2] == 'X');
	size_t start = hex ? 3 : 2;
	size_t used = 0;

	if (text.len < 4 || text.data[0] != '&')
		return 0;
	if (text.data[1] == '#') {
		uint32_t value = digits_of(slice_from(text, start), hex ? 16 : 10, 7, &used);

		*rune = is_rune(value) ? value : 0xfffd;
		if (!used)
			return 0;
		return start + used + (start + used < text.len && text.data[start + used] == ';');
	}
	for (size_t i = 0; i < ARRAY_LEN(entities); i++) {
		size_t len = strlen(entities[i].name);

		if (len + 2 <= text.len && text.data[len + 1] == ';' && !memcmp(text.data + 1, entities[i].name, len)) {
			*rune = entities[i].rune;
			return len + 2;
		}
	}
	return 0;
}

struct escape {
	const char *lead;
	size_t min, max; /* hex digits */
	bool byte; /* a byte and not a character */
	bool braced;
	const char *how;
};

static const struct escape escapes[] = {
	{ "%", 2, 2, true, false, "percent escapes" }, { "\\u{", 1, 6, false, true, "\\u escapes" },
	{ "\\u", 4, 4, false, false, "\\u escapes" },  { "\\U", 8, 8, false, false, "\\U escapes" },
	{ "\\x", 2, 2, true, false, "\\x escapes" },   { "=", 2, 2, true, false, "quoted-printable" },
	{ "U+", 4, 6, false, false, "code points" },   { "%u", 4, 4, false, false, "percent escapes" },
};

/* The escape at the start of text: its bytes in out, its width; 0 where there is none. */
static size_t read_escape(struct cordon_slice text, char out[4], size_t *out_len, const char **how)
{
	uint32_t rune = 0;
	size_t used = decode_entity(text, &rune);

	if (used && rune != 0xfffd) {
		*out_len = utf8_encode(rune, out);
		*how = "HTML entities";
		return used;
	}
	for (size_t i = 0; i < ARRAY_LEN(escapes); i++) {
		const struct escape *escape = &escapes[i];
		size_t lead = strlen(escape->lead);

		if (!slice_starts(text, (struct cordon_slice){ escape->lead, lead }))
			continue;
		rune = digits_of(slice_from(text, lead), 16, escape->max, &used);
		if (used < escape->min || (!escape->byte && !is_rune(rune)) ||
		    (escape->braced && (lead + used >= text.len || text.data[lead + used] != '}')))
			continue;
		out[0] = (char)(rune & 0xff);
		*out_len = escape->byte ? 1 : utf8_encode(rune, out);
		*how = escape->how;
		return lead + used + escape->braced;
	}
	return 0;
}

/* The whole piece again with its escapes read, where there are enough of them. */
static int decode_escapes(struct decoder *decoder, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(decoder->piece->view);
	const char *how = NULL;
	size_t count = 0;
	int rc = 0;

	view_clear(&decoder->out);
	for (size_t at = 0; at < text.len && rc == 0;) {
		char bytes[4] = { text.data[at] };
		size_t len = 1;
		size_t width = 0;

		if (strchr("%\\&=U", text.data[at]) && text.data[at])
			width = read_escape(slice_from(text, at), bytes, &len, &how);
		count += width > 0;
		width = width ? width : 1;
		rc = view_add(&decoder->out, (struct cordon_slice){ bytes, len }, place_of(decoder, at, at + width),
			      err);
		at += width;
	}
	return rc < 0 || count < ESCAPES_MIN ? rc : give_out(decoder, how, false, err);
}

/* ---- turned text ---- */

struct turn {
	const char *hints[4]; /* in the folded text: words that no language has and these encodings give */
	const char *how;
	bool backwards;
};

static const struct turn turns[] = {
	{ { "erongi", "snoitcurtsni", " tpmorp", " drager" }, "reversed text", true },
	{ { " vtaber ", "vafgehpgvbaf", " cebzcg ", " qvfertneq " }, "rot13", false },
	{ { " gur ", " lbh ", " lbhe ", " naq gur " }, "rot13", false },
};

static char turn_letter(char c)
{
	if ((c | 0x20) < 'a' || (c | 0x20) > 'z')
		return c;
	return (char)((c & 0x20) | 0x40 | (((c & 0x1f) - 1 + 13) % 26 + 1));
}

static int turn_piece(struct decoder *decoder, const struct turn *turn, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(decoder->piece->view);
	size_t at = turn->backwards ? text.len : 0;
	int rc = 0;

	view_clear(&decoder->out);
	while (rc == 0 && (turn->backwards ? at > 0 : at < text.len)) {
		size_t from = at;
		size_t to = at + 1;
		char byte;

		if (turn->backwards) {
			to = at--;
			while (at > 0 && to - at < 4 && ((unsigned char)text.data[at] & 0xc0) == 0x80)
				at--;
			from = at;
		} else {
			at++;
		}
		byte = turn_letter(text.data[from]);
		rc = view_add(&decoder->out,
			      turn->backwards ? (struct cordon_slice){ text.data + from, to - from }
					      : (struct cordon_slice){ &byte, 1 },
			      place_of(decoder, from, to), err);
	}
	return rc < 0 ? rc : give_out(decoder, turn->how, false, err);
}

static bool is_hinted(const struct view *folded, const struct turn *turn)
{
	for (size_t i = 0; i < ARRAY_LEN(turn->hints); i++)
		if (folded->len && memmem(folded->bytes, folded->len, turn->hints[i], strlen(turn->hints[i])))
			return true;
	return false;
}

/* All hints are read before the first piece is given out: the sink may fold that one into the same view. */
static int decode_turned(struct decoder *decoder, const struct view *folded, struct cordon_err *err)
{
	bool hinted[ARRAY_LEN(turns)];
	int rc = 0;

	for (size_t i = 0; i < ARRAY_LEN(turns); i++)
		hinted[i] = is_hinted(folded, &turns[i]);
	for (size_t i = 0; i < ARRAY_LEN(turns) && rc == 0; i++)
		if (hinted[i])
			rc = turn_piece(decoder, &turns[i], err);
	return rc;
}

int decode_piece(const struct decode_target *target, const struct piece *piece, const struct view *folded,
		 struct cordon_err *err)
{
	struct decoder decoder = { .target = target, .piece = piece };
	int rc;

	if (piece->depth >= DECODE_DEPTH_MAX || !piece->view->len)
		return 0;
	rc = decode_turned(&decoder, folded, err);
	if (rc == 0)
		rc = decode_base64_runs(&decoder, err);
	if (rc == 0)
		rc = decode_hex_runs(&decoder, err);
	if (rc == 0)
		rc = decode_escapes(&decoder, err);
	view_release(&decoder.out);
	return rc;
}
