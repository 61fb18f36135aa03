// SPDX-License-Identifier: Apache-2.0
/*
 * retriever_porter.c - the examples of Porter's paper.
 */
#include "retriever/porter.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct {
	const char *word, *stem;
} cases[] = {
	{ "caresses", "caress" },
	{ "ponies", "poni" },
	{ "ties", "ti" },
	{ "caress", "caress" },
	{ "cats", "cat" },
	{ "feed", "feed" },
	{ "agreed", "agre" },
	{ "plastered", "plaster" },
	{ "bled", "bled" },
	{ "motoring", "motor" },
	{ "sing", "sing" },
	{ "conflated", "conflat" },
	{ "troubled", "troubl" },
	{ "sized", "size" },
	{ "hopping", "hop" },
	{ "tanned", "tan" },
	{ "falling", "fall" },
	{ "hissing", "hiss" },
	{ "fizzed", "fizz" },
	{ "failing", "fail" },
	{ "filing", "file" },
	{ "happy", "happi" },
	{ "sky", "sky" },
	{ "relational", "relat" },
	{ "conditional", "condit" },
	{ "rational", "ration" },
	{ "digitizer", "digit" },
	{ "triplicate", "triplic" },
	{ "formative", "form" },
	{ "electrical", "electr" },
	{ "hopeful", "hope" },
	{ "goodness", "good" },
	{ "revival", "reviv" },
	{ "allowance", "allow" },
	{ "adjustment", "adjust" },
	{ "adoption", "adopt" },
	{ "replacement", "replac" },
	{ "communism", "commun" },
	{ "probate", "probat" },
	{ "rate", "rate" },
	{ "cease", "ceas" },
	{ "controll", "control" },
	{ "roll", "roll" },
	{ "at", "at" },
	{ "y", "y" },
	{ "s", "s" },
	{ "ing", "ing" },
	{ "ed", "ed" },
	{ "oed", "o" },
};

Test(porter, the_paper_s_examples_come_out)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char word[64];
		size_t len = strlen(cases[i].word);

		memcpy(word, cases[i].word, len);
		len = porter_stem(word, len);
		cr_assert_eq(len, strlen(cases[i].stem), "%s -> %.*s", cases[i].word, (int)len, word);
		cr_assert(!memcmp(word, cases[i].stem, len), "%s -> %.*s", cases[i].word, (int)len, word);
	}
}

Test(porter, no_word_grows)
{
	unsigned int state = 1;

	for (int round = 0; round < 200000; round++) {
		char word[16];
		size_t len = 1 + (size_t)round % sizeof(word);

		for (size_t i = 0; i < len; i++) {
			state = state * 1103515245u + 12345u;
			word[i] = "aeiybdgilnostz"[(state >> 16) % 14];
		}
		cr_assert_leq(porter_stem(word, len), len);
	}
}
