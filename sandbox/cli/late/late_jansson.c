// SPDX-License-Identifier: Apache-2.0
/*
 * late_jansson.c - JSON.
 */
#include "sandbox/cli/late/late.h"

#include <jansson.h>
#include <stdarg.h>

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(json_t *, json_array, (void), )									       \
	X(int, json_array_append_new, (json_t *array, json_t *value), array, value)				       \
	X(json_t *, json_array_get, (const json_t *array, size_t at), array, at)				       \
	X(int, json_array_set_new, (json_t *array, size_t at, json_t *value), array, at, value)			       \
	X(size_t, json_array_size, (const json_t *array), array)						       \
	X(json_t *, json_copy, (json_t *value), value)								       \
	X(json_t *, json_deep_copy, (const json_t *value), value)						       \
	X(void, json_delete, (json_t *value), value)								       \
	X(char *, json_dumps, (const json_t *value, size_t flags), value, flags)				       \
	X(int, json_equal, (const json_t *a, const json_t *b), a, b)						       \
	X(json_t *, json_false, (void), )									       \
	X(json_t *, json_integer, (json_int_t value), value)							       \
	X(json_int_t, json_integer_value, (const json_t *value), value)						       \
	X(json_t *, json_loadb,											       \
	  (const char *text, size_t len, size_t flags, json_error_t *error), text, len, flags, error)		       \
	X(json_t *, json_null, (void), )									       \
	X(double, json_number_value, (const json_t *value), value)						       \
	X(json_t *, json_object, (void), )									       \
	X(int, json_object_del, (json_t *object, const char *key), object, key)					       \
	X(json_t *, json_object_get, (const json_t *object, const char *key), object, key)			       \
	X(json_t *, json_object_getn, (const json_t *object, const char *key, size_t len), object, key, len)	       \
	X(void *, json_object_iter, (json_t *object), object)							       \
	X(const char *, json_object_iter_key, (void *at), at)							       \
	X(void *, json_object_iter_next, (json_t *object, void *at), object, at)				       \
	X(json_t *, json_object_iter_value, (void *at), at)							       \
	X(void *, json_object_key_to_iter, (const char *key), key)						       \
	X(int, json_object_set_new, (json_t *object, const char *key, json_t *value), object, key, value)	       \
	X(size_t, json_object_size, (const json_t *object), object)						       \
	X(int, json_object_update, (json_t *object, json_t *other), object, other)				       \
	X(json_t *, json_real, (double value), value)								       \
	X(double, json_real_value, (const json_t *value), value)						       \
	X(json_t *, json_string, (const char *text), text)							       \
	X(size_t, json_string_length, (const json_t *value), value)						       \
	X(const char *, json_string_value, (const json_t *value), value)					       \
	X(json_t *, json_stringn, (const char *text, size_t len), text, len)					       \
	X(json_t *, json_true, (void), )
#define HELPERS(X)												       \
	X(json_t *, json_vpack_ex, (json_error_t *error, size_t flags, const char *format, va_list list), )	       \
	X(json_t *, json_vsprintf, (const char *format, va_list list), )
/* clang-format on */

LATE_LIBRARY("libjansson.so.4", FUNCTIONS, HELPERS)

json_t *json_pack(const char *format, ...)
{
	json_t *made;
	va_list list;

	ready();
	va_start(list, format);
	made = real.json_vpack_ex(NULL, 0, format, list);
	va_end(list);
	return made;
}

json_t *json_sprintf(const char *format, ...)
{
	json_t *made;
	va_list list;

	ready();
	va_start(list, format);
	made = real.json_vsprintf(format, list);
	va_end(list);
	return made;
}
