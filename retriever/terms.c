// SPDX-License-Identifier: Apache-2.0
/*
 * terms.c - text cut into words and 4-grams.
 *
 * SQLite's unicode61 finds the letters, folds case and takes accents off; marks count as letters, or Devanagari would
 * fall apart. What it gives is cut on: writing without spaces (Chinese, Japanese, Thai, ...) into pairs of characters;
 * other words are stemmed by Porter where they are ASCII, and their 4-grams (of "_word_") go into a second field. Those
 * find other forms of a word in any language and carry a third of the gain over plain BM25; words of up to three
 * letters have none, as they would only count twice.
 */
#include "retriever/terms.h"

#include <string.h>

#include "retriever/porter.h"
#include "sandbox/base/db.h"
#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define WORD_BYTES_MAX 64 /* longer ones are keys and base64: their beginning is enough to find them */
#define GRAM_RUNES 4
#define GRAM_WORD_MIN 4 /* letters */
#define GRAM_WORD_MAX 40
#define SEEN_SLOTS 8192 /* grams of one text told apart; a power of 2. A passage has some 500 */

struct terms {
	fts5_tokenizer split;
	Fts5Tokenizer *splitter;
	uint32_t round; /* of `seen` */
	struct {
		uint32_t round;
		uint64_t hash;
	} seen[SEEN_SLOTS];
	struct terms_list *list; /* of the text that is being cut */
	struct cordon_err *err;
};

static bool is_unspaced(uint32_t rune)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{ 0x0e00, 0x0eff }, /* Thai, Lao */
		{ 0x1000, 0x109f }, /* Myanmar */
		{ 0x1780, 0x17ff }, /* Khmer */
		{ 0x2e80, 0x9fff }, /* CJK, kana */
		{ 0xac00, 0xd7af }, /* Hangul */
		{ 0xf900, 0xfaff }, /* CJK compatibility */
		{ 0xff66, 0xff9f }, /* half-width kana */
		{ 0x20000, 0x3ffff }, /* CJK extensions */
	};

	if (rune < ranges[0].first)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(ranges); i++)
		if (rune >= ranges[i].first && rune <= ranges[i].last)
			return true;
	return false;
}

static int add_term(struct buf *to, const char *term, size_t len, struct cordon_err *err)
{
	char *at = buf_reserve(to, len + 1, err);

	if (!at)
		return CORDON_ENOMEM;
	memcpy(at, term, len);
	at[len] = ' ';
	to->len += len + 1;
	to->data[to->len] = '\0';
	return 0;
}

static uint64_t hash_bytes(const char *bytes, size_t len)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		hash = (hash ^ (unsigned char)bytes[i]) * 0x100000001b3;
	return hash;
}

/* True the first time in this text; where the table is full, true more than once: the index then holds it twice. */
static bool is_new(struct terms *terms, const char *gram, size_t len)
{
	uint64_t hash = hash_bytes(gram, len);

	for (size_t i = 0; i < 16; i++) {
		size_t slot = (hash + i) & (SEEN_SLOTS - 1);

		if (terms->seen[slot].round != terms->round) {
			terms->seen[slot].round = terms->round;
			terms->seen[slot].hash = hash;
			return true;
		}
		if (terms->seen[slot].hash == hash)
			return false;
	}
	return true;
}

/* at[] holds where the runes of the padded word begin, and its end. */
static int add_grams(struct terms *terms, const char *padded, const size_t *at, size_t runes)
{
	char gram[1 + 4 * GRAM_RUNES] = { TERMS_GRAM };

	for (size_t i = 0; i + GRAM_RUNES <= runes; i++) {
		size_t len = at[i + GRAM_RUNES] - at[i];

		memcpy(gram + 1, padded + at[i], len);
		if (is_new(terms, gram, len + 1) && add_term(&terms->list->grams, gram, len + 1, terms->err) < 0)
			return CORDON_ENOMEM;
	}
	return 0;
}

static int add_word(struct terms *terms, const char *word, size_t len)
{
	char padded[WORD_BYTES_MAX + 3] = "_";
	size_t at[WORD_BYTES_MAX + 3] = { 0 };
	size_t runes = 1;
	bool ascii = true;

	if (len > WORD_BYTES_MAX) {
		len = WORD_BYTES_MAX;
		while (len && ((unsigned char)word[len] & 0xc0) == 0x80)
			len--;
	}
	memcpy(padded + 1, word, len);
	padded[len + 1] = '_';
	for (size_t i = 1; i < len + 2; i++) {
		ascii = ascii && (unsigned char)padded[i] < 0x80;
		if (((unsigned char)padded[i] & 0xc0) != 0x80)
			at[runes++] = i;
	}
	at[runes] = len + 2;
	if (runes >= GRAM_WORD_MIN + 2 && runes <= GRAM_WORD_MAX + 2 && add_grams(terms, padded, at, runes) < 0)
		return CORDON_ENOMEM;
	if (ascii)
		len = porter_stem(padded + 1, len);
	terms->list->word_count++;
	return add_term(&terms->list->words, padded + 1, len, terms->err);
}

