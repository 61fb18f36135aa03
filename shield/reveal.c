// SPDX-License-Identifier: Apache-2.0
/*
 * reveal.c - what is in the characters themselves.
 *
 * Runs of one sort of invisible character are taken together. Tag characters and variation selectors spell bytes, so
 * what they say is decoded and read like any text; nobody writes text in them honestly, save the flags of England,
 * Scotland and Wales (an emoji and a few tags) and single variation selectors after a character.
 */
#include "shield/reveal.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

enum sort { SORT_NONE, SORT_TAG, SORT_SELECTOR, SORT_ZERO_WIDTH, SORT_BIDI, SORT_BROKEN, SORT_COUNT };

struct sort_row {
	size_t least; /* characters of a run that are worth a word; 0: never */
	double weight;
	const char *says;
	const char *how; /* what text found in them is written as */
};

static const struct sort_row sort_rows[SORT_COUNT] = {
	[SORT_TAG] = { 2, 0.55, "hides text in tag characters, which no reader sees", "tag characters" },
	[SORT_SELECTOR] = { 4, 0.55, "hides bytes in a run of variation selectors", "variation selectors" },
	[SORT_ZERO_WIDTH] = { 3, 0.20, "holds a run of characters without width", "zero-width characters" },
	[SORT_BIDI] = { 1, 0.25, "overrides the direction of writing, so that it reads otherwise than it looks", NULL },
	[SORT_BROKEN] = { 1, 0.10, "is not UTF-8 here", NULL },
};

#define FLAG 0x1f3f4 /* the black flag that a subdivision's tags follow */
#define FLAG_TAGS_MAX 8
#define BITS_MIN 24 /* zero-width characters that spell bytes: three letters at least */

struct run {
	enum sort sort;
	size_t from, to, count;
	bool after_flag;
};

struct revealer {
	const struct decode_target *target;
	const struct piece *piece;
	struct view out;
};

static enum sort sort_of(uint32_t rune)
{
	if (rune >= 0xe0000 && rune <= 0xe007f)
		return SORT_TAG;
	if ((rune >= 0xfe00 && rune <= 0xfe0f) || (rune >= 0xe0100 && rune <= 0xe01ef))
		return SORT_SELECTOR;
	if ((rune >= 0x200b && rune <= 0x200d) || (rune >= 0x2060 && rune <= 0x2064) || rune == 0xfeff ||
	    rune == 0x180e)
		return SORT_ZERO_WIDTH;
	if (rune == 0x202d || rune == 0x202e || rune == 0x202a || rune == 0x202b)
		return SORT_BIDI;
	return SORT_NONE;
}

static int note(struct revealer *revealer, const struct run *run, unsigned int class, struct cordon_slice shown,
		struct cordon_err *err)
{
	const struct sort_row *row = &sort_rows[run->sort];
	struct evidence evidence = { .kind = SHIELD_KIND_UNICODE,
				     .layer = SHIELD_LAYER_STRUCTURE,
				     .class = class,
				     .source = row,
				     .weight = row->weight,
				     .span = view_span(revealer->piece->view, run->from, run->to),
				     .says = row->says,
				     .where = revealer->piece->where,
				     .shown = shown };

	return dossier_add(revealer->target->dossier, &evidence, err);
}

/* The bytes that a tag or a selector stands for; -1 for none. */
static int byte_of(enum sort sort, uint32_t rune)
{
	if (sort == SORT_TAG)
		return rune >= 0xe0020 && rune <= 0xe007e ? (int)(rune - 0xe0000) : -1;
	if (rune >= 0xe0100)
		return (int)(rune - 0xe0100 + 16);
	return (int)(rune - 0xfe00);
}

static int spell_bytes(struct revealer *revealer, const struct run *run, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(revealer->piece->view);
	int rc = 0;

	for (size_t at = run->from; at < run->to && rc == 0;) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(text, at), &rune);
		int value = width ? byte_of(run->sort, rune) : -1;
		char byte = (char)value;

		width = width ? width : 1;
		if (value >= 0)
			rc = view_add(&revealer->out, (struct cordon_slice){ &byte, 1 },
				      view_span(revealer->piece->view, at, at + width), err);
		at += width;
	}
	return rc;
}

