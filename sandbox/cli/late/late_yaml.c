// SPDX-License-Identifier: Apache-2.0
/*
 * late_yaml.c - the events of a config.
 */
#include "sandbox/cli/late/late.h"

#include <yaml.h>

/* result, name, parameters, arguments; laid out by hand, as the formatter takes a pointer for a product here */
/* clang-format off */
#define FUNCTIONS(X)												       \
	X(void, yaml_event_delete, (yaml_event_t *event), event)						       \
	X(void, yaml_parser_delete, (yaml_parser_t *parser), parser)						       \
	X(int, yaml_parser_initialize, (yaml_parser_t *parser), parser)						       \
	X(int, yaml_parser_parse, (yaml_parser_t *parser, yaml_event_t *event), parser, event)			       \
	X(void, yaml_parser_set_encoding, (yaml_parser_t *parser, yaml_encoding_t encoding), parser, encoding)	       \
	X(void, yaml_parser_set_input_string,									       \
	  (yaml_parser_t *parser, const unsigned char *text, size_t len), parser, text, len)
/* clang-format on */

LATE_LIBRARY("libyaml-0.so.2", FUNCTIONS, LATE_NO_HELPERS)
