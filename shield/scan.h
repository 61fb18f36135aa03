/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h - a document in, a report out, in this process: what cordon-shield does once it is confined.
 */
#ifndef SHIELD_SCAN_H
#define SHIELD_SCAN_H

#include "shield/shield.h"

struct scanner;

/* Compiles the patterns. */
USE_RESULT int scanner_open(struct scanner **out, struct cordon_err *err);
void scanner_close(struct scanner *scanner);
/* *report is the caller's, without chunks; chunk.h makes those. CORDON_ELIMIT where the text takes too long. */
USE_RESULT int scanner_scan(struct scanner *scanner, const struct shield_request *request, struct shield_report *report,
			    struct cordon_err *err);
/* SHIELD_AUTO by name and content; anything else stays. */
enum shield_format scan_format_of(const struct shield_request *request);

#endif
