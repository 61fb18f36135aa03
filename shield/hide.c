// SPDX-License-Identifier: Apache-2.0
/*
 * hide.c - does this style or attribute keep an element from being seen?
 *
 * The style is read once into lower case without white space, then a table of properties is walked. What cannot be known
 * from the element alone (a colour set elsewhere, a script) is not guessed at: hidden text only raises the weight of
 * what reads like an instruction, so a miss costs weight and an error costs nothing.
 */
#include "shield/hide.h"

#include <string.h>

#include "sandbox/base/cleanup.h"
#include "sandbox/base/slice.h"

#define STYLE_MAX 1024
#define SELECTOR_MAX 200

enum test { BEGINS, TINY, FAR_OFF };

struct property {
	const char *name; /* with its colon */
	enum test test;
	const char *value;
};

static const struct property properties[] = {
	{ "display:", BEGINS, "none" },
	{ "visibility:", BEGINS, "hidden" },
	{ "visibility:", BEGINS, "collapse" },
	{ "opacity:", TINY, "0.1" },
	{ "font-size:", TINY, "1" },
	{ "font:", BEGINS, "0" },
	{ "line-height:", TINY, "0" },
	{ "text-indent:", FAR_OFF, NULL },
	{ "left:", FAR_OFF, NULL },
	{ "right:", FAR_OFF, NULL },
	{ "top:", FAR_OFF, NULL },
	{ "margin-left:", FAR_OFF, NULL },
	{ "clip:", BEGINS, "rect(0" },
	{ "clip:", BEGINS, "rect(1px" },
	{ "clip-path:", BEGINS, "inset(50%" },
	{ "clip-path:", BEGINS, "inset(100%" },
	{ "clip-path:", BEGINS, "circle(0" },
	{ "transform:", BEGINS, "scale(0" },
	{ "max-height:", TINY, "0" },
	{ "max-width:", TINY, "0" },
	{ "color:", BEGINS, "transparent" },
	{ "color:", BEGINS, "rgba(0,0,0,0)" },
	{ "mso-hide:", BEGINS, "all" },
	{ "content-visibility:", BEGINS, "hidden" },
};

/* Lower case, no white space, no comments' worth: returns the length. */
static size_t squeeze(struct cordon_slice style, char out[STYLE_MAX])
{
	size_t len = 0;

	for (size_t i = 0; i < style.len && len < STYLE_MAX - 1; i++) {
		char c = style.data[i];

		if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || !c)
			continue;
		out[len++] = c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
	}
	out[len] = '\0';
	return len;
}

/* "0", "0.01", ".5px" and not more than `most`; "0" in any unit. */
static bool is_tiny(const char *value, const char *most)
{
	double number = 0;
	double scale = 1;
	double limit = most[1] ? 0.1 : most[0] - '0';

	if ((*value < '0' || *value > '9') && *value != '.')
		return false;
	for (; *value >= '0' && *value <= '9'; value++)
		number = number * 10 + (*value - '0');
	for (value += *value == '.'; *value >= '0' && *value <= '9'; value++) {
		scale /= 10;
		number += scale * (*value - '0');
	}
	return number <= limit && (number == 0 || *value != 'e') && (number == 0 || *value != 'r');
}

/* -500px or further, or as many percent. */
static bool is_far_off(const char *value)
{
	size_t digits = strspn(value + 1, "0123456789");

	return value[0] == '-' && (digits >= 4 || (digits == 3 && value[1] >= '5'));
}

static bool passes(const struct property *property, const char *value)
{
	switch (property->test) {
	case BEGINS:
		return !strncmp(value, property->value, strlen(property->value));
	case TINY:
		return is_tiny(value, property->value);
	case FAR_OFF:
		return is_far_off(value);
	}
	return false;
}

/* The value of a property in a squeezed style; NULL. The name must begin a declaration. */
static const char *value_of(const char *style, const char *name)
{
	for (const char *at = strstr(style, name); at; at = strstr(at + 1, name))
		if (at == style || at[-1] == ';' || at[-1] == '{')
			return at + strlen(name);
	return NULL;
}

