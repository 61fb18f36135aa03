/* SPDX-License-Identifier: Apache-2.0 */
/*
 * secrets.h - keys and tokens of the usual issuers. pii.c has what identifies people.
 */
#ifndef SHIELD_SECRETS_H
#define SHIELD_SECRETS_H

#include "shield/piece.h"
#include "shield/verdict.h"

USE_RESULT int secrets_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err);
/* Cards (Luhn), IBANs (mod 97), mail addresses, telephone numbers. */
USE_RESULT int pii_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err);

#endif
