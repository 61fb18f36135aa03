// SPDX-License-Identifier: Apache-2.0
/*
 * utf8.c - strict UTF-8, by the table of well-formed sequences in Unicode 15, table 3-7.
 */
#include "sandbox/base/utf8.h"

#include "sandbox/base/cleanup.h"

struct lead {
	unsigned char first, last; /* lead byte range */
	unsigned char low, high; /* range of the second byte; the others are 80..BF */
	unsigned char width;
};

static const struct lead leads[] = {
	{ 0xc2, 0xdf, 0x80, 0xbf, 2 }, /* c0, c1 would be overlong */
	{ 0xe0, 0xe0, 0xa0, 0xbf, 3 }, /* below a0: overlong */
	{ 0xe1, 0xec, 0x80, 0xbf, 3 }, { 0xed, 0xed, 0x80, 0x9f, 3 }, /* above 9f: surrogates */
	{ 0xee, 0xef, 0x80, 0xbf, 3 }, { 0xf0, 0xf0, 0x90, 0xbf, 4 }, /* below 90: overlong */
	{ 0xf1, 0xf3, 0x80, 0xbf, 4 }, { 0xf4, 0xf4, 0x80, 0x8f, 4 }, /* above 8f: past U+10FFFF */
};

static const struct lead *lead_of(unsigned char byte)
{
	for (size_t i = 0; i < ARRAY_LEN(leads); i++)
		if (byte >= leads[i].first && byte <= leads[i].last)
			return &leads[i];
	return NULL;
}

size_t utf8_decode(struct cordon_slice text, uint32_t *rune)
{
	const unsigned char *byte = (const unsigned char *)text.data;
	const struct lead *lead;
	uint32_t value;

	if (!text.len)
		return 0;
	if (byte[0] < 0x80) {
		*rune = byte[0];
		return 1;
	}
	lead = lead_of(byte[0]);
	if (!lead || text.len < lead->width || byte[1] < lead->low || byte[1] > lead->high)
		return 0;
	value = byte[0] & (0xffU >> (lead->width + 1));
	for (size_t i = 1; i < lead->width; i++) {
		if ((byte[i] & 0xc0) != 0x80)
			return 0;
		value = value << 6 | (byte[i] & 0x3fU);
	}
	*rune = value;
	return lead->width;
}

size_t utf8_valid_until(struct cordon_slice text)
{
	size_t at = 0;

	while (at < text.len) {
		uint32_t rune;
		size_t width;

		if ((unsigned char)text.data[at] < 0x80) {
			at++;
			continue;
		}
		width = utf8_decode((struct cordon_slice){ text.data + at, text.len - at }, &rune);
		if (!width)
			return at;
		at += width;
	}
	return text.len;
}

size_t utf8_encode(uint32_t rune, char out[4])
{
	if (rune < 0x80) {
		out[0] = (char)rune;
		return 1;
	}
	if (rune < 0x800) {
		out[0] = (char)(0xc0 | rune >> 6);
		out[1] = (char)(0x80 | (rune & 0x3f));
		return 2;
	}
	if (rune < 0x10000) {
		out[0] = (char)(0xe0 | rune >> 12);
		out[1] = (char)(0x80 | (rune >> 6 & 0x3f));
		out[2] = (char)(0x80 | (rune & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | rune >> 18);
	out[1] = (char)(0x80 | (rune >> 12 & 0x3f));
	out[2] = (char)(0x80 | (rune >> 6 & 0x3f));
	out[3] = (char)(0x80 | (rune & 0x3f));
	return 4;
}

bool utf8_is_format(uint32_t rune)
{
	return rune == 0xad || rune == 0x61c || rune == 0x180e || (rune >= 0x200b && rune <= 0x200f) ||
	       (rune >= 0x2028 && rune <= 0x202e) || (rune >= 0x2060 && rune <= 0x206f) || rune == 0xfeff ||
	       (rune >= 0xfff9 && rune <= 0xfffb) || (rune >= 0xe0000 && rune <= 0xe0fff);
}
