// SPDX-License-Identifier: Apache-2.0
/*
 * base_utf8.c - strict UTF-8: every character there and back, and no byte sequence that is not one.
 */
#include "sandbox/base/utf8.h"

#include "tests/unit/base_scratch.h"

TestSuite(utf8, .init = scratch_make, .fini = scratch_drop);

Test(utf8, every_character_reads_back)
{
	for (uint32_t rune = 0; rune <= 0x10ffff; rune++) {
		char bytes[4];
		uint32_t back = 0;
		size_t width;

		if (rune == 0xd800)
			rune = 0xe000;
		width = utf8_encode(rune, bytes);
		cr_assert_eq(utf8_decode((struct cordon_slice){ bytes, width }, &back), width, "U+%04X", rune);
		cr_assert_eq(back, rune);
		cr_assert_eq(utf8_decode((struct cordon_slice){ bytes, width - 1 }, &back), 0, "U+%04X cut", rune);
	}
}

Test(utf8, refuses_what_is_not_well_formed)
{
	static const char *const wrong[] = {
		"\x80",
		"\xbf", /* continuation alone */
		"\xc0\x80",
		"\xc1\xbf",
		"\xe0\x80\x80",
		"\xe0\x9f\xbf",
		"\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", /* overlong */
		"\xed\xa0\x80",
		"\xed\xbf\xbf", /* surrogates */
		"\xf4\x90\x80\x80",
		"\xf5\x80\x80\x80",
		"\xff",
		"\xfe", /* past U+10FFFF */
		"\xc3",
		"\xe2\x82",
		"\xf0\x9f\x98", /* cut */
		"\xc3(",
		"\xe2(\xa1",
		"\xe2\x82(",
		"\xf0(\x8c\xbc",
		"\xf0\x90(\xbc",
		"\xf0\x28\x8c\x28", /* no continuation */
	};
	uint32_t rune = 7;

	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		cr_expect_eq(utf8_decode(slice_of(wrong[i]), &rune), 0, "case %zu", i);
		cr_expect_eq(utf8_valid_until(slice_of(wrong[i])), 0, "case %zu", i);
	}
	cr_expect_eq(utf8_decode((struct cordon_slice){ "", 0 }, &rune), 0);
	cr_expect_eq(rune, 7, "touched on failure");
}

Test(utf8, says_where_the_fault_is)
{
	cr_expect_eq(utf8_valid_until(SLICE("a\xc3\xa4\0b")), 5);
	cr_expect_eq(utf8_valid_until(SLICE("a\xc3\xa4\xff")), 3);
	cr_expect_eq(utf8_valid_until(SLICE("abc\xe2\x82")), 3);
	cr_expect_eq(utf8_valid_until((struct cordon_slice){ NULL, 0 }), 0);
}

Test(utf8, knows_the_characters_that_hide_or_turn_text)
{
	static const uint32_t hidden[] = { 0xad,   0x61c,  0x180e, 0x200b, 0x200d, 0x200e, 0x200f, 0x202a,  0x202e,
					   0x2060, 0x2066, 0x2069, 0x2028, 0x2029, 0xfeff, 0xfff9, 0xe0001, 0xe007f };
	static const uint32_t plain[] = { 'a', 0xa0, 0xe4, 0x20ac, 0x4e00, 0x1f600, 0x2010, 0x2030, 0x10ffff };

	for (size_t i = 0; i < ARRAY_LEN(hidden); i++)
		cr_expect(utf8_is_format(hidden[i]), "U+%04X", hidden[i]);
	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		cr_expect_not(utf8_is_format(plain[i]), "U+%04X", plain[i]);
}
