// SPDX-License-Identifier: Apache-2.0
/*
 * html.c - an HTML text taken apart into pieces.
 *
 * A tokenizer of its own and no parser library, because a finding needs the exact bytes of the source: libxml2 gives
 * lines. It reads forwards only, keeps a bounded stack of open elements, and never fails on what is malformed: whatever
 * a browser would make of it, no byte of text, comment or attribute is left unread.
 *
 * Text goes into one view for each place it can stand in, so that a hidden element in the middle of a sentence neither
 * breaks the sentence nor lends it its placement.
 */
#include "shield/html.h"

#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"
#include "shield/decode.h"
#include "shield/hide.h"
#include "shield/links.h"

#define DEPTH_MAX 256 /* deeper elements are counted and inherit: what is hidden at 256 stays hidden below */
#define FLUSH_AT (VIEW_MAX / 2)
#define TITLE_MAX 150
#define SHEET_MAX (256u << 10)

enum channel { SHOWN, QUOTED, HIDDEN, COMMENT, ATTRIBUTE, SCRIPT, CHANNEL_COUNT };

struct channel_row {
	enum piece_placement placement;
	const char *where;
};

static const struct channel_row channels[CHANNEL_COUNT] = {
	[SHOWN] = { PIECE_SHOWN, NULL },
	[QUOTED] = { PIECE_QUOTED, NULL },
	[HIDDEN] = { PIECE_HIDDEN, "text that its markup hides" },
	[COMMENT] = { PIECE_HIDDEN, "an HTML comment" },
	[ATTRIBUTE] = { PIECE_HIDDEN, "an HTML attribute" },
	[SCRIPT] = { PIECE_HIDDEN, "a script or style" },
};

enum trait { BLOCK = 1, VOID = 2, RAW = 4, CONCEALED = 8, QUOTES = 16, HEADING = 32, IMPLIED = 64 };

struct element {
	const char *name;
	unsigned int traits;
};

/* What is not listed is an inline element. */
static const struct element elements[] = {
	{ "area", VOID },	   { "article", BLOCK },
	{ "base", VOID },	   { "blockquote", BLOCK | QUOTES },
	{ "body", BLOCK },	   { "br", BLOCK | VOID },
	{ "col", VOID },	   { "dd", BLOCK | IMPLIED },
	{ "div", BLOCK },	   { "dt", BLOCK | IMPLIED },
	{ "embed", VOID },	   { "figcaption", BLOCK },
	{ "footer", BLOCK },	   { "form", BLOCK },
	{ "h1", BLOCK | HEADING }, { "h2", BLOCK },
	{ "h3", BLOCK },	   { "h4", BLOCK },
	{ "h5", BLOCK },	   { "h6", BLOCK },
	{ "header", BLOCK },	   { "hr", BLOCK | VOID },
	{ "img", VOID },	   { "input", VOID },
	{ "li", BLOCK | IMPLIED }, { "link", VOID },
	{ "main", BLOCK },	   { "meta", VOID },
	{ "nav", BLOCK },	   { "noscript", CONCEALED },
	{ "ol", BLOCK },	   { "option", BLOCK | IMPLIED },
	{ "p", BLOCK | IMPLIED },  { "param", VOID },
	{ "pre", BLOCK | QUOTES }, { "script", RAW },
	{ "section", BLOCK },	   { "source", VOID },
	{ "style", RAW },	   { "table", BLOCK },
	{ "td", BLOCK | IMPLIED }, { "template", CONCEALED },
	{ "th", BLOCK | IMPLIED }, { "title", BLOCK | HEADING },
	{ "tr", BLOCK | IMPLIED }, { "track", VOID },
	{ "ul", BLOCK },	   { "wbr", VOID },
};

struct open_element {
	struct cordon_slice name; /* in the source */
	unsigned int traits;
	bool hidden, quoted; /* it or one around it */
};

struct html {
	const struct html_reader *reader;
	struct view views[CHANNEL_COUNT];
	struct open_element stack[DEPTH_MAX];
	size_t depth, deeper;
	struct hide_sheet sheet;
	struct buf title;
	bool in_title, has_title;
	size_t at;
};

struct tag {
	struct cordon_slice name;
	unsigned int traits;
	bool closing, hidden, self_closed;
	size_t start;
};

/* ---- giving out ---- */

static int flush(struct html *html, enum channel channel, bool last, struct cordon_err *err)
{
	struct view *view = &html->views[channel];
	struct piece piece = { .view = view,
			       .placement = channels[channel].placement,
			       .where = channels[channel].where };
	int rc = 0;

	if (view->len && (html->reader->want == HTML_ALL || channel == SHOWN))
		rc = html->reader->sink(html->reader->context, &piece, err);
	if (last || html->reader->want == HTML_READABLE)
		view_clear(view);
	else
		view_keep_tail(view, VIEW_OVERLAP);
	return rc;
}

