// SPDX-License-Identifier: Apache-2.0
/*
 * base_err.c - one sentence: kept, wrapped, cut, and never able to act on a terminal.
 */
#include "sandbox/base/err.h"

#include <criterion/criterion.h>
#include <errno.h>
#include <string.h>

#include "sandbox/base/slice.h"
#include "sandbox/base/utf8.h"

Test(err, says_the_sentence_and_gives_the_code)
{
	struct cordon_err err = { 0 };

	cr_expect_eq(err_set(&err, CORDON_EINVAL, 0, "line %d: unknown key '%s'", 3, "tol"), CORDON_EINVAL);
	cr_expect_str_eq(err.text, "line 3: unknown key 'tol'");
	cr_expect_eq(err.code, CORDON_EINVAL);
	cr_expect_eq(err.os_errno, 0);
}

Test(err, adds_what_the_kernel_said)
{
	struct cordon_err err = { 0 };

	cr_expect_eq(err_set(&err, CORDON_ESYS, ENOENT, "cannot open '%s'", "x"), CORDON_ESYS);
	cr_expect_str_eq(err.text, "cannot open 'x': No such file or directory");
	cr_expect_eq(err.os_errno, ENOENT);
}

Test(err, puts_the_place_before_the_fault_and_keeps_errno)
{
	struct cordon_err err = { 0 };

	err_set(&err, CORDON_ESYS, EACCES, "cannot read");
	cr_expect_eq(err_wrap(&err, CORDON_ECONFIG, "policy '%s'", "p.yaml"), CORDON_ECONFIG);
	cr_expect_str_eq(err.text, "policy 'p.yaml': cannot read: Permission denied");
	cr_expect_eq(err.code, CORDON_ECONFIG);
	cr_expect_eq(err.os_errno, EACCES);
}

Test(err, needs_no_place_for_the_sentence)
{
	cr_expect_eq(err_set(NULL, CORDON_ELIMIT, 0, "x"), CORDON_ELIMIT);
	cr_expect_eq(err_wrap(NULL, CORDON_ELIMIT, "x"), CORDON_ELIMIT);
	cr_expect_eq(err_nomem(NULL), CORDON_ENOMEM);
}

/* What must not reach a terminal or hide text in a log, and how it is written instead. */
Test(err, escapes_what_could_act_on_a_terminal)
{
	static const struct {
		const char *raw, *shown;
	} cases[] = {
		{ "\x1b[2J", "\\x1b[2J" },
		{ "a\nb\r\t", "a\\x0ab\\x0d\\x09" },
		{ "\x7f", "\\x7f" },
		{ "\xff\xfe", "\\xff\\xfe" },
		{ "\xc2\x9b", "\\xc2\\x9b" }, /* CSI in one character */
		{ "\xe2\x80\xae", "\\xe2\\x80\\xae" }, /* right-to-left override */
		{ "\xd8\x9c", "\\xd8\\x9c" }, /* Arabic letter mark */
		{ "\xf3\xa0\x81\x81", "\\xf3\\xa0\\x81\\x81" }, /* tag A */
		{ "\xc3\xa4\xe2\x82\xac", "\xc3\xa4\xe2\x82\xac" }, /* plain letters stay */
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct cordon_err err = { 0 };

		err_set(&err, CORDON_EINVAL, 0, "%s", cases[i].raw);
		cr_expect_str_eq(err.text, cases[i].shown);
		err_wrap(&err, CORDON_EINVAL, "%s", cases[i].raw);
		cr_expect(!strncmp(err.text, cases[i].shown, strlen(cases[i].shown)), "%s", err.text);
	}
}

Test(err, cuts_what_does_not_fit_between_characters)
{
	char text[6000];
	struct cordon_err err;

	for (size_t lead = 0; lead < 4; lead++) {
		memset(text, 'x', lead);
		for (size_t i = lead; i + 3 < sizeof(text); i += 3)
			memcpy(text + i, "\xe2\x82\xac", 3);
		text[lead + (sizeof(text) - lead - 1) / 3 * 3] = '\0';
		memset(&err, 0x55, sizeof(err));
		err_set(&err, CORDON_EINVAL, EIO, "%s", text);
		cr_assert_lt(strnlen(err.text, sizeof(err.text)), sizeof(err.text));
		cr_expect_gt(strlen(err.text), sizeof(err.text) - 5);
		cr_expect_eq(utf8_valid_until(slice_of(err.text)), strlen(err.text));
		for (int i = 0; i < 3; i++)
			err_wrap(&err, CORDON_EINVAL, "%s", text);
		cr_assert_lt(strnlen(err.text, sizeof(err.text)), sizeof(err.text));
	}
}

Test(err, cuts_no_escape_in_two)
{
	char text[3000];

	for (size_t lead = 0; lead < 4; lead++) {
		struct cordon_err err = { 0 };
		size_t len;

		memset(text, '\n', sizeof(text) - 1);
		memset(text, 'x', lead);
		text[sizeof(text) - 1] = '\0';
		err_set(&err, CORDON_EINVAL, 0, "%s", text);
		len = strlen(err.text);
		cr_expect_str_eq(err.text + len - 4, "\\x0a");
	}
}
