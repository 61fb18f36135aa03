// SPDX-License-Identifier: Apache-2.0
/*
 * audit_note.c - keys and checkpoints against vectors made by golang.org/x/mod/sumdb/note: seed 00 01 .. 1f.
 */
#include <criterion/criterion.h>

#include "sandbox/audit/note.h"
#include "sandbox/base/encode.h"
#include "sandbox/base/slice.h"

#define NAME "example.com/audit-vector"
#define VKEY NAME "+3a230044+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
#define WITNESS                                                                                                        \
	"\xe2\x80\x94 witness.example/w1 "                                                                             \
	"IDJKvgAAAABlU/EAy1ZCBXk2LfD1yX7doHGiDMXNbX6XQtwCWzQcK9y1sYZQXaeGWIuXowhi5cjZ1KaPxTeanhDSdmILuWxl/6XoBw==\n"
#define NOTE                                                                                                           \
	NAME "\n257\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n\xe2\x80\x94 " NAME                               \
	     " OiMARJCOPvt24uBbfdF80roWb3W+7Jh+cveuiKbXMru0IN6GtvAOXBP1gVU6NE4uBDHee+y61JINEtSGcjMhg+o83go=\n"

static struct seal_key vector_seed(void)
{
	struct seal_key seed;

	for (unsigned int i = 0; i < SEAL_KEY; i++)
		seed.bytes[i] = (unsigned char)i;
	return seed;
}

static struct note_key vector_key(void)
{
	struct seal_key seed = vector_seed();
	struct seal_key public_key;
	struct note_key key = { 0 };

	cr_assert_eq(seal_public(&seed, &public_key, NULL), 0);
	cr_assert_eq(note_key_make(NAME, &public_key, &key, NULL), 0);
	return key;
}

Test(note, the_key_has_the_id_and_the_text_of_the_vector)
{
	struct note_key key = vector_key();
	struct note_key again = { 0 };
	char text[NOTE_KEY_TEXT];

	cr_expect_arr_eq(key.id, "\x3a\x23\x00\x44", 4);
	cr_assert_eq(note_key_format(&key, text, NULL), 0);
	cr_expect_str_eq(text, VKEY);
	cr_assert_eq(note_key_parse(SLICE(VKEY "\n"), &again, NULL), 0);
	cr_expect_str_eq(again.name, NAME);
	cr_expect_arr_eq(again.public_key.bytes, key.public_key.bytes, SEAL_KEY);
}

Test(note, the_signed_checkpoint_is_the_vector_byte_for_byte)
{
	struct seal_key seed = vector_seed();
	struct note_key key = vector_key();
	struct note_checkpoint checkpoint = { .size = 257, .origin = NAME };
	cleanup_buf struct buf root = { 0 };
	cleanup_buf struct buf note = { 0 };

	buf_init(&root, 32);
	buf_init(&note, NOTE_MAX);
	cr_assert_eq(decode_hex(&root, SLICE("5c1fdfe835358022f2392de478dbe053fc130cfe1d3a082879a90cf6bf14bf7e"), NULL),
		     0);
	memcpy(checkpoint.root.bytes, root.data, 32);
	cr_assert_eq(note_sign(&checkpoint, &key, &seed, &note, NULL), 0);
	cr_expect_str_eq(buf_text(&note), NOTE);
}

Test(note, a_signed_checkpoint_opens_also_with_a_witness_line)
{
	struct note_key key = vector_key();
	struct note_checkpoint checkpoint = { 0 };
	struct cordon_err err = { 0 };

	cr_assert_eq(note_open(SLICE(NOTE), &key, &checkpoint, &err), 0, "%s", err.text);
	cr_expect_eq(checkpoint.size, 257);
	cr_expect_str_eq(checkpoint.origin, NAME);
	cr_expect_eq(note_open(SLICE(NOTE WITNESS), &key, &checkpoint, &err), 0, "%s", err.text);
}

