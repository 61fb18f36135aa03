// SPDX-License-Identifier: Apache-2.0
/*
 * secrets.c - keys and tokens of the usual issuers.
 *
 * A key is known by its issuer's prefix, alphabet and length; where the issuer put a checksum in it (GitHub, npm), that
 * decides, and elsewhere the letters must be as mixed as random ones are, so that "AKIAXXXXXXXXXXXXXXXX" and other
 * placeholders are no finding. Hashes, UUIDs and lock files have no such prefix.
 */
#include "shield/secrets.h"

#include <string.h>

#include "sandbox/base/slice.h"

#define PEM_MAX 16384
#define JWT_MAX 8192

enum alphabet { WORD, UPPER, URL, HEX, PARTS };

struct issuer {
	const char *prefix;
	enum alphabet alphabet;
	size_t min, max; /* characters after the prefix */
	double bits; /* least entropy a character */
	bool (*check)(struct cordon_slice token); /* NULL: none */
	const char *says;
};

static bool in_alphabet(enum alphabet alphabet, char c)
{
	bool upper = c >= 'A' && c <= 'Z';
	bool lower = c >= 'a' && c <= 'z';
	bool digit = c >= '0' && c <= '9';

	switch (alphabet) {
	case UPPER:
		return upper || (c >= '2' && c <= '7');
	case HEX:
		return digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
	case WORD:
		return upper || lower || digit;
	case URL:
		return upper || lower || digit || c == '_' || c == '-';
	case PARTS:
		return upper || lower || digit || c == '_' || c == '-' || c == '.';
	}
	return false;
}

/* The binary logarithm of x in (0, 1], to a thousandth: libm is not worth linking for this. */
static double log2_of(double x)
{
	double whole = 0;
	double t;

	while (x < 1) {
		x *= 2;
		whole--;
	}
	t = (x - 1) / (x + 1);
	return whole + 2.8853900817779268 * (t + t * t * t / 3 + t * t * t * t * t / 5);
}

/* Shannon's entropy of the characters, in bits a character. */
static double entropy_of(struct cordon_slice text)
{
	size_t count[256] = { 0 };
	double bits = 0;

	for (size_t i = 0; i < text.len; i++)
		count[(unsigned char)text.data[i]]++;
	for (size_t i = 0; i < 256; i++) {
		double share = (double)count[i] / (double)(text.len ? text.len : 1);

		if (count[i])
			bits -= share * log2_of(share);
	}
	return bits;
}

static uint32_t crc32_of(struct cordon_slice bytes)
{
	uint32_t crc = ~0U;

	for (size_t i = 0; i < bytes.len; i++) {
		crc ^= (unsigned char)bytes.data[i];
		for (int bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (0xedb88320U & (0U - (crc & 1)));
	}
	return ~crc;
}

/* GitHub's and npm's tokens end in the CRC-32 of what stands before, in six characters of base 62. */
static bool check_crc(struct cordon_slice token)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
	const char *mark = memchr(token.data, '_', token.len);
	size_t start = mark ? (size_t)(mark - token.data) + 1 : 0;
	char expected[6];
	uint32_t crc;

	if (!mark || token.len < start + 7)
		return false;
	crc = crc32_of((struct cordon_slice){ token.data + start, token.len - start - 6 });
	for (size_t i = 6; i-- > 0; crc /= 62)
		expected[i] = digits[crc % 62];
	return !memcmp(expected, token.data + token.len - 6, 6);
}

/* Three parts, the first two of which begin as JSON objects do. */
static bool check_jwt(struct cordon_slice token)
{
	const char *first = memchr(token.data, '.', token.len);
	const char *second = first ? memchr(first + 1, '.', token.len - (size_t)(first + 1 - token.data)) : NULL;

	return second && first - token.data >= 16 && second - first > 4 && first[1] == 'e' && first[2] == 'y' &&
	       token.data + token.len - second > 16 &&
	       !memchr(second + 1, '.', token.len - (size_t)(second + 1 - token.data));
}

static const struct issuer issuers[] = {
	{ "AKIA", UPPER, 16, 16, 2.6, NULL, "is an AWS access key id" },
	{ "ASIA", UPPER, 16, 16, 2.6, NULL, "is an AWS session key id" },
	{ "ghp_", WORD, 36, 36, 3.0, check_crc, "is a GitHub token, its checksum is right" },
	{ "gho_", WORD, 36, 36, 3.0, check_crc, "is a GitHub token, its checksum is right" },
	{ "ghu_", WORD, 36, 36, 3.0, check_crc, "is a GitHub token, its checksum is right" },
	{ "ghs_", WORD, 36, 36, 3.0, check_crc, "is a GitHub token, its checksum is right" },
	{ "ghr_", WORD, 36, 36, 3.0, check_crc, "is a GitHub token, its checksum is right" },
	{ "github_pat_", URL, 60, 100, 3.5, NULL, "is a GitHub token" },
	{ "glpat-", URL, 20, 60, 3.0, NULL, "is a GitLab token" },
	{ "xoxb-", URL, 24, 200, 3.0, NULL, "is a Slack token" },
	{ "xoxp-", URL, 24, 200, 3.0, NULL, "is a Slack token" },
	{ "xoxa-", URL, 24, 200, 3.0, NULL, "is a Slack token" },
	{ "xoxs-", URL, 24, 200, 3.0, NULL, "is a Slack token" },
	{ "xapp-", URL, 24, 200, 3.0, NULL, "is a Slack token" },
	{ "sk_live_", WORD, 20, 120, 3.0, NULL, "is a Stripe key" },
	{ "rk_live_", WORD, 20, 120, 3.0, NULL, "is a Stripe key" },
	{ "sk_test_", WORD, 20, 120, 3.0, NULL, "is a Stripe test key" },
	{ "whsec_", WORD, 24, 80, 3.5, NULL, "is a webhook secret" },
	{ "sk-ant-", URL, 40, 200, 3.5, NULL, "is an Anthropic key" },
	{ "sk-proj-", URL, 40, 220, 3.5, NULL, "is an OpenAI key" },
	{ "sk-", WORD, 40, 60, 3.5, NULL, "is an OpenAI key" },
	{ "AIza", URL, 35, 35, 3.5, NULL, "is a Google API key" },
	{ "ya29.", URL, 40, 400, 3.5, NULL, "is a Google access token" },
	{ "GOCSPX-", URL, 28, 28, 3.0, NULL, "is a Google client secret" },
	{ "npm_", WORD, 36, 36, 3.0, check_crc, "is an npm token, its checksum is right" },
	{ "pypi-", URL, 80, 400, 3.5, NULL, "is a PyPI token" },
	{ "hf_", WORD, 34, 40, 3.5, NULL, "is a Hugging Face token" },
	{ "SG.", PARTS, 60, 70, 3.5, NULL, "is a SendGrid key" },
	{ "dop_v1_", HEX, 64, 64, 3.0, NULL, "is a DigitalOcean token" },
	{ "eyJ", PARTS, 40, JWT_MAX, 3.5, check_jwt, "is a JSON web token" },
};