/* Zero-width characters as bits, the first of them standing for `zero`. */
static int spell_bits(struct revealer *revealer, const struct run *run, unsigned int zero, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(revealer->piece->view);
	size_t begin = run->from;
	unsigned int bits = 0;
	unsigned int have = 0;
	int rc = 0;

	view_clear(&revealer->out);
	for (size_t at = run->from; at < run->to && rc == 0;) {
		uint32_t rune = 0;
		size_t width = utf8_decode(slice_from(text, at), &rune);

		at += width ? width : 1;
		if (rune != 0x200b && rune != 0x200c)
			continue;
		bits = bits << 1 | ((rune == 0x200c) ^ zero);
		if (++have < 8)
			continue;
		rc = view_add(&revealer->out, (struct cordon_slice){ (char[]){ (char)bits }, 1 },
			      view_span(revealer->piece->view, begin, at), err);
		begin = at;
		have = bits = 0;
	}
	return rc;
}

static int give_out(struct revealer *revealer, const struct run *run, struct cordon_err *err)
{
	struct piece piece = { .view = &revealer->out,
			       .placement = PIECE_HIDDEN,
			       .where = revealer->piece->where,
			       .how = sort_rows[run->sort].how,
			       .how_kind = SHIELD_KIND_UNICODE,
			       .depth = revealer->piece->depth + 1 };
	int rc = note(revealer, run, EVIDENCE_SMUGGLED, view_slice(&revealer->out), err);

	if (rc < 0 || piece.depth > DECODE_DEPTH_MAX || revealer->out.len > *revealer->target->budget)
		return rc;
	*revealer->target->budget -= revealer->out.len;
	return revealer->target->sink(revealer->target->context, &piece, err);
}

static int end_run(struct revealer *revealer, const struct run *run, struct cordon_err *err)
{
	const struct sort_row *row = &sort_rows[run->sort];
	struct cordon_slice shown = { revealer->piece->view->bytes + run->from, run->to - run->from };
	int rc = 0;

	if (run->sort == SORT_NONE || run->count < row->least)
		return 0;
	if (run->sort == SORT_TAG && run->after_flag && run->count <= FLAG_TAGS_MAX)
		return 0;
	view_clear(&revealer->out);
	if (run->sort == SORT_TAG || run->sort == SORT_SELECTOR)
		rc = spell_bytes(revealer, run, err);
	for (unsigned int zero = 0; run->sort == SORT_ZERO_WIDTH && run->count >= BITS_MIN && zero < 2 && rc == 0;
	     zero++) {
		rc = spell_bits(revealer, run, zero, err);
		if (rc == 0 && decode_is_readable(view_slice(&revealer->out)))
			break;
	}
	if (rc == 0 && revealer->out.len && (run->sort == SORT_TAG || decode_is_readable(view_slice(&revealer->out))))
		return give_out(revealer, run, err);
	return rc < 0 ? rc : note(revealer, run, EVIDENCE_WEAK, shown, err);
}

int reveal_piece(const struct decode_target *target, const struct piece *piece, struct cordon_err *err)
{
	struct revealer revealer = { .target = target, .piece = piece };
	struct cordon_slice text = view_slice(piece->view);
	struct run run = { .sort = SORT_NONE };
	bool flag = false;
	int rc = 0;

	for (size_t at = 0; at < text.len && rc == 0;) {
		uint32_t rune = (unsigned char)text.data[at];
		size_t width = rune < 0x80 ? 1 : utf8_decode(slice_from(text, at), &rune);
		enum sort sort = width ? (rune < 0x80 ? SORT_NONE : sort_of(rune)) : SORT_BROKEN;

		width = width ? width : 1;
		if (sort != run.sort) {
			rc = end_run(&revealer, &run, err);
			run = (struct run){ .sort = sort, .from = at, .after_flag = flag };
		}
		run.count++;
		run.to = at + width;
		flag = rune == FLAG;
		at += width;
	}
	if (rc == 0)
		rc = end_run(&revealer, &run, err);
	view_release(&revealer.out);
	return rc;
}

