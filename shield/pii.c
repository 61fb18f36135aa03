// SPDX-License-Identifier: Apache-2.0
/*
 * pii.c - what identifies people: cards, accounts, mail addresses, telephone numbers.
 *
 * Cards and IBANs carry check digits, so those are sure; addresses and numbers are weak, and none of them ever makes a
 * text suspicious. One pass; a token is read once.
 */
#include "shield/secrets.h"

#include <string.h>

#include "sandbox/base/slice.h"

#define CARD_MIN 13
#define CARD_MAX 19
#define IBAN_MAX 34
#define MAIL_MAX 254

enum token { CARD, IBAN, MAIL, PHONE };

struct pii_row {
	double weight;
	const char *says;
};

static const struct pii_row rows[] = {
	[CARD] = { 0.90, "is a card number, its check digit is right" },
	[IBAN] = { 0.90, "is an IBAN, its check digits are right" },
	[MAIL] = { 0.20, "is a mail address" },
	[PHONE] = { 0.15, "looks like a telephone number" },
};

struct reading { /* of one piece, from its beginning to its end */
	struct dossier *dossier;
	const struct piece *piece;
	size_t at;
	size_t mails; /* where the last '@' was left behind */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

static int note(const struct reading *reading, size_t from, size_t to, enum token token, struct cordon_err *err)
{
	const struct piece *piece = reading->piece;
	struct evidence evidence = { .kind = SHIELD_KIND_PII,
				     .layer = SHIELD_LAYER_PATTERN,
				     .class = EVIDENCE_WEAK,
				     .source = &rows[token],
				     .weight = rows[token].weight,
				     .span = view_span(piece->view, from, to),
				     .says = rows[token].says,
				     .where = piece->where,
				     .how = piece->how,
				     .shown = { piece->view->bytes + from, to - from < 6 ? to - from : 6 } };

	return dossier_add(reading->dossier, &evidence, err);
}

static bool luhn(const char *digits, size_t len)
{
	unsigned int sum = 0;

	for (size_t i = 0; i < len; i++) {
		unsigned int digit = (unsigned int)(digits[len - 1 - i] - '0');

		if (i % 2)
			digit = digit > 4 ? digit * 2 - 9 : digit * 2;
		sum += digit;
	}
	return sum % 10 == 0;
}

/* Issuers' first digits: Visa 4, Mastercard 51-55 and 22-27, American Express 34 and 37, Discover 6. */
static bool is_card(const char *digits, size_t len)
{
	bool known = digits[0] == '4' || digits[0] == '6' ||
		     (digits[0] == '5' && digits[1] >= '1' && digits[1] <= '5') ||
		     (digits[0] == '2' && digits[1] >= '2' && digits[1] <= '7') ||
		     (digits[0] == '3' && (digits[1] == '4' || digits[1] == '7'));

	if (len < CARD_MIN || len > CARD_MAX || !known)
		return false;
	for (size_t i = 1; i < len; i++)
		if (digits[i] != digits[0])
			return luhn(digits, len);
	return false;
}

/* A run of digits in groups of one separator, or with '+' before it. */
static int take_number(struct reading *reading, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(reading->piece->view);
	bool plus = reading->at && text.data[reading->at - 1] == '+';
	char digits[CARD_MAX + 1];
	size_t from = reading->at;
	size_t count = 0;
	size_t end = from;

	for (; reading->at < text.len; reading->at++) {
		char c = text.data[reading->at];

		if (is_digit(c)) {
			if (count <= CARD_MAX)
				digits[count < CARD_MAX ? count : CARD_MAX] = c;
			count++;
			end = reading->at + 1;
		} else if (!(c == ' ' || c == '-' || (plus && (c == '(' || c == ')' || c == '.'))) ||
			   end != reading->at) {
			break;
		}
	}
	if (end < text.len && (is_letter(text.data[end]) || text.data[end] == '_'))
		return 0;
	if (plus && count >= 9 && count <= 15)
		return note(reading, from - 1, end, PHONE, err);
	if (count <= CARD_MAX && count >= CARD_MIN && is_card(digits, count))
		return note(reading, from, end, CARD, err);
	return 0;
}

struct country {
	char code[3];
	size_t len;
};

static const struct country countries[] = {
	{ "AT", 20 }, { "BE", 16 }, { "BG", 22 }, { "CH", 21 }, { "CY", 28 }, { "CZ", 24 }, { "DE", 22 }, { "DK", 18 },
	{ "EE", 20 }, { "ES", 24 }, { "FI", 18 }, { "FR", 27 }, { "GB", 22 }, { "GR", 27 }, { "HR", 21 }, { "HU", 28 },
	{ "IE", 22 }, { "IT", 27 }, { "LI", 21 }, { "LT", 20 }, { "LU", 20 }, { "LV", 21 }, { "NL", 18 }, { "NO", 15 },
	{ "PL", 28 }, { "PT", 25 }, { "RO", 24 }, { "SE", 24 }, { "SI", 19 }, { "SK", 24 }, { "TR", 26 }, { "UA", 29 },
};

static bool mod_97(const char *iban, size_t len)
{
	unsigned int rest = 0;

	for (size_t i = 0; i < len; i++) {
		char c = iban[(i + 4) % len];
		unsigned int value = is_digit(c) ? (unsigned int)(c - '0') : (unsigned int)(c - 'A') + 10;

		rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
	}
	return rest == 1;
}

static size_t iban_len(struct cordon_slice text)
{
	for (size_t i = 0; i < ARRAY_LEN(countries); i++)
		if (text.len > 4 && !memcmp(text.data, countries[i].code, 2) && is_digit(text.data[2]) &&
		    is_digit(text.data[3]))
			return countries[i].len;
	return 0;
}

/* Upper-case letters and digits, in groups of four or not. */
static int take_iban(struct reading *reading, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(reading->piece->view);
	size_t wanted = iban_len(slice_from(text, reading->at));
	char iban[IBAN_MAX];
	size_t count = 0;
	size_t end = reading->at;

	for (; wanted && end < text.len && count < wanted; end++) {
		char c = text.data[end];

		if (is_digit(c) || (c >= 'A' && c <= 'Z'))
			iban[count++] = c;
		else if (c != ' ')
			break;
	}
	if (!wanted || count < wanted || !mod_97(iban, count) ||
	    (end < text.len && (is_digit(text.data[end]) || is_letter(text.data[end])))) {
		reading->at++;
		return 0;
	}
	wanted = reading->at;
	reading->at = end;
	return note(reading, wanted, end, IBAN, err);
}

static bool in_mail(char c)
{
	return is_letter(c) || is_digit(c) || c == '.' || c == '_' || c == '-' || c == '+' || c == '%';
}

/* Stands on an '@'. */
static int take_mail(struct reading *reading, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(reading->piece->view);
	const size_t at = reading->at++;
	const size_t floor = reading->mails;
	size_t from = at;
	size_t end = at + 1;
	size_t dot = 0;

	reading->mails = reading->at;
	while (from > floor && at - from < 64 && in_mail(text.data[from - 1]))
		from--;
	while (end < text.len && end - at < MAIL_MAX &&
	       (is_letter(text.data[end]) || is_digit(text.data[end]) || text.data[end] == '.' ||
		text.data[end] == '-')) {
		if (text.data[end] == '.')
			dot = end;
		end++;
	}
	if (dot && dot + 1 == end)
		end--;
	if (from == at || !dot || end < dot + 3 || !is_letter(text.data[dot + 1]))
		return 0;
	return note(reading, from, end, MAIL, err);
}

int pii_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err)
{
	struct reading reading = { .dossier = dossier, .piece = piece };
	struct cordon_slice text = view_slice(piece->view);
	int rc = 0;

	while (reading.at < text.len && rc == 0) {
		const size_t at = reading.at;
		char c = text.data[at];
		bool start = !at || !(is_digit(text.data[at - 1]) || is_letter(text.data[at - 1]));

		if (is_digit(c) && start)
			rc = take_number(&reading, err);
		else if (c >= 'A' && c <= 'Z' && start)
			rc = take_iban(&reading, err);
		else if (c == '@')
			rc = take_mail(&reading, err);
		else
			reading.at++;
	}
	return rc;
}