static int add(struct html *html, enum channel channel, struct cordon_slice bytes, struct view_place place,
	       struct cordon_err *err)
{
	int rc;

	if (html->reader->want == HTML_READABLE && channel == QUOTED)
		channel = SHOWN;
	if (html->reader->want == HTML_READABLE && channel != SHOWN)
		return 0;
	rc = view_add(&html->views[channel], bytes, place, err);
	if (rc == 0 && html->views[channel].len >= FLUSH_AT)
		rc = flush(html, channel, false, err);
	return rc;
}

/* Bytes of the source from `from` to `to`, entities read. */
static int add_text(struct html *html, enum channel channel, size_t from, size_t to, struct cordon_err *err)
{
	const struct cordon_slice source = { html->reader->source.data, to };
	int rc = 0;

	while (from < to && rc == 0) {
		uint32_t rune = 0;
		char bytes[4] = { source.data[from] };
		size_t width = bytes[0] == '&' ? decode_entity(slice_from(source, from), &rune) : 0;
		size_t len = width ? utf8_encode(rune, bytes) : 1;

		width = width ? width : 1;
		if (channel != SCRIPT && html->in_title && html->title.len + len < TITLE_MAX)
			rc = buf_add(&html->title, (struct cordon_slice){ bytes, len }, err);
		if (rc == 0)
			rc = add(html, channel, (struct cordon_slice){ bytes, len },
				 (struct view_place){ (uint32_t)from, (uint32_t)(from + width) }, err);
		from += width;
	}
	return rc;
}

/* A paragraph's end, at source offset `at`. */
static int add_break(struct html *html, enum channel channel, size_t at, struct cordon_err *err)
{
	struct view_place place = { (uint32_t)at, (uint32_t)(at + 1) };

	return add(html, channel, SLICE("\n\n"), place, err);
}

/* ---- names ---- */

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool same_name(struct cordon_slice a, struct cordon_slice b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (lower(a.data[i]) != lower(b.data[i]))
			return false;
	return true;
}

static unsigned int traits_of(struct cordon_slice name)
{
	for (size_t i = 0; i < ARRAY_LEN(elements); i++)
		if (same_name(name, slice_of(elements[i].name)))
			return elements[i].traits;
	return 0;
}

