// SPDX-License-Identifier: Apache-2.0
/*
 * links.c - links and images whose URL would carry data out.
 *
 * The sign is a slot: a query or path value that is to be filled in ("?q={conversation}", "?d=[USER DATA]", a trailing
 * "=") by whoever writes the answer. An image is fetched without a click, so the same slot weighs more there. Templates
 * in documentation have slots too; only one whose name speaks of the user's data weighs enough to hold a text.
 */
#include "shield/links.h"

#include <string.h>

#include "sandbox/base/slice.h"

#define URL_MAX 4096
#define LABEL_MAX 1000

static bool holds(struct cordon_slice text, const char *word)
{
	size_t len = strlen(word);

	for (size_t at = 0; at + len <= text.len; at++) {
		size_t i = 0;

		while (i < len && ((text.data[at + i] | 0x20) == word[i] || text.data[at + i] == word[i]))
			i++;
		if (i == len)
			return true;
	}
	return false;
}

static bool holds_any(struct cordon_slice text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (holds(text, words[i]))
			return true;
	return false;
}

static const char *const data_words[] = { "conversation", "history", "secret",	 "password", "user_data", "userdata",
					  "user data",	  "api_key", "apikey",	 "api key",  "summary",	  "chat",
					  "message",	  "base64",  "exfil",	 "email",    "document",  "prompt",
					  "credential",	  "private", "contents", "answer",   "stolen",	  "leak" };
static const char *const slot_marks[] = { "{", "%7b", "[", "%5b", "<", "$", "..." };

struct link_score {
	bool data, ends_open;
	double fetched, clicked;
};

static const struct link_score scores[] = {
	{ true, false, 0.80, 0.50 }, /* a slot that names data */
	{ false, true, 0.35, 0.15 }, /* "?q=" and nothing after it */
	{ false, false, 0.30, 0.10 }, /* a slot of another name: templates in documentation */
};

/* The part after '?', else after a data-like host part; empty where the URL has none. */
static struct cordon_slice query_of(struct cordon_slice url)
{
	const char *mark = url.len ? memchr(url.data, '?', url.len) : NULL;

	return mark ? slice_from(url, (size_t)(mark - url.data)) : slice_from(url, url.len);
}

int links_judge(struct dossier *dossier, struct cordon_slice url, enum link_use use, struct view_place span,
		struct cordon_err *err)
{
	struct cordon_slice query = query_of(url);
	bool slot = holds_any(query, slot_marks, ARRAY_LEN(slot_marks));
	bool open = query.len > 2 && query.data[query.len - 1] == '=';
	const struct link_score *score = &scores[2];
	struct evidence evidence = { .kind = SHIELD_KIND_EXFIL_LINK,
				     .layer = SHIELD_LAYER_STRUCTURE,
				     .class = EVIDENCE_LINK,
				     .source = scores,
				     .span = span,
				     .shown = url };

	if (span.end <= span.start || (!slot && !open) ||
	    !(holds((struct cordon_slice){ url.data, url.len < 12 ? url.len : 12 }, "http") ||
	      slice_starts(url, SLICE("//"))))
		return 0;
	if (slot && holds_any(query, data_words, ARRAY_LEN(data_words)))
		score = &scores[0];
	else if (open)
		score = &scores[1];
	evidence.weight = use == LINK_FETCHED ? score->fetched : score->clicked;
	evidence.says = use == LINK_FETCHED ? "names an image whose address carries data out when it is shown"
					    : "names a link whose address carries data out when it is followed";
	if (!score->data)
		evidence.class = EVIDENCE_WEAK;
	return dossier_add(dossier, &evidence, err);
}

/* A parenthesis that opens ends it too: so no byte is read for two URLs. */
static bool ends_url(char c)
{
	return c == ')' || c == '(' || c == '\n' || c == '"' || c == '\'' || c == '`';
}

/* From "](" on: the URL up to the closing parenthesis, which may hold spaces (a slot's name). */
static int judge_target(struct dossier *dossier, const struct piece *piece, size_t at, enum link_use use,
			struct cordon_err *err)
{
	struct cordon_slice text = view_slice(piece->view);
	size_t end = at;

	while (end < text.len && end - at < URL_MAX && !ends_url(text.data[end]))
		end++;
	if (end == at)
		return 0;
	return links_judge(dossier, (struct cordon_slice){ text.data + at, end - at }, use,
			   view_span(piece->view, at, end), err);
}

int links_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(piece->view);
	size_t image = 0; /* one past the last "![" */
	int rc = 0;

	for (size_t at = 1; at < text.len && rc == 0; at++) {
		if (text.data[at] == '[' && text.data[at - 1] == '!')
			image = at + 1;
		if (text.data[at] == '(' && text.data[at - 1] == ']') {
			bool fetched = image && at - image < LABEL_MAX;

			rc = judge_target(dossier, piece, at + 1, fetched ? LINK_FETCHED : LINK_CLICKED, err);
			image = 0;
		}
	}
	return rc;
}
