// SPDX-License-Identifier: Apache-2.0
/*
 * json.c - strict loading, and the few things that every caller writes.
 *
 * jansson refuses duplicate keys, invalid UTF-8 and NUL by itself, but counts neither depth as we do nor takes an integer
 * beyond 64 bits. A short scan over the text, before it, measures the depth and finds such integers; where one is found the
 * text is loaded with a ".0" behind it, so that it becomes the double that holds it, or is refused where none does.
 */
#include "sandbox/base/json.h"

#include <math.h>
#include <string.h>

#include "sandbox/base/err.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define INT64_DIGITS 18 /* every integer of so few digits fits */

struct place {
	size_t line, column; /* from 1; the column in bytes */
};

static struct place place_of(struct cordon_slice text, size_t at)
{
	struct place place = { 1, 1 };

	for (size_t i = 0; i < at && i < text.len; i++) {
		place.column = text.data[i] == '\n' ? 1 : place.column + 1;
		place.line += text.data[i] == '\n';
	}
	return place;
}

static int refuse(struct cordon_slice text, size_t at, struct cordon_err *err, const char *fault)
{
	struct place place = place_of(text, at);

	return err_set(err, CORDON_EINVAL, 0, "line %zu column %zu: %s", place.line, place.column, fault);
}

/* The offset behind a string that begins at `at`; text.len where it does not end. */
static size_t skip_string(struct cordon_slice text, size_t at)
{
	for (at++; at < text.len && text.data[at] != '"'; at++)
		at += text.data[at] == '\\';
	return at < text.len ? at + 1 : text.len;
}

static bool is_number_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte && strchr("+-.eE", byte));
}

/* True for an integer that int64 does not hold; *end is set behind the number. */
static bool is_big_integer(struct cordon_slice text, size_t at, size_t *end)
{
	struct cordon_slice digits = slice_from(text, at);
	bool negative = digits.data[0] == '-';
	bool integer = true;
	const char *limit = negative ? "9223372036854775808" : "9223372036854775807";

	for (*end = at; *end < text.len && is_number_byte(text.data[*end]); (*end)++)
		integer = integer && !strchr(".eE+", text.data[*end]) && (text.data[*end] != '-' || *end == at);
	digits = (struct cordon_slice){ text.data + at + negative, *end - at - negative };
	if (!integer || digits.len <= INT64_DIGITS)
		return false;
	return digits.len > INT64_DIGITS + 1 || memcmp(digits.data, limit, INT64_DIGITS + 1) > 0;
}

/* Measures depth; copies text to out with ".0" behind each big integer. out stays empty where there is none. */
static int scan(struct cordon_slice text, struct buf *out, struct cordon_err *err)
{
	size_t depth = 0;
	size_t copied = 0;
	size_t end = 0;
	int rc = 0;

	for (size_t at = 0; at < text.len && rc == 0;) {
		char byte = text.data[at];

		if (byte == '"') {
			at = skip_string(text, at);
			continue;
		}
		if ((byte == '{' || byte == '[') && ++depth > JSON_DEPTH_MAX)
			return refuse(text, at, err, "nested more than 64 levels deep");
		if ((byte == '}' || byte == ']') && depth)
			depth--;
		if (byte != '-' && (byte < '0' || byte > '9')) {
			at++;
			continue;
		}
		if (is_big_integer(text, at, &end)) {
			rc = buf_add(out, (struct cordon_slice){ text.data + copied, end - copied }, err);
			rc = rc < 0 ? rc : buf_add_text(out, ".0", err);
			copied = end;
		}
		at = end > at ? end : at + 1;
	}
	if (rc == 0 && out->len)
		rc = buf_add(out, slice_from(text, copied), err);
	return rc;
}