struct reading { /* of one piece, from its beginning to its end */
	struct dossier *dossier;
	const struct piece *piece;
	size_t at;
};

static int note(const struct reading *reading, size_t from, size_t to, const char *says, struct cordon_err *err)
{
	const struct piece *piece = reading->piece;
	/* The excerpt shows the beginning alone: a report must not spread what it warns of. */
	struct evidence evidence = { .kind = SHIELD_KIND_SECRET,
				     .layer = SHIELD_LAYER_PATTERN,
				     .class = EVIDENCE_WEAK,
				     .source = says,
				     .weight = 0.95,
				     .span = view_span(piece->view, from, to),
				     .says = says,
				     .where = piece->where,
				     .how = piece->how,
				     .shown = { piece->view->bytes + from, to - from < 8 ? to - from : 8 } };

	return dossier_add(reading->dossier, &evidence, err);
}

/* The token at `at` if it is one of this issuer; returns where it ends, else 0. */
static size_t match(const struct issuer *issuer, struct cordon_slice text, size_t at)
{
	size_t start = at + strlen(issuer->prefix);
	size_t end = start;
	struct cordon_slice token;

	while (end < text.len && end - start <= issuer->max && in_alphabet(issuer->alphabet, text.data[end]))
		end++;
	while (end > start && text.data[end - 1] == '.')
		end--;
	if (end - start < issuer->min || end - start > issuer->max)
		return 0;
	token = (struct cordon_slice){ text.data + at, end - at };
	if (entropy_of(slice_from(token, start - at)) < issuer->bits || (issuer->check && !issuer->check(token)))
		return 0;
	return end;
}

static int take_token(struct reading *reading, struct cordon_err *err)
{
	struct cordon_slice text = view_slice(reading->piece->view);

	for (size_t i = 0; i < ARRAY_LEN(issuers); i++) {
		size_t end;

		if (!slice_starts(slice_from(text, reading->at), slice_of(issuers[i].prefix)))
			continue;
		end = match(&issuers[i], text, reading->at);
		if (end) {
			int rc = note(reading, reading->at, end, issuers[i].says, err);

			reading->at = end;
			return rc;
		}
	}
	reading->at++;
	return 0;
}

#define PEM_BEGIN "-----BEGIN "
#define PEM_KEY "PRIVATE KEY-----"

/* A private key from its BEGIN to its END line, or as much of it as the piece has. */
static int take_pem(struct reading *reading, struct cordon_err *err)
{
	struct cordon_slice rest = slice_from(view_slice(reading->piece->view), reading->at);
	size_t line = rest.len < 64 ? rest.len : 64;
	const char *key;
	const char *end;
	size_t len;

	if (rest.len > PEM_MAX)
		rest.len = PEM_MAX;
	key = slice_starts(rest, SLICE(PEM_BEGIN)) ? memmem(rest.data, line, PEM_KEY, strlen(PEM_KEY)) : NULL;
	if (!key) {
		reading->at++;
		return 0;
	}
	len = (size_t)(key - rest.data) + strlen(PEM_KEY);
	end = memmem(rest.data + len, rest.len - len, "-----END ", 9);
	end = end ? memmem(end, rest.len - (size_t)(end - rest.data), PEM_KEY, strlen(PEM_KEY)) : NULL;
	len = end ? (size_t)(end - rest.data) + strlen(PEM_KEY) : rest.len;
	reading->at += len;
	return note(reading, reading->at - len, reading->at, "is a private key", err);
}

int secrets_piece(struct dossier *dossier, const struct piece *piece, struct cordon_err *err)
{
	static const char firsts[] = "Agxsrw-yGnphSde"; /* of all prefixes and of "-----BEGIN" */
	struct reading reading = { .dossier = dossier, .piece = piece };
	struct cordon_slice text = view_slice(piece->view);
	bool first[256] = { false };
	int rc = 0;

	for (size_t i = 0; i < sizeof(firsts) - 1; i++)
		first[(unsigned char)firsts[i]] = true;
	while (reading.at < text.len && rc == 0) {
		const size_t at = reading.at;
		bool start = !at || !in_alphabet(WORD, text.data[at - 1]);

		if (!start || !first[(unsigned char)text.data[at]])
			reading.at++;
		else if (text.data[at] == '-')
			rc = take_pem(&reading, err);
		else
			rc = take_token(&reading, err);
	}
	return rc;
}
