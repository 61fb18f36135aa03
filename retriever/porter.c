// SPDX-License-Identifier: Apache-2.0
/*
 * porter.c - Porter's stemmer (M. F. Porter, "An algorithm for suffix stripping", 1980).
 *
 * The paper's rules as tables, one row a rule, tried from the top: the first suffix that fits decides its step, whether
 * its condition holds or not. A measure m counts the vowel-consonant turns of what stands before the suffix.
 */
#include "retriever/porter.h"

#include <stdbool.h>
#include <string.h>

#include "sandbox/base/cleanup.h"

#define WORD_MIN 3 /* the paper leaves shorter words alone */

struct rule {
	const char *suffix;
	const char *into;
	int above; /* the stem's measure is greater than this */
};

static const struct rule step_two[] = {
	{ "ational", "ate", 0 }, { "tional", "tion", 0 }, { "enci", "ence", 0 },   { "anci", "ance", 0 },
	{ "izer", "ize", 0 },	 { "bli", "ble", 0 },	  { "alli", "al", 0 },	   { "entli", "ent", 0 },
	{ "eli", "e", 0 },	 { "ousli", "ous", 0 },	  { "ization", "ize", 0 }, { "ation", "ate", 0 },
	{ "ator", "ate", 0 },	 { "alism", "al", 0 },	  { "iveness", "ive", 0 }, { "fulness", "ful", 0 },
	{ "ousness", "ous", 0 }, { "aliti", "al", 0 },	  { "iviti", "ive", 0 },   { "biliti", "ble", 0 },
	{ "logi", "log", 0 },
};

static const struct rule step_three[] = {
	{ "icate", "ic", 0 }, { "ative", "", 0 }, { "alize", "al", 0 }, { "iciti", "ic", 0 },
	{ "ical", "ic", 0 },  { "ful", "", 0 },	  { "ness", "", 0 },
};

static const struct rule step_four[] = {
	{ "al", "", 1 },   { "ance", "", 1 },  { "ence", "", 1 },  { "er", "", 1 },    { "ic", "", 1 },
	{ "able", "", 1 }, { "ible", "", 1 },  { "ant", "", 1 },   { "ement", "", 1 }, { "ment", "", 1 },
	{ "ent", "", 1 },  { "sion", "s", 1 }, { "tion", "t", 1 }, { "ou", "", 1 },    { "ism", "", 1 },
	{ "ate", "", 1 },  { "iti", "", 1 },   { "ous", "", 1 },   { "ive", "", 1 },   { "ize", "", 1 },
};

struct word {
	char *at;
	size_t len;
};

static bool is_vowel(const char *word, size_t i)
{
	if (memchr("aeiou", word[i], 5))
		return true;
	return word[i] == 'y' && i && !is_vowel(word, i - 1);
}

static int measure(const char *word, size_t len)
{
	int turns = 0;

	for (size_t i = 1; i < len; i++)
		turns += is_vowel(word, i - 1) && !is_vowel(word, i);
	return turns;
}

static bool has_vowel(const char *word, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (is_vowel(word, i))
			return true;
	return false;
}

static bool ends_double(const struct word *word)
{
	size_t len = word->len;

	return len >= 2 && word->at[len - 1] == word->at[len - 2] && !is_vowel(word->at, len - 1);
}

/* Consonant, vowel, consonant that is not w, x or y: "hop", not "snow". */
static bool ends_short(const char *word, size_t len)
{
	return len >= 3 && !is_vowel(word, len - 3) && is_vowel(word, len - 2) && !is_vowel(word, len - 1) &&
	       !memchr("wxy", word[len - 1], 3);
}

static bool ends(const struct word *word, const char *suffix)
{
	size_t len = strlen(suffix);

	return word->len >= len && !memcmp(word->at + word->len - len, suffix, len);
}

/* Never longer than what it replaces. */
static void replace(struct word *word, const char *suffix, const char *into)
{
	size_t keep = word->len - strlen(suffix);

	memcpy(word->at + keep, into, strlen(into));
	word->len = keep + strlen(into);
}

static void apply(struct word *word, const struct rule *rules, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!ends(word, rules[i].suffix))
			continue;
		/* What stays of the suffix ("s" and "t" of -sion and -tion) belongs to the stem in step four. */
		if (measure(word->at, word->len - strlen(rules[i].suffix) +
					      (rules[i].above ? strlen(rules[i].into) : 0)) > rules[i].above)
			replace(word, rules[i].suffix, rules[i].into);
		return;
	}
}

static void plural(struct word *word)
{
	if (ends(word, "sses") || ends(word, "ies"))
		word->len -= 2;
	else if (ends(word, "s") && !ends(word, "ss"))
		word->len--;
}

/* After -ed or -ing was taken off: "hoping" and "hopping" find their way back to "hope" and "hop". */
static void restore(struct word *word)
{
	bool wants_e = ends(word, "at") || ends(word, "bl") || ends(word, "iz");

	if (!wants_e && ends_double(word) && !memchr("lsz", word->at[word->len - 1], 3))
		word->len--;
	else if (wants_e || (measure(word->at, word->len) == 1 && ends_short(word->at, word->len)))
		word->at[word->len++] = 'e';
}

static void past(struct word *word)
{
	static const char *const suffixes[] = { "ed", "ing" };

	if (ends(word, "eed")) {
		if (measure(word->at, word->len - 3) > 0)
			word->len--;
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(suffixes); i++) {
		if (!ends(word, suffixes[i]))
			continue;
		if (has_vowel(word->at, word->len - strlen(suffixes[i]))) {
			word->len -= strlen(suffixes[i]);
			restore(word);
		}
		return;
	}
}

static void last_letters(struct word *word)
{
	size_t stem = word->len - 1;
	int turns;

	if (ends(word, "e")) {
		turns = measure(word->at, stem);
		if (turns > 1 || (turns == 1 && !ends_short(word->at, stem)))
			word->len--;
	}
	if (ends(word, "ll") && measure(word->at, word->len) > 1)
		word->len--;
}

size_t porter_stem(char *word, size_t len)
{
	struct word stem = { word, len };

	if (len < WORD_MIN)
		return len;
	plural(&stem);
	past(&stem);
	if (ends(&stem, "y") && has_vowel(stem.at, stem.len - 1))
		stem.at[stem.len - 1] = 'i';
	apply(&stem, step_two, ARRAY_LEN(step_two));
	apply(&stem, step_three, ARRAY_LEN(step_three));
	apply(&stem, step_four, ARRAY_LEN(step_four));
	last_letters(&stem);
	return stem.len;
}
