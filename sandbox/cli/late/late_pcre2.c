// SPDX-License-Identifier: Apache-2.0
/*
 * late_pcre2.c - patterns.
 */
#include "sandbox/cli/late/late.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(void, pcre2_code_free_8, (pcre2_code *code), code)							       \
	X(pcre2_code *, pcre2_compile_8,									       \
	  (PCRE2_SPTR text, PCRE2_SIZE len, uint32_t options, int *error, PCRE2_SIZE *at,			       \
	   pcre2_compile_context *context),									       \
	  text, len, options, error, at, context)								       \
	X(int, pcre2_get_error_message_8, (int error, PCRE2_UCHAR *text, PCRE2_SIZE room), error, text, room)	       \
	X(int, pcre2_match_8,											       \
	  (const pcre2_code *code, PCRE2_SPTR text, PCRE2_SIZE len, PCRE2_SIZE from, uint32_t options,		       \
	   pcre2_match_data *data, pcre2_match_context *context),						       \
	  code, text, len, from, options, data, context)							       \
	X(pcre2_match_context *, pcre2_match_context_create_8, (pcre2_general_context *general), general)	       \
	X(void, pcre2_match_context_free_8, (pcre2_match_context *context), context)				       \
	X(pcre2_match_data *, pcre2_match_data_create_8,							       \
	  (uint32_t pairs, pcre2_general_context *general), pairs, general)					       \
	X(void, pcre2_match_data_free_8, (pcre2_match_data *data), data)					       \
	X(int, pcre2_set_depth_limit_8, (pcre2_match_context *context, uint32_t limit), context, limit)		       \
	X(int, pcre2_set_heap_limit_8, (pcre2_match_context *context, uint32_t limit), context, limit)		       \
	X(int, pcre2_set_match_limit_8, (pcre2_match_context *context, uint32_t limit), context, limit)
/* clang-format on */

LATE_LIBRARY("libpcre2-8.so.0", FUNCTIONS, LATE_NO_HELPERS)
