/* SPDX-License-Identifier: Apache-2.0 */
/*
 * shield.h - text in, findings and verdict out, by a confined child: the client side.
 *
 * A shield is one running `cordon-shield` (reader and shield in one process: hostile bytes in, text and findings out).
 * Its filter allows read, write, memory and exit. A child that dies or answers nonsense is an error: the content is
 * withheld (fail closed), and the next call starts a new child.
 */
#ifndef SHIELD_SHIELD_H
#define SHIELD_SHIELD_H

#include <stdint.h>

#include "sandbox/base/buf.h"

#define SHIELD_TEXT_MAX (64u << 20) /* one document: what a reader child may hold in memory several times over */

enum shield_verdict { SHIELD_INJECTION, SHIELD_SUSPICIOUS, SHIELD_CLEAN }; /* zero is the safe one */
enum shield_format { SHIELD_AUTO, SHIELD_TEXT, SHIELD_HTML, SHIELD_MARKDOWN };

#define SHIELD_KINDS(X)                                                                                                \
	X(INSTRUCTION, "instruction")                                                                                  \
	X(HIDDEN_TEXT, "hidden-text")                                                                                  \
	X(ENCODED, "encoded")                                                                                          \
	X(EXFIL_LINK, "exfil-link")                                                                                    \
	X(UNICODE, "unicode")                                                                                          \
	X(TOOL_POISON, "tool-poison")                                                                                  \
	X(SECRET, "secret")                                                                                            \
	X(PII, "pii")

enum shield_kind {
#define X(id, name) SHIELD_KIND_##id,
	SHIELD_KINDS(X)
#undef X
		SHIELD_KIND_COUNT
};

enum shield_layer { SHIELD_LAYER_STRUCTURE, SHIELD_LAYER_PATTERN, SHIELD_LAYER_MODEL, SHIELD_LAYER_REMOTE };

struct shield_finding {
	enum shield_kind kind;
	enum shield_layer layer;
	uint64_t start, end; /* bytes in the source as given */
	double score; /* 0 to 1 */
	char *why; /* one sentence */
	char *excerpt; /* safe to print: no control, format or invalid bytes */
};

/* A stretch of readable text that a chunk may be cut from: text bytes, and where they stood in the source. */
struct shield_chunk {
	uint64_t start, end; /* bytes in the source */
	char *text; /* what a reader would see: markup removed for html, as given for text and markdown */
	enum shield_verdict verdict; /* the worst of the findings that touch it */
};

struct shield_report {
	enum shield_verdict verdict;
	double score;
	uint64_t bytes;
	struct shield_finding *findings;
	size_t finding_count;
	char *title; /* of an HTML or Markdown document; "" where there is none */
	struct shield_chunk *chunks; /* only where asked for */
	size_t chunk_count;
};

struct shield_request {
	struct cordon_slice text;
	enum shield_format format;
	const char *name; /* file name or uri, a hint for SHIELD_AUTO; may be NULL */
	enum { SHIELD_SCAN_ONLY, SHIELD_SCAN_AND_CHUNK } want;
};

struct shield;

USE_RESULT int shield_open(struct shield **out, struct cordon_err *err);
void shield_close(struct shield *shield);
USE_RESULT int shield_scan(struct shield *shield, const struct shield_request *request, struct shield_report *report,
			   struct cordon_err *err);
/*
 * A gzip file unpacked by the confined child, appended to out (at most SHIELD_TEXT_MAX bytes, and no bomb). Offsets in a
 * scan of it are those of the unpacked bytes.
 */
USE_RESULT int shield_unpack(struct shield *shield, struct cordon_slice packed, struct buf *out,
			     struct cordon_err *err);
void shield_report_release(struct shield_report *report);

const char *shield_verdict_name(enum shield_verdict verdict);
const char *shield_kind_name(enum shield_kind kind);
const char *shield_layer_name(enum shield_layer layer);

#endif
