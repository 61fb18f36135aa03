/* SPDX-License-Identifier: Apache-2.0 */
/*
 * terminal.h - everything that the command line prints.
 *
 * What goes to a terminal is escaped of control and format characters, whoever wrote it: a file name or a page must not
 * move the cursor, hide a line or answer for the user. What goes to a pipe is printed as it is.
 */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "sandbox/base/cleanup.h"
#include "include/cordon.h"
#include "sandbox/jail/jail.h"
#include "shield/shield.h"

/* Escaped where `to` is a terminal; newlines and tabs stay. */
void terminal_text(FILE *to, struct cordon_slice text);
void terminal_line(FILE *to, const char *format, ...) PRINTF_LIKE(2, 3);
/* One compact object and a newline on stdout. The reference is taken. 0, or 1 where it could not be made. */
int terminal_json(json_t *object);
/* "cordon: sentence" on stderr; returns the exit status of the error's class: 2 for input and config, else 1. */
int terminal_fault(const struct cordon_err *err);
void terminal_warn(const char *sentence);
/* One row of denied[] on stderr: what was refused or reached, and what would allow it. */
void terminal_denied(const struct jail_denied *row);
/* The verdict's word, in colour where stdout is a terminal and NO_COLOR is not set; padded to width. */
void terminal_verdict(enum shield_verdict verdict, int width);
/* Flushes stdout; 1 with a word on stderr where not all of it could be written, else status. */
int terminal_end(int status);

#endif