int jsontext_load(struct cordon_slice text, json_t **out, struct cordon_err *err)
{
	cleanup_buf struct buf widened = { 0 };
	json_error_t fault;
	const char *nul;
	size_t valid = utf8_valid_until(text);
	json_t *value;
	int rc;

	if (valid != text.len)
		return refuse(text, valid, err, "bytes that are not UTF-8");
	nul = text.len ? memchr(text.data, '\0', text.len) : NULL; /* jansson takes one behind the value for the end */
	if (nul)
		return refuse(text, (size_t)(nul - text.data), err, "a NUL");
	buf_init(&widened, text.len + text.len / INT64_DIGITS * 2 + 2);
	rc = scan(text, &widened, err);
	if (rc < 0)
		return rc;
	if (widened.len)
		text = buf_slice(&widened);
	value = json_loadb(text.data ? text.data : "", text.len, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
	if (!value)
		return err_set(err, CORDON_EINVAL, 0, "line %d column %d: %s", fault.line, fault.column, fault.text);
	*out = value;
	return 0;
}

json_t *jsontext_load_loosely(struct cordon_slice text, json_error_t *fault)
{
	const size_t flags = JSON_DECODE_ANY | JSON_ALLOW_NUL;
	json_t *value = json_loadb(text.data ? text.data : "", text.len, flags, NULL);

	/* Integers past 64 bits are reals then, and so are all others. */
	return value ? value : json_loadb(text.data ? text.data : "", text.len, flags | JSON_DECODE_INT_AS_REAL, fault);
}

void jsontext_real(double value, char text[32])
{
	for (int digits = 1; digits <= 17; digits++) {
		double back = 0;

		snprintf(text, 32, "%.*g", digits, value);
		if (sscanf(text, "%lf", &back) == 1 && fabs(back - value) == 0)
			return;
	}
}

static int add_string(struct buf *out, struct cordon_slice text, struct cordon_err *err)
{
	int rc = buf_add_text(out, "\"", err);
	size_t plain = 0;

	for (size_t at = 0; rc == 0 && at < text.len; at++) {
		unsigned char byte = (unsigned char)text.data[at];

		if (byte >= 0x20 && byte != '"' && byte != '\\' && byte != 0x7f)
			continue;
		rc = buf_add(out, (struct cordon_slice){ text.data + plain, at - plain }, err);
		if (rc == 0 && byte == '\n')
			rc = buf_add_text(out, "\\n", err);
		else if (rc == 0 && (byte == '"' || byte == '\\'))
			rc = buf_addf(out, err, "\\%c", byte);
		else if (rc == 0)
			rc = buf_addf(out, err, "\\u%04x", byte);
		plain = at + 1;
	}
	rc = rc < 0 ? rc : buf_add(out, slice_from(text, plain), err);
	return rc < 0 ? rc : buf_add_text(out, "\"", err);
}

static int add_scalar(struct buf *out, const json_t *value, struct cordon_err *err)
{
	char number[34];

	switch (json_typeof(value)) {
	case JSON_STRING:
		return add_string(out, (struct cordon_slice){ json_string_value(value), json_string_length(value) },
				  err);
	case JSON_INTEGER:
		return buf_addf(out, err, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	case JSON_REAL:
		jsontext_real(json_real_value(value), number);
		if (!strpbrk(number, ".e"))
			memcpy(number + strlen(number), ".0", 3); /* stays a real when read back */
		return buf_add_text(out, number, err);
	case JSON_TRUE:
		return buf_add_text(out, "true", err);
	case JSON_FALSE:
		return buf_add_text(out, "false", err);
	default:
		return buf_add_text(out, "null", err);
	}
}

static int add_value(struct buf *out, const json_t *value, size_t depth, struct cordon_err *err)
{
	bool object = json_is_object(value);
	const char *between = object ? "{" : "[";
	const char *key;
	json_t *child;
	size_t index;
	int rc = 0;

	if (!object && !json_is_array(value))
		return add_scalar(out, value, err);
	if (depth > 4 * JSON_DEPTH_MAX)
		return err_set(err, CORDON_ELIMIT, 0, "nested too deep to be written");
	json_array_foreach(value, index, child)
	{
		rc = rc < 0 ? rc : buf_add_text(out, between, err);
		rc = rc < 0 ? rc : add_value(out, child, depth + 1, err);
		between = ",";
	}
	json_object_foreach((json_t *)(uintptr_t)value, key, child)
	{
		rc = rc < 0 ? rc : buf_add_text(out, between, err);
		rc = rc < 0 ? rc : add_string(out, slice_of(key), err);
		rc = rc < 0 ? rc : buf_add_text(out, ":", err);
		rc = rc < 0 ? rc : add_value(out, child, depth + 1, err);
		between = ",";
	}
	if (rc == 0 && *between != ',')
		rc = buf_add_text(out, between, err);
	return rc < 0 ? rc : buf_add_text(out, object ? "}" : "]", err);
}

int jsontext_dump(const json_t *value, struct buf *out, struct cordon_err *err)
{
	size_t before = out->len;
	int rc = value ? add_value(out, value, 0, err) : err_nomem(err);

	if (rc < 0 && out->data) {
		out->len = before;
		out->data[before] = '\0';
	}
	return rc;
}

json_t *jsontext_string(struct cordon_slice bytes)
{
	cleanup_buf struct buf text = { 0 };

	if (utf8_valid_until(bytes) == bytes.len)
		return json_stringn(bytes.len ? bytes.data : "", bytes.len);
	buf_init(&text, 3 * bytes.len);
	if (buf_add_utf8(&text, bytes, NULL) < 0)
		return NULL;
	return json_stringn(buf_text(&text), text.len);
}

const char *jsontext_get_text(const json_t *object, const char *key, const char *fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_string(value) ? json_string_value(value) : fallback;
}

json_int_t jsontext_get_int(const json_t *object, const char *key, json_int_t fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_integer(value) ? json_integer_value(value) : fallback;
}

bool jsontext_get_flag(const json_t *object, const char *key, bool fallback)
{
	const json_t *value = json_object_get(object, key);

	return json_is_boolean(value) ? json_is_true(value) : fallback;
}