/* Pairs of neighbours; a single character as it is. */
static int add_pairs(struct terms *terms, struct cordon_slice run)
{
	uint32_t rune;
	size_t width = utf8_decode(run, &rune);
	int rc = 0;

	do {
		size_t next = utf8_decode(slice_from(run, width), &rune);

		terms->list->word_count++;
		rc = add_term(&terms->list->words, run.data, width + next, terms->err);
		run = slice_from(run, width);
		width = next;
	} while (rc == 0 && width && width < run.len);
	return rc;
}

/* FTS5's callback: one word as unicode61 sees it, which may be a whole paragraph of Chinese with Latin in it. */
static int take_word(void *ctx, int flags, const char *bytes, int len, int start, int end)
{
	struct terms *terms = ctx;
	struct cordon_slice token = { bytes, (size_t)len };
	size_t from = 0;
	size_t at = 0;
	bool unspaced = false;

	(void)flags, (void)start, (void)end;
	while (at < token.len) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(token, at), &rune);
		bool is = is_unspaced(rune);
		struct cordon_slice run = { token.data + from, at - from };

		if (is != unspaced && run.len &&
		    (unspaced ? add_pairs(terms, run) : add_word(terms, run.data, run.len)))
			return SQLITE_NOMEM;
		from = is != unspaced ? at : from;
		unspaced = is;
		at += width ? width : 1;
	}
	token = slice_from(token, from);
	if (token.len && (unspaced ? add_pairs(terms, token) : add_word(terms, token.data, token.len)))
		return SQLITE_NOMEM;
	return SQLITE_OK;
}

int terms_cut(struct terms *terms, struct cordon_slice text, struct terms_list *list, struct cordon_err *err)
{
	int rc;

	buf_clear(&list->words);
	buf_clear(&list->grams);
	list->word_count = 0;
	if (!text.len)
		return 0;
	terms->list = list;
	terms->err = err;
	terms->round++;
	rc = terms->split.xTokenize(terms->splitter, terms, FTS5_TOKENIZE_AUX, text.data, (int)text.len, take_word);
	terms->list = NULL;
	return rc == SQLITE_OK ? 0 : err_nomem(err);
}

int terms_fts5(struct sqlite3 *db, struct fts5_api **out, struct cordon_err *err)
{
	sqlite3_stmt *stmt = NULL;
	fts5_api *api = NULL;

	if (sqlite3_prepare_v2(db, "SELECT fts5(?1)", -1, &stmt, NULL) == SQLITE_OK) {
		sqlite3_bind_pointer(stmt, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(stmt);
	}
	sqlite3_finalize(stmt);
	if (!api)
		return err_set(err, CORDON_EMISSING, 0,
			       "this SQLite was built without FTS5: install Debian's libsqlite3-0");
	*out = api;
	return 0;
}

int terms_open(struct sqlite3 *db, struct terms **out, struct cordon_err *err)
{
	const char *options[] = { "remove_diacritics", "2", "categories", "L* N* Co Mn Mc" };
	struct terms *terms = NULL;
	fts5_api *api = NULL;
	void *ctx = NULL;
	int rc = terms_fts5(db, &api, err);

	if (rc < 0)
		return rc;
	terms = calloc(1, sizeof(*terms));
	if (!terms)
		return err_nomem(err);
	if (api->xFindTokenizer(api, "unicode61", &ctx, &terms->split) != SQLITE_OK ||
	    terms->split.xCreate(ctx, options, ARRAY_LEN(options), &terms->splitter) != SQLITE_OK) {
		free(terms);
		return err_set(err, CORDON_EMISSING, 0, "this SQLite's FTS5 has no unicode61 tokenizer");
	}
	*out = terms;
	return 0;
}

void terms_close(struct terms *terms)
{
	if (!terms)
		return;
	terms->split.xDelete(terms->splitter);
	free(terms);
}

void terms_list_init(struct terms_list *list, size_t limit_bytes)
{
	*list = (struct terms_list){ 0 };
	buf_init(&list->words, limit_bytes);
	buf_init(&list->grams, limit_bytes);
}

void terms_list_release(struct terms_list *list)
{
	buf_release(&list->words);
	buf_release(&list->grams);
	list->word_count = 0;
}