static bool is_space(char c)
{
	return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

static char peek(const struct html *html)
{
	return html->at < html->reader->to ? html->reader->source.data[html->at] : '\0';
}

static struct cordon_slice slice_between(const struct html *html, size_t from, size_t to)
{
	return (struct cordon_slice){ html->reader->source.data + from, to - from };
}

/* ---- attributes ---- */

enum meaning { TEXT, IMAGE_URL, LINK_URL, SILENT };

struct attribute_row {
	const char *name;
	enum meaning meaning;
};

/* What is not listed is text: nothing that a model could read is skipped. */
static const struct attribute_row attribute_rows[] = {
	{ "src", IMAGE_URL }, { "poster", IMAGE_URL }, { "background", IMAGE_URL }, { "data", IMAGE_URL },
	{ "href", LINK_URL }, { "action", LINK_URL },  { "formaction", LINK_URL },  { "class", SILENT },
	{ "id", SILENT },     { "style", SILENT },     { "rel", SILENT },	    { "type", SILENT },
	{ "d", SILENT },      { "srcset", SILENT },    { "sizes", SILENT },	    { "integrity", SILENT },
	{ "lang", SILENT },   { "name", SILENT },      { "http-equiv", SILENT },    { "viewbox", SILENT },
};

struct attribute {
	struct cordon_slice name; /* in the source */
	size_t from, to; /* its value in the source; the same offset twice: empty, or it has none */
};

static int take_value(struct html *html, struct tag *tag, const struct attribute *attribute, struct cordon_err *err)
{
	const struct cordon_slice name = attribute->name;
	const size_t from = attribute->from;
	const size_t to = attribute->to;
	struct cordon_slice value = slice_between(html, from, to);
	struct view_place place = { (uint32_t)from, (uint32_t)to };
	enum meaning meaning = TEXT;
	int rc = 0;

	tag->hidden = tag->hidden || hide_by_attribute(name, value) ||
		      (same_name(name, SLICE("class")) && hide_by_sheet(&html->sheet, '.', value)) ||
		      (same_name(name, SLICE("id")) && hide_by_sheet(&html->sheet, '#', value));
	for (size_t i = 0; i < ARRAY_LEN(attribute_rows); i++)
		if (same_name(name, slice_of(attribute_rows[i].name)))
			meaning = attribute_rows[i].meaning;
	if ((meaning == IMAGE_URL || meaning == LINK_URL) && html->reader->dossier)
		return links_judge(html->reader->dossier, value, meaning == IMAGE_URL ? LINK_FETCHED : LINK_CLICKED,
				   place, err);
	if (meaning != TEXT || !memchr(value.data, ' ', value.len))
		return meaning == SILENT || value.len < 20 ? 0 : add_text(html, ATTRIBUTE, from, to, err);
	rc = add_text(html, ATTRIBUTE, from, to, err);
	return rc < 0 ? rc : add_break(html, ATTRIBUTE, from, err);
}

/* Goes over a value; what stands inside its quotes, if it has any, is the attribute's. */
static void skip_value(struct html *html, struct attribute *attribute)
{
	char quote = peek(html);
	const char *close;

	attribute->from = html->at;
	if (quote != '"' && quote != '\'') {
		while (html->at < html->reader->to && !is_space(peek(html)) && peek(html) != '>')
			html->at++;
		attribute->to = html->at;
		return;
	}
	attribute->from++;
	close = memchr(html->reader->source.data + attribute->from, quote, html->reader->to - attribute->from);
	attribute->to = close ? (size_t)(close - html->reader->source.data) : html->reader->to;
	html->at = close ? attribute->to + 1 : attribute->to;
}

/* One attribute, from its name on. */
static int take_attribute(struct html *html, struct tag *tag, struct cordon_err *err)
{
	struct attribute attribute;
	size_t name = html->at;
	size_t name_end;

	while (html->at < html->reader->to && !is_space(peek(html)) && peek(html) != '=' && peek(html) != '>' &&
	       peek(html) != '/')
		html->at++;
	if (html->at == name)
		html->at++; /* a stray sign */
	name_end = html->at;
	attribute = (struct attribute){ slice_between(html, name, name_end), name_end, name_end };
	while (is_space(peek(html)))
		html->at++;
	if (peek(html) != '=') {
		/* Words without a value are no attributes of any element, but they can be read. */
		int rc = add_text(html, ATTRIBUTE, name, name_end, err);

		if (rc == 0)
			rc = add(html, ATTRIBUTE, SLICE(" "),
				 (struct view_place){ (uint32_t)name_end - 1, (uint32_t)name_end }, err);
		return rc < 0 ? rc : take_value(html, tag, &attribute, err);
	}
	html->at++;
	while (is_space(peek(html)))
		html->at++;
	skip_value(html, &attribute);
	return take_value(html, tag, &attribute, err);
}

/* ---- elements ---- */

static enum channel channel_of(const struct html *html)
{
	const struct open_element *top = html->depth ? &html->stack[html->depth - 1] : NULL;

	if (top && top->hidden)
		return HIDDEN;
	return top && top->quoted ? QUOTED : SHOWN;
}

static void push(struct html *html, const struct tag *tag)
{
	const struct open_element *top = html->depth ? &html->stack[html->depth - 1] : NULL;

	if (tag->traits & VOID || tag->self_closed)
		return;
	if (html->depth == DEPTH_MAX) {
		html->deeper++;
		return;
	}
	html->stack[html->depth] =
		(struct open_element){ .name = tag->name,
				       .traits = tag->traits,
				       .hidden = tag->hidden || (tag->traits & CONCEALED) || (top && top->hidden),
				       .quoted = (tag->traits & QUOTES) || (top && top->quoted) };
	html->depth++;
}

/* Closes the nearest open element of this name and what is open inside it; a stray end tag closes nothing. */
static void pop(struct html *html, const struct tag *tag)
{
	if (html->deeper) {
		html->deeper--;
		return;
	}
	for (size_t i = html->depth; i-- > 0;) {
		if (same_name(html->stack[i].name, tag->name)) {
			html->depth = i;
			return;
		}
	}
}

/* A style or script up to its end tag. */
static int take_raw(struct html *html, const struct tag *tag, struct cordon_err *err)
{
	size_t from = html->at;
	struct cordon_slice css;
	int rc;

	for (; html->at < html->reader->to; html->at++) {
		struct cordon_slice rest = slice_between(html, html->at, html->reader->to);

		if (rest.len > tag->name.len + 1 && rest.data[0] == '<' && rest.data[1] == '/' &&
		    same_name((struct cordon_slice){ rest.data + 2, tag->name.len }, tag->name))
			break;
	}
	css = slice_between(html, from, html->at);
	if (same_name(tag->name, SLICE("style")) && css.len <= SHEET_MAX)
		hide_read_sheet(&html->sheet, css);
	rc = add_text(html, SCRIPT, from, html->at, err);
	return rc < 0 ? rc : add_break(html, SCRIPT, from, err);
}

static void note_title(struct html *html, const struct tag *tag)
{
	if (!(tag->traits & HEADING))
		return;
	if (tag->closing && html->in_title)
		html->has_title = html->title.len > 0;
	html->in_title = !tag->closing && !html->has_title;
}

static int act(struct html *html, struct tag *tag, struct cordon_err *err)
{
	const struct open_element *top = html->depth ? &html->stack[html->depth - 1] : NULL;
	int rc = 0;

	note_title(html, tag);
	if (tag->traits & BLOCK)
		rc = add_break(html, channel_of(html), tag->start, err);
	if (tag->closing) {
		pop(html, tag);
		return rc;
	}
	if ((tag->traits & IMPLIED) && top && same_name(top->name, tag->name) && !html->deeper)
		html->depth--;
	if (rc == 0 && (tag->traits & RAW) && !tag->self_closed)
		return take_raw(html, tag, err);
	push(html, tag);
	/* What a hidden element holds is a text of its own. */
	return rc < 0 || !tag->hidden ? rc : add_break(html, HIDDEN, tag->start, err);
}

static int take_tag(struct html *html, struct cordon_err *err)
{
	struct tag tag = { .start = html->at };
	size_t from;
	int rc = 0;

	html->at++;
	tag.closing = peek(html) == '/';
	html->at += tag.closing;
	from = html->at;
	while (html->at < html->reader->to && !is_space(peek(html)) && peek(html) != '>' && peek(html) != '/')
		html->at++;
	tag.name = slice_between(html, from, html->at);
	tag.traits = traits_of(tag.name);
	while (html->at < html->reader->to && peek(html) != '>' && rc == 0) {
		if (is_space(peek(html)) || peek(html) == '/') {
			tag.self_closed = peek(html) == '/';
			html->at++;
			continue;
		}
		tag.self_closed = false;
		rc = take_attribute(html, &tag, err);
	}
	html->at += html->at < html->reader->to;
	tag.self_closed = tag.self_closed && !(tag.traits & (BLOCK | RAW | CONCEALED));
	return rc < 0 ? rc : act(html, &tag, err);
}

/* "<!-- ... -->", and what else begins with "<!" or "<?". */
static int take_comment(struct html *html, struct cordon_err *err)
{
	struct cordon_slice rest = slice_between(html, html->at, html->reader->to);
	bool real = slice_starts(rest, SLICE("<!--"));
	const char *end = real ? memmem(rest.data + 4, rest.len - 4, "-->", 3) : memchr(rest.data, '>', rest.len);
	size_t from = html->at + (real ? 4 : 2);
	size_t to = end ? (size_t)(end - html->reader->source.data) : html->reader->to;
	int rc = add_text(html, COMMENT, from, to, err);

	html->at = end ? to + (real ? 3 : 1) : to;
	return rc < 0 ? rc : add_break(html, COMMENT, from - 1, err);
}

static int take_shown(struct html *html, struct cordon_err *err)
{
	size_t from = html->at;

	html->at++;
	while (html->at < html->reader->to && peek(html) != '<')
		html->at++;
	return add_text(html, channel_of(html), from, html->at, err);
}

static int take(struct html *html, struct cordon_err *err)
{
	char next = html->at + 1 < html->reader->to ? html->reader->source.data[html->at + 1] : '\0';
	char letter = lower(next);

	if (peek(html) != '<')
		return take_shown(html, err);
	if (next == '!' || next == '?')
		return take_comment(html, err);
	if ((letter >= 'a' && letter <= 'z') || next == '/')
		return take_tag(html, err);
	return take_shown(html, err);
}

int html_read(const struct html_reader *reader, char **title, struct cordon_err *err)
{
	struct html html = { .reader = reader, .at = reader->from, .title = { .limit = TITLE_MAX } };
	int rc = 0;

	while (html.at < reader->to && rc == 0)
		rc = take(&html, err);
	for (size_t i = 0; i < CHANNEL_COUNT; i++) {
		if (rc == 0)
			rc = flush(&html, (enum channel)i, true, err);
		view_release(&html.views[i]);
	}
	if (rc == 0 && title) {
		*title = excerpt_make(buf_slice(&html.title));
		rc = *title ? 0 : CORDON_ENOMEM;
	}
	buf_release(&html.title);
	return rc;
}