/* ---- marks of a chat ---- */

struct mark {
	const char *text;
	double weight;
	enum rule_class class;
};

/* Lower case. What the common model families put between turns; in a document it can only be meant to look like one. */
static const struct mark marks[] = {
	{ "<|im_start|>", 0.60, RULE_TOKEN },	   { "<|im_end|>", 0.60, RULE_TOKEN },
	{ "<|system|>", 0.60, RULE_TOKEN },	   { "<|user|>", 0.45, RULE_TOKEN },
	{ "<|assistant|>", 0.45, RULE_TOKEN },	   { "<|endoftext|>", 0.45, RULE_TOKEN },
	{ "<|eot_id|>", 0.60, RULE_TOKEN },	   { "<|start_header_id|>", 0.60, RULE_TOKEN },
	{ "<|begin_of_text|>", 0.60, RULE_TOKEN }, { "<|end_of_turn|>", 0.60, RULE_TOKEN },
	{ "<start_of_turn>", 0.60, RULE_TOKEN },   { "<end_of_turn>", 0.60, RULE_TOKEN },
	{ "<<sys>>", 0.60, RULE_TOKEN },	   { "<</sys>>", 0.60, RULE_TOKEN },
	{ "[/inst]", 0.55, RULE_TOKEN },	   { "[inst]", 0.45, RULE_TOKEN },
	{ "[system_prompt]", 0.50, RULE_TOKEN },   { "[tool_calls]", 0.50, RULE_TOKEN },
	{ "[system]", 0.35, RULE_TOKEN },	   { "[system message]", 0.45, RULE_TOKEN },
	{ "</system>", 0.40, RULE_TOKEN },	   { "<system>", 0.35, RULE_TOKEN },
	{ "<tool_call>", 0.45, RULE_TOKEN },	   { "<function_calls>", 0.50, RULE_TOKEN },
	{ "<invoke name=", 0.45, RULE_TOKEN },	   { "<important>", 0.45, RULE_POISON },
	{ "<system-reminder>", 0.50, RULE_TOKEN }, { "<system_prompt>", 0.45, RULE_TOKEN },
	{ "<information>", 0.30, RULE_TOKEN },
};

static bool mark_at(struct cordon_slice text, const char *mark)
{
	size_t len = strlen(mark);

	if (text.len < len)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text.data[i];

		if ((c >= 'A' && c <= 'Z' ? (char)(c + 32) : c) != mark[i])
			return false;
	}
	return true;
}

static int note_mark(const struct decode_target *target, const struct piece *piece, const struct mark *mark, size_t at,
		     struct cordon_err *err)
{
	size_t len = strlen(mark->text);
	struct evidence evidence = { .kind = mark->class == RULE_POISON ? SHIELD_KIND_TOOL_POISON
									: SHIELD_KIND_INSTRUCTION,
				     .layer = SHIELD_LAYER_STRUCTURE,
				     .class = mark->class,
				     .source = mark,
				     .weight = mark->weight,
				     .span = view_span(piece->view, at, at + len),
				     .says = rule_class_says(mark->class),
				     .where = piece->where,
				     .how = piece->how,
				     .quoted = piece->placement == PIECE_QUOTED,
				     .shown = { piece->view->bytes + at, len } };

	return dossier_add(target->dossier, &evidence, err);
}

int reveal_marks(const struct decode_target *target, const struct piece *piece, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(piece->view);
	int rc = 0;

	for (size_t at = 0; at < text.len && rc == 0; at++) {
		if (text.data[at] != '<' && text.data[at] != '[')
			continue;
		for (size_t i = 0; i < ARRAY_LEN(marks) && rc == 0; i++)
			if (mark_at(slice_from(text, at), marks[i].text))
				rc = note_mark(target, piece, &marks[i], at, err);
	}
	return rc;
}
