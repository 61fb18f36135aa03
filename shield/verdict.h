/* SPDX-License-Identifier: Apache-2.0 */
/*
 * verdict.h - evidence, and what it comes to.
 */
#ifndef SHIELD_VERDICT_H
#define SHIELD_VERDICT_H

#include "shield/piece.h"
#include "shield/rules.h"

#define EVIDENCE_MAX 4096 /* findings that a report holds; secrets beyond it are an error, others are dropped */
#define EXCERPT_MAX 160 /* bytes */

enum evidence_class {
	EVIDENCE_LINK = RULE_CLASS_COUNT, /* a link that carries data out */
	EVIDENCE_SMUGGLED, /* text in characters that nobody sees */
	EVIDENCE_WEAK, /* named, and never part of the verdict: secrets, encodings, what is merely hidden */
	EVIDENCE_CLASS_COUNT
};

struct evidence {
	enum shield_kind kind;
	enum shield_layer layer;
	unsigned int class; /* enum rule_class or enum evidence_class */
	const void *source; /* rule or table row: what is said once about a place is not said again */
	double weight; /* how sure it is, alone */
	struct view_place span;
	const char *says; /* "asks to send data somewhere" */
	const char *where, *how; /* of its piece; may be NULL */
	bool quoted;
	struct cordon_slice shown; /* what the excerpt is made of: borrowed for the call */
};

struct dossier;

USE_RESULT int dossier_open(uint64_t bytes, struct dossier **out, struct cordon_err *err);
void dossier_close(struct dossier *dossier);
USE_RESULT int dossier_add(struct dossier *dossier, const struct evidence *evidence, struct cordon_err *err);
/* The document spoke of attacks on language models once more. */
void dossier_note_discussion(struct dossier *dossier);
/* Fills verdict, score, findings (sorted by start) and bytes of *report, which is the caller's then. */
USE_RESULT int dossier_conclude(struct dossier *dossier, struct shield_report *report, struct cordon_err *err);
/* How bad a finding of this score is in a document of so many bytes. */
enum shield_verdict verdict_of(double score, uint64_t bytes);
/* bytes as one line, safe to print, at most EXCERPT_MAX: controls and format characters as \u{..}, malloc()ed. */
char *excerpt_make(struct cordon_slice bytes);

#endif