Test(note, a_flipped_bit_anywhere_does_not_open)
{
	struct note_key key = vector_key();
	char note[sizeof(NOTE)];

	memcpy(note, NOTE, sizeof(NOTE));
	for (size_t bit = 0; bit < 8 * (sizeof(NOTE) - 1); bit++) {
		struct note_checkpoint checkpoint = { .size = 7 };

		note[bit / 8] = (char)(note[bit / 8] ^ (1 << bit % 8));
		cr_expect_lt(note_open((struct cordon_slice){ note, sizeof(NOTE) - 1 }, &key, &checkpoint, NULL), 0,
			     "bit %zu", bit);
		cr_expect_eq(checkpoint.size, 7, "untouched on failure");
		note[bit / 8] = (char)(note[bit / 8] ^ (1 << bit % 8));
	}
}

Test(note, a_note_that_is_cut_short_does_not_open)
{
	struct note_key key = vector_key();
	struct note_checkpoint checkpoint;

	for (size_t len = 0; len < sizeof(NOTE) - 1; len++)
		cr_expect_lt(note_open((struct cordon_slice){ NOTE, len }, &key, &checkpoint, NULL), 0, "%zu bytes",
			     len);
}

static const char *const bad_notes[] = {
	"",
	"\n",
	"\n\n",
	NAME "\n257\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n",
	NAME "\n257\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n" WITNESS, /* signed, but not by the log */
	NAME "\n0257\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n" WITNESS,
	NAME "\n-1\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n" WITNESS,
	NAME "\n257\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv3==\n\n" WITNESS,
	NAME "\n99999999999999999999999\nXB/f6DU1gCLyOS3keNvgU/wTDP4dOggoeakM9r8Uv34=\n\n" WITNESS,
	NOTE "no dash\n",
	NOTE "\xe2\x80\x94 \n",
	NOTE "\xff\n",
};

Test(note, what_is_no_note_does_not_open)
{
	struct note_key key = vector_key();
	struct note_checkpoint checkpoint;

	for (size_t i = 0; i < ARRAY_LEN(bad_notes); i++)
		cr_expect_lt(note_open(slice_of(bad_notes[i]), &key, &checkpoint, NULL), 0, "row %zu", i);
}

Test(note, another_key_of_the_same_name_does_not_open_it)
{
	struct seal_key other = { { 9 } };
	struct note_checkpoint checkpoint;
	struct note_key key = { 0 };

	cr_assert_eq(note_key_make(NAME, &other, &key, NULL), 0);
	cr_expect_lt(note_open(SLICE(NOTE), &key, &checkpoint, NULL), 0);
}

Test(note, the_signing_key_survives_its_text_and_knows_its_public_half)
{
	struct seal_key seed = vector_seed(), again;
	struct note_key key = vector_key(), read = { 0 };
	char text[NOTE_KEY_TEXT];

	cr_assert_eq(note_seed_format(&key, &seed, text, NULL), 0);
	cr_expect(slice_starts(slice_of(text), SLICE("PRIVATE+KEY+" NAME "+3a230044+A")));
	cr_assert_eq(note_seed_parse(slice_of(text), &read, &again, NULL), 0);
	cr_expect_arr_eq(again.bytes, seed.bytes, SEAL_KEY);
	cr_expect_arr_eq(read.public_key.bytes, key.public_key.bytes, SEAL_KEY);
	for (size_t bit = 0; bit < 8 * strlen(text); bit++) {
		size_t len = strlen(text);

		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
		cr_expect_lt(note_seed_parse((struct cordon_slice){ text, len }, &read, &again, NULL), 0, "bit %zu",
			     bit);
		text[bit / 8] = (char)(text[bit / 8] ^ (1 << bit % 8));
	}
}

static const char *const bad_keys[] = {
	"",
	"+",
	"++",
	"a+b+c",
	NAME "+3a230044+",
	NAME "+3a230045+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
	NAME "+3a230044+AgOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
	VKEY "\n\n",
	VKEY " ",
	" " VKEY,
	"+3a230044+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4",
};

Test(note, what_is_no_key_is_refused)
{
	struct note_key key;

	for (size_t i = 0; i < ARRAY_LEN(bad_keys); i++)
		cr_expect_lt(note_key_parse(slice_of(bad_keys[i]), &key, NULL), 0, "row %zu", i);
}
