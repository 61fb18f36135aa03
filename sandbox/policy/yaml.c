// SPDX-License-Identifier: Apache-2.0
/*
 * yaml.c - a strict subset of YAML as a jansson tree that remembers its lines.
 *
 * libyaml's events are taken one by one: what people have been hurt by (aliases, tags, second documents, duplicate keys,
 * YAML 1.1's guessing of types) is refused where it stands. Places are kept by JSON pointer, which is also how the schema
 * names what is wrong, so every fault finds its line. JSON is a subset of what is read here.
 */
#include "sandbox/policy/yaml.h"

#include <string.h>
#include <yaml.h>

#include "sandbox/base/err.h"
#include "sandbox/base/json.h"
#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

#define NODES_MAX 200000 /* a fleet's config has some thousands; each costs about 200 bytes */

struct reading {
	yaml_parser_t parser;
	struct yaml *out;
	struct cordon_err *err;
	size_t nodes;
};

static int fault(struct reading *reading, size_t line, const char *text)
{
	return err_set(reading->err, CORDON_ECONFIG, 0, "%s:%zu: %s", reading->out->name, line + 1, text);
}

static void release_event(yaml_event_t *event)
{
	yaml_event_delete(event);
}

static int next_event(struct reading *reading, yaml_event_t *event)
{
	const yaml_parser_t *parser = &reading->parser;

	if (yaml_parser_parse(&reading->parser, event))
		return 0;
	return err_set(reading->err, CORDON_ECONFIG, 0, "%s:%zu: %s%s%s", reading->out->name,
		       parser->problem_mark.line + 1, parser->problem ? parser->problem : "not YAML",
		       parser->context ? " " : "", parser->context ? parser->context : "");
}

static int note_place(struct reading *reading, const char *pointer, size_t line, bool plain)
{
	json_int_t value = 2 * (json_int_t)(line + 1) + plain;

	if (++reading->nodes > NODES_MAX)
		return fault(reading, line, "more than 200,000 values");
	if (json_object_set_new(reading->out->places, pointer, json_integer(value)) < 0)
		return err_nomem(reading->err);
	return 0;
}

/* Anchors and tags make a document mean something other than what it says. */
static int check_plainness(struct reading *reading, const yaml_event_t *event)
{
	const char *anchor = NULL;
	const char *tag = NULL;

	switch (event->type) {
	case YAML_SCALAR_EVENT:
		anchor = (const char *)event->data.scalar.anchor;
		tag = (const char *)event->data.scalar.tag;
		break;
	case YAML_SEQUENCE_START_EVENT:
		anchor = (const char *)event->data.sequence_start.anchor;
		tag = (const char *)event->data.sequence_start.tag;
		break;
	case YAML_MAPPING_START_EVENT:
		anchor = (const char *)event->data.mapping_start.anchor;
		tag = (const char *)event->data.mapping_start.tag;
		break;
	case YAML_ALIAS_EVENT:
		return fault(reading, event->start_mark.line, "an alias (*name): write the value out");
	default:
		break;
	}
	if (anchor)
		return fault(reading, event->start_mark.line, "an anchor (&name): write the value out");
	if (tag)
		return fault(reading, event->start_mark.line, "a tag (!name): values are typed by the schema");
	return 0;
}

static int read_node(struct reading *reading, const yaml_event_t *event, const char *pointer, size_t depth,
		     json_t **out);

static int read_scalar(struct reading *reading, const yaml_event_t *event, const char *pointer, json_t **out)
{
	const struct cordon_slice text = { (const char *)event->data.scalar.value, event->data.scalar.length };
	int rc = note_place(reading, pointer, event->start_mark.line,
			    event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE);

	if (rc < 0)
		return rc;
	if (memchr(text.data, '\0', text.len))
		return fault(reading, event->start_mark.line, "a NUL in a text");
	*out = json_stringn(text.len ? text.data : "", text.len);
	return *out ? 0 : err_nomem(reading->err);
}

static int read_sequence(struct reading *reading, const char *pointer, size_t depth, json_t *array)
{
	for (size_t index = 0;; index++) {
		CLEANUP(release_event) yaml_event_t event = { 0 };
		cleanup_free char *at = NULL;
		char number[24];
		json_t *value = NULL;
		int rc = next_event(reading, &event);

		if (rc < 0 || event.type == YAML_SEQUENCE_END_EVENT)
			return rc;
		snprintf(number, sizeof(number), "%zu", index);
		at = yaml_pointer(pointer, number);
		if (!at)
			return err_nomem(reading->err);
		rc = read_node(reading, &event, at, depth, &value);
		if (rc < 0)
			return rc;
		if (json_array_append_new(array, value) < 0)
			return err_nomem(reading->err);
	}
}

/* The key of an entry; the event is its scalar. */
static int check_key(struct reading *reading, const yaml_event_t *event, const json_t *object, const char *at)
{
	const char *key = (const char *)event->data.scalar.value;

	if (event->type != YAML_SCALAR_EVENT)
		return fault(reading, event->start_mark.line, "a key that is not a text");
	if (strlen(key) != event->data.scalar.length)
		return fault(reading, event->start_mark.line, "a NUL in a key");
	if (json_object_get(object, key))
		return err_set(reading->err, CORDON_ECONFIG, 0, "%s:%zu: the key '%s' is there already, on line %d",
			       reading->out->name, event->start_mark.line + 1, key, yaml_line(reading->out, at));
	return 0;
}