static bool same_value(const char *a, const char *b)
{
	size_t len = strcspn(a, ";}!");

	return len && len == strcspn(b, ";}!") && !memcmp(a, b, len);
}

/* White on nothing, or a colour on itself. */
static bool hides_by_colour(const char *style)
{
	static const char *const whites[] = { "white", "#fff;", "#ffffff", "rgb(255,255,255)" };
	const char *colour = value_of(style, "color:");
	const char *ground = value_of(style, "background-color:");

	if (!ground)
		ground = value_of(style, "background:");
	if (!colour)
		return false;
	if (ground)
		return same_value(colour, ground);
	for (size_t i = 0; i < ARRAY_LEN(whites); i++)
		if (!strncmp(colour, whites[i], strlen(whites[i])))
			return true;
	return !strcmp(colour, "#fff");
}

/* height:0 and width:0 hide only together with overflow:hidden. */
static bool hides_by_size(const char *style)
{
	const char *overflow = value_of(style, "overflow:");
	const char *height = value_of(style, "height:");
	const char *width = value_of(style, "width:");

	return overflow && !strncmp(overflow, "hidden", 6) &&
	       ((height && is_tiny(height, "1")) || (width && is_tiny(width, "1")));
}

bool hide_by_style(struct cordon_slice style)
{
	char text[STYLE_MAX];

	if (!squeeze(style, text))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(properties); i++) {
		const char *value = value_of(text, properties[i].name);

		if (value && passes(&properties[i], value))
			return true;
	}
	return hides_by_colour(text) || hides_by_size(text);
}

static bool is_word(struct cordon_slice text, const char *word)
{
	size_t len = strlen(word);

	if (text.len != len)
		return false;
	for (size_t i = 0; i < len; i++)
		if ((text.data[i] >= 'A' && text.data[i] <= 'Z' ? text.data[i] + 32 : text.data[i]) != word[i])
			return false;
	return true;
}

bool hide_by_attribute(struct cordon_slice name, struct cordon_slice value)
{
	if (is_word(name, "hidden"))
		return true;
	if (is_word(name, "aria-hidden"))
		return is_word(value, "true");
	if (is_word(name, "type"))
		return is_word(value, "hidden");
	return is_word(name, "style") && hide_by_style(value);
}

static bool is_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

static void add_selectors(struct hide_sheet *sheet, struct cordon_slice selectors)
{
	size_t at = 0;

	while (at < selectors.len && sheet->count < HIDE_CLASSES_MAX) {
		size_t end = at + 1;

		while (end < selectors.len && is_name(selectors.data[end]))
			end++;
		if ((selectors.data[at] == '.' || selectors.data[at] == '#') && end > at + 1)
			sheet->names[sheet->count++] = (struct cordon_slice){ selectors.data + at, end - at };
		at = end;
	}
}

void hide_read_sheet(struct hide_sheet *sheet, struct cordon_slice css)
{
	while (css.len) {
		const char *open = memchr(css.data, '{', css.len);
		const char *close = open ? memchr(open, '}', css.len - (size_t)(open - css.data)) : NULL;
		struct cordon_slice selectors;

		if (!close)
			return;
		selectors = (struct cordon_slice){ css.data, (size_t)(open - css.data) };
		if (selectors.len > SELECTOR_MAX)
			selectors = slice_from(selectors, selectors.len - SELECTOR_MAX);
		if (hide_by_style((struct cordon_slice){ open + 1, (size_t)(close - open - 1) }))
			add_selectors(sheet, selectors);
		css = slice_from(css, (size_t)(close - css.data) + 1);
	}
}

bool hide_by_sheet(const struct hide_sheet *sheet, char lead, struct cordon_slice words)
{
	size_t at = 0;

	while (sheet->count && at < words.len) {
		size_t end = at;

		while (end < words.len && is_name(words.data[end]))
			end++;
		for (size_t i = 0; end > at && i < sheet->count; i++)
			if (sheet->names[i].data[0] == lead &&
			    slice_equal(slice_from(sheet->names[i], 1),
					(struct cordon_slice){ words.data + at, end - at }))
				return true;
		at = end + 1;
	}
	return false;
}
