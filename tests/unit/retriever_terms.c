// SPDX-License-Identifier: Apache-2.0
/*
 * retriever_terms.c - what a text is cut into.
 */
#include "retriever/terms.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sandbox/base/db.h"
#include "sandbox/base/slice.h"

static void expect(struct cordon_slice text, const char *words, const char *grams)
{
	sqlite3 *db = NULL;
	struct terms *terms = NULL;
	struct cordon_err err = { 0 };
	cleanup_terms_list struct terms_list list;

	cr_assert_eq(sqlite3_open(":memory:", &db), SQLITE_OK);
	cr_assert_eq(terms_open(db, &terms, &err), 0, "%s", err.text);
	terms_list_init(&list, 1 << 20);
	cr_assert_eq(terms_cut(terms, text, &list, &err), 0);
	cr_assert_str_eq(buf_text(&list.words), words);
	if (grams)
		cr_assert_str_eq(buf_text(&list.grams), grams);
	terms_close(terms);
	sqlite3_close(db);
}

Test(terms, words_are_folded_and_stemmed)
{
	expect(SLICE("The Cats, foo_bar!"), "the cat foo bar ", "\1_cat \1cats \1ats_ ");
	expect(SLICE("\u00dcbung CAF\u00c9"), "ubung cafe ", NULL);
	expect(SLICE(""), "", "");
	expect(SLICE("\xff\xfe \"*^("), "", "");
}

Test(terms, grams_are_of_the_padded_word_and_stand_once)
{
	expect(SLICE("zebra Zebra"), "zebra zebra ", "\1_zeb \1zebr \1ebra \1bra_ ");
}

Test(terms, writing_without_spaces_is_cut_into_pairs)
{
	expect(SLICE("黑豹队 x重跑gen后"), "黑豹 豹队 x 重跑 gen 后 ", "");
}

Test(terms, nul_and_long_words_do_no_harm)
{
	char text[5000];

	expect(SLICE("one\0two"), "on two ", NULL);
	memset(text, 'q', sizeof(text));
	expect((struct cordon_slice){ text, sizeof(text) },
	       "qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq ", "");
}