static int read_mapping(struct reading *reading, const char *pointer, size_t depth, json_t *object)
{
	for (;;) {
		CLEANUP(release_event) yaml_event_t key = { 0 };
		CLEANUP(release_event) yaml_event_t event = { 0 };
		cleanup_free char *at = NULL;
		json_t *value = NULL;
		int rc = next_event(reading, &key);

		if (rc < 0 || key.type == YAML_MAPPING_END_EVENT)
			return rc;
		rc = check_plainness(reading, &key);
		if (rc < 0)
			return rc;
		if (key.type == YAML_SCALAR_EVENT)
			at = yaml_pointer(pointer, (const char *)key.data.scalar.value);
		rc = check_key(reading, &key, object, at ? at : pointer);
		rc = rc < 0 ? rc : next_event(reading, &event);
		rc = rc < 0 ? rc : read_node(reading, &event, at, depth, &value);
		if (rc < 0)
			return rc;
		if (event.type != YAML_SCALAR_EVENT) /* a container's place is its key's */
			json_object_set_new(reading->out->places, at,
					    json_integer(2 * (json_int_t)(key.start_mark.line + 1)));
		if (json_object_set_new(object, (const char *)key.data.scalar.value, value) < 0)
			return err_nomem(reading->err);
	}
}

static int read_node(struct reading *reading, const yaml_event_t *event, const char *pointer, size_t depth,
		     json_t **out)
{
	bool mapping = event->type == YAML_MAPPING_START_EVENT;
	cleanup_json json_t *value = NULL;
	int rc = check_plainness(reading, event);

	if (rc < 0)
		return rc;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(reading, event, pointer, out);
	if (!mapping && event->type != YAML_SEQUENCE_START_EVENT)
		return fault(reading, event->start_mark.line, "a value is missing");
	if (depth >= JSON_DEPTH_MAX)
		return fault(reading, event->start_mark.line, "nested more than 64 levels deep");
	rc = note_place(reading, pointer, event->start_mark.line, false);
	value = mapping ? json_object() : json_array();
	if (rc == 0 && !value)
		rc = err_nomem(reading->err);
	if (rc == 0)
		rc = mapping ? read_mapping(reading, pointer, depth + 1, value)
			     : read_sequence(reading, pointer, depth + 1, value);
	if (rc == 0)
		*out = TAKE(value);
	return rc;
}

/* Stream start, document start, one node, document end, stream end; nothing else. */
static int read_document(struct reading *reading)
{
	for (;;) {
		CLEANUP(release_event) yaml_event_t event = { 0 };
		int rc = next_event(reading, &event);

		if (rc < 0)
			return rc;
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_DOCUMENT_START_EVENT:
			if (reading->out->root)
				return fault(reading, event.start_mark.line,
					     "a second document: one file is one config");
			break;
		case YAML_STREAM_END_EVENT:
			return reading->out->root ? 0 : fault(reading, 0, "empty: at least 'version: 1' is needed");
		default:
			rc = read_node(reading, &event, "", 0, &reading->out->root);
			if (rc < 0)
				return rc;
		}
	}
}

static int check_bytes(const char *name, struct cordon_slice text, struct cordon_err *err)
{
	size_t valid = utf8_valid_until(text);
	size_t line = 1;

	if (text.len > YAML_BYTES_MAX)
		return err_set(err, CORDON_ECONFIG, 0, "%s:1: more than 4 MiB", name);
	if (slice_starts(text, SLICE("\xef\xbb\xbf")))
		return err_set(err, CORDON_ECONFIG, 0, "%s:1: a byte order mark: save the file as UTF-8 without BOM",
			       name);
	if (valid == text.len)
		return 0;
	for (size_t i = 0; i < valid; i++)
		line += text.data[i] == '\n';
	return err_set(err, CORDON_ECONFIG, 0, "%s:%zu: bytes that are not UTF-8", name, line);
}

int yaml_load(const char *name, struct cordon_slice text, struct yaml *out, struct cordon_err *err)
{
	struct yaml yaml = { .places = json_object(), .name = strdup(name) };
	struct reading reading = { .out = &yaml, .err = err };
	int rc = yaml.places && yaml.name ? check_bytes(name, text, err) : err_nomem(err);

	if (rc == 0 && !yaml_parser_initialize(&reading.parser))
		rc = err_nomem(err);
	if (rc == 0) {
		yaml_parser_set_encoding(&reading.parser, YAML_UTF8_ENCODING);
		yaml_parser_set_input_string(&reading.parser, (const unsigned char *)text.data, text.len);
		rc = read_document(&reading);
		yaml_parser_delete(&reading.parser);
	}
	if (rc < 0) {
		yaml_release(&yaml);
		return rc;
	}
	*out = yaml;
	return 0;
}

void yaml_release(struct yaml *yaml)
{
	json_decref(yaml->root);
	json_decref(yaml->places);
	free(yaml->name);
	*yaml = (struct yaml){ 0 };
}

int yaml_line(const struct yaml *yaml, const char *pointer)
{
	cleanup_free char *at = strdup(pointer);
	json_t *place = NULL;
	char *slash;

	while (at && !(place = json_object_get(yaml->places, at)) && (slash = strrchr(at, '/')))
		*slash = '\0';
	return place ? (int)(json_integer_value(place) / 2) : 1;
}

char *yaml_where(const struct yaml *yaml, const char *pointer)
{
	char *where = NULL;

	return asprintf(&where, "%s:%d", yaml->name, yaml_line(yaml, pointer)) < 0 ? NULL : where;
}

char *yaml_pointer(const char *pointer, const char *key)
{
	char *out = malloc(strlen(pointer) + 2 * strlen(key) + 2);
	char *to = out;

	if (!out)
		return NULL;
	to = stpcpy(to, pointer);
	*to++ = '/';
	for (; *key; key++) {
		if (*key == '~' || *key == '/') {
			*to++ = '~';
			*to++ = *key == '~' ? '0' : '1';
		} else {
			*to++ = *key;
		}
	}
	*to = '\0';
	return out;
}
