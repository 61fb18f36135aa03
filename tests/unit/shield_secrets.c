// SPDX-License-Identifier: Apache-2.0
/*
 * shield_secrets.c - keys by their checksums, cards and accounts by theirs; and what only looks like one.
 * The keys are made up or the issuers' own examples, and put together here so that no scanner of keys trips over them.
 */
#include "tests/unit/shield_piece.h"

struct example {
	const char *head, *tail;
	enum shield_kind kind;
	bool found;
};

static const struct example examples[] = {
	{ "AKIA", "IOSFODNN7EXAMPLE", SHIELD_KIND_SECRET, true },
	{ "AKIA", "XXXXXXXXXXXXXXXX", SHIELD_KIND_SECRET, false },
	{ "AKIA", "IOSFODNN7EXAMPLES", SHIELD_KIND_SECRET, false },
	{ "ghp_", "aQ4xZ7pL2mN9vB3kT6yR8wE1cU5sD02LdKGG", SHIELD_KIND_SECRET, false }, /* checksum */
	{ "sk-ant-", "api03-q8Zt2LmX7vKc4RbN1wYs9PfHd3GjE6uA0oTi5", SHIELD_KIND_SECRET, true },
	{ "AIza", "SyD3x7Kq9Lm2Vb5Nc8Rt1Yw4Zp6Hs0Jf2Gd", SHIELD_KIND_SECRET, true },
	{ "xoxb-", "2938475610-9k3JhG7fD2sQ8wE5rT1y", SHIELD_KIND_SECRET, true },
	{ "-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", SHIELD_KIND_SECRET, true },
	{ "-----BEGIN ", "CERTIFICATE-----", SHIELD_KIND_SECRET, false },
	{ "e3b0c44298fc1c149afbf4c8996fb924", "27ae41e4649b934ca495991b7852b855", SHIELD_KIND_SECRET, false },
	{ "550e8400-e29b-41d4", "-a716-446655440000", SHIELD_KIND_SECRET, false },
	{ "4111 1111 ", "1111 1111", SHIELD_KIND_PII, true },
	{ "4111 1111 ", "1111 1112", SHIELD_KIND_PII, false },
	{ "0000 0000 ", "0000 0000", SHIELD_KIND_PII, false },
	{ "DE89 3704 0044 ", "0532 0130 00", SHIELD_KIND_PII, true },
	{ "DE88 3704 0044 ", "0532 0130 00", SHIELD_KIND_PII, false },
	{ "a.person@", "mail.example.org", SHIELD_KIND_PII, true },
	{ "user@", "host", SHIELD_KIND_PII, false },
	{ "+49 30 ", "901820 11", SHIELD_KIND_PII, true },
	{ "version 1.2.3, ", "12 of 345", SHIELD_KIND_PII, false },
};

Test(secrets, examples_and_their_twins)
{
	for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
		const struct example *example = &examples[i];
		char text[256];
		struct shield_report report;

		snprintf(text, sizeof(text), "x %s%s y", example->head, example->tail);
		report = scan_text(text);
		cr_expect_eq(finding_of(&report, example->kind) != NULL, example->found, "'%s'", text);
		if (example->found)
			cr_expect(spans(finding_of(&report, example->kind), text, example->head), "'%s'", text);
		shield_report_release(&report);
	}
}

Test(secrets, a_key_inside_base64_is_found_and_shown_only_in_part)
{
	struct shield_report report = scan_text("cfg bXkga2V5IGlzIEFLSUFJT1NGT0ROTjdFWEFNUExFIG9r end");
	const struct shield_finding *finding = finding_of(&report, SHIELD_KIND_SECRET);

	cr_assert_not_null(finding);
	cr_assert_leq(strlen(finding->excerpt), 8);
	shield_report_release(&report);
}
