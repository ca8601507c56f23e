/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts that are broken in one line. */

#include "counterseal/policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/statement.h"
#include "maker.h"
#include "policy_fixture.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* ---- broken texts: one line of the fixed rules, or one more ---- */

#define IBAN "[change payout.iban]"

static const struct {
	const char *section;
	const char *key;
	const char *value;
} lines[] = {
	{ "[ledger]", "user verification", "maybe" },
	{ "[ledger]", "user verification", "Required" },
	{ "[ledger]", "user verification", " required" },
	{ "[ledger]", "attestation", "none" },
	{ "[ledger]", "clock tolerance", "10" },
	{ "[ledger]", "clock tolerance", "10w" },
	{ "[ledger]", "clock tolerance", "s" },
	{ "[ledger]", "time zone", "Europe/" },
	{ "[ledger]", "time zone", "/Berlin" },
	{ "[ledger]", "time zone", "Europe/../Berlin" },
	{ "[ledger]", "time zone", "Europe/Ber lin" },
	{ "[ledger]", "time zone", "Berlin" },
	{ "[ledger]", "time zone", "europe/berlin" },
	{ "[ledger]", "time zone",
	    "a234567890123456789012345678901234567890123456789012345678901234"
	    "5" },
	{ "[ledger]", "working days", "none" },
	{ "[ledger]", "working days", "tue mon" },
	{ "[ledger]", "working days", "mon mon" },
	{ "[ledger]", "working days", "mon-fri" },
	{ "[ledger]", "working days", "Mon" },
	{ "[ledger]", "holidays", "2026-02-29" },
	{ "[ledger]", "holidays", "2026-13-01" },
	{ "[ledger]", "holidays", "1969-12-31" },
	{ "[ledger]", "holidays", "2100-01-01" },
	{ "[ledger]", "holidays", "25.12.2026" },
	{ "[ledger]", "holidays", "2026-12-25 2026-12-25" },
	{ "[ledger]", "holidays", "2026-12-26 2026-12-25" },
	{ "[ledger]", "holidays", "2026-12-25,2026-12-26" },
	{ "[store *]", "platform", "Amazon" },
	{ "[store *]", "marketplaces", "de" },
	{ "[store *]", "marketplaces", "D" },
	{ "[store *]", "marketplaces", "DE,FR" },
	{ "[store *]", "legal name", "A | B" },
	{ "[store *]", "legal name", "A  " },
	{ "[store *]", "legal name",
	    "0123456789012345678901234567890123456789012345678901234567890123"
	    "4567890" },
	{ "[store *]", "legal name", "\xd0\x90" }, /* a Cyrillic A */
	{ "[store *]", "legal name",
	    "a\xe2\x80\xae"
	    "b" },
	{ "[store *]", "platform", "\xe4\xb8\x8a" },
	{ IBAN, "first seen", "1 approver" },
	{ IBAN, "first seen", "0 more approver" },
	{ IBAN, "first seen", "1 more approver for 7d" },
	{ IBAN, "after contact change", "1 more approver" },
	{ IBAN, "after contact change", "1 more approver for ever" },
	{ IBAN, "apply window", "3 days" },
	{ IBAN, "apply window", "1 working days" },
	{ IBAN, "apply window", "3 working day" },
	{ IBAN, "apply window", "0 working days" },
	{ IBAN, "apply window", "0h" },
	{ IBAN, "apply window", "367 working days" },
	{ IBAN, "on screen", "5" },
	{ IBAN, "evidence", "callback callback" },
	{ IBAN, "evidence", "call-back" },
	{ IBAN, "evidence", "none callback" },
	{ IBAN, "confirmed by another", "maybe" },
	{ IBAN, "confirmed level", "whole" },
	{ IBAN, "read back within", "soon" },
	{ IBAN, "countries", "de" },
	{ IBAN, "countries", "DE DE" },
	{ IBAN, "countries", "none" },
	{ IBAN, "currencies", "EURO" },
	{ IBAN, "company domains", "example" },
	{ IBAN, "company domains", "Example.com" },
	{ IBAN, "company domains", "-example.com" },
	{ IBAN, "company domains", "example-.com" },
	{ IBAN, "company domains", "example..com" },
	{ IBAN, "company domains", "example.com." },
	{ IBAN, "company domains", "ex_ample.com" },
	{ IBAN, "free mail", "gmail.com gmail.com" },
	{ IBAN, "blocked domains", "any" },
	{ IBAN, "one per store", "1" },
	{ "[ledger]", "clock tolerance", "m" },
	{ "[ledger]", "clock tolerance", "-1m" },
	{ "[ledger]", "clock tolerance", "01m" },
	{ "[ledger]", "clock tolerance", "1000000m" },
	{ "[ledger]", "clock tolerance", "1 m" },
	{ "[ledger]", "synced credentials", "yes" },
	{ "[freeze]", "by", "Admin" },
	{ "[freeze]", "by", "admin admin" },
	{ "[freeze]", "on drift", "ignore" },
	{ "[store *]", "slots", "moon" },
	{ "[store *]", "slots", "payout payout" },
	{ "[store *]", "slots", "payout  contact.login_email" },
	{ "[store *]", "slots", "payout " },
	{ "[store *]", "slots", "policy" },
	{ IBAN, "approvals", "approver" },
	{ IBAN, "approvals", "1" },
	{ IBAN, "approvals", "0 approver" },
	{ IBAN, "approvals", "17 approver" },
	{ IBAN, "approvals", "one approver" },
	{ IBAN, "approvals", "1 approver and" },
	{ IBAN, "approvals", "1 approver or 1 finance" },
	{ IBAN, "approvals", "1 approver and 1 approver" },
	{ IBAN, "approvals", "1 approver, 1 finance" },
	{ IBAN, "approvals",
	    "1 a and 1 b and 1 c and 1 d and 1 e and 1 f and 1 g and 1 h and "
	    "1 i" },
	{ IBAN, "request lives", "for ever" },
	{ IBAN, "cooling off", "1w" },
	{ IBAN, "re-enter", "iban" },
	{ IBAN, "re-enter", "All" },
	{ IBAN, "re-enter", "account all" },
	{ IBAN, "may request", "Operator" },
	{ IBAN, "may request", "none operator none" },
	{ IBAN, "may request", "a b c d e f g h i" },
	{ IBAN, "may apply", "abcdefghijklmnopqrstuvwxyz0123456" },
	{ IBAN, "may observe", "operator," },
};

/* The number of the line that begins with `key` behind the section's. */
static unsigned
line_of(const char *text, const char *section, const char *key)
{
	bool inside = false;
	unsigned line = 1;

	for (; *text != '\0'; text += strcspn(text, "\n") + 1, line++) {
		if (*text == '[')
			inside = strncmp(text, section, strlen(section)) == 0;
		else if (inside && strncmp(text, key, strlen(key)) == 0)
			return line;
	}
	return 0;
}

static void
assert_line(const struct cseal_error *err, unsigned line, const char *text)
{
	char where[32];

	snprintf(where, sizeof(where), "policy, line %u", line);
	if (strcmp(err->where, where) != 0)
		fail_msg(
		    "%s, not %s: %s (%s)", err->where, where, err->what, text);
	assert_true(err->what[0] != '\0');
}

static void
test_broken_values(void **state)
{
	struct cseal_error err;
	struct cseal_buf text;
	const char *t;

	(void)state;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < COUNT(lines); i++) {
		cseal_buf_reset(&text);
		maker_policy(&text, NULL, lines[i].section, lines[i].key,
		    lines[i].value);
		t = cseal_buf_str(&text);
		if (parse(t, &err) != NULL)
			fail_msg("taken: %s", lines[i].value);
		assert_line(&err, line_of(t, lines[i].section, lines[i].key),
		    lines[i].value);
	}
	cseal_buf_free(&text);
}

/* One line put in front of the fixed rules' line, or behind the last (0). */
static const struct {
	unsigned before;
	const char *line;
	unsigned told; /* counted from that place */
} inserted[] = {
	{ 1, "a = b\n", 0 },
	{ 2, "colour = blue\n", 0 },
	{ 2, "user verification\n", 0 },
	{ 2, "user verification=required\n", 0 },
	{ 2, " = required\n", 0 },
	{ 2, " user verification = required\n", 0 },
	{ 2, "time zone = UTC\n", 1 }, /* then it stands twice */
	{ 2, "\ttext\n", 0 },
	{ 2, "caf\xc3\xa9 = 1\n", 0 },
	{ 2, "a\rb\n", 0 },
	{ 2, "# no comment of ours\n", 0 },
	{ 2, "\x1b[2J\n", 0 },
	{ 2, "[ledger]\n", 0 }, /* the one before it lacks its keys */
	{ 0, "[ledger]\n", 0 },
	{ 0, "[freeze]\n", 0 },
	{ 0, "[moon]\n", 0 },
	{ 0, "[]\n", 0 },
	{ 0, "[\n", 0 },
	{ 0, "[ledger\n", 0 },
	{ 0, "[ledger] \n", 0 },
	{ 0, "[store Shop]\n", 0 },
	{ 0, "[store ]\n", 0 },
	{ 0, "[store a a]\n", 0 },
	{ 0, "[store a *]\n", 0 },
	{ 0, "[store a b ]\n", 0 },
	{ 0, "[store *]\n", 0 },
	{ 0, "[store]\n", 0 },
	{ 0, "[change payout.moon]\n", 0 },
	{ 0, "[change payout.iban]\n", 0 },
	{ 0, "[change  key.add]\n", 0 },
	{ 0, "[change key.add ]\n", 0 },
	{ 0, "[provider A]\n", 0 },
	{ 0, "[provider ]\n", 0 },
	{ 0, "[provider a]\nbanks = CITIIE2X\n", 1 },
	{ 0, "[provider a]\nbanks = BIC:citiie2x\n", 1 },
	{ 0, "[provider a]\nschemes = none\n", 1 },
	{ 0, "[provider a]\nschemes = key.add\n", 1 },
	{ 0, "[provider a]\npayee = A | A\n", 1 },
	{ 0, "[provider a]\npayee = A|B\n", 1 },
	{ 0, "[change ]\n", 0 },
	{ 0, "[store new]\n", 1 }, /* it ends without its key */
	{ 0, "[store new]\nslots = payout", 1 },
	{ 0, ";", 0 },
};

static unsigned
count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static void
test_broken_lines(void **state)
{
	struct cseal_error err;
	struct cseal_buf usual, text;
	const char *t, *at;
	unsigned line;

	(void)state;
	cseal_buf_init(&usual, 0);
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	t = cseal_buf_str(&usual);
	for (size_t i = 0; i < COUNT(inserted); i++) {
		line = inserted[i].before;
		at = t;
		for (unsigned k = 1; k < line; k++)
			at += strcspn(at, "\n") + 1;
		if (line == 0) {
			at = t + strlen(t);
			line = count_lines(t) + 1;
		}
		cseal_buf_reset(&text);
		cseal_buf_add(&text, t, (size_t)(at - t));
		cseal_buf_add_str(&text, inserted[i].line);
		cseal_buf_add_str(&text, at);
		if (parse(cseal_buf_str(&text), &err) != NULL)
			fail_msg("taken: %s", inserted[i].line);
		if (strcmp(inserted[i].line, "[store new]\n") == 0)
			line--; /* told of the last line there is */
		assert_line(&err, line + inserted[i].told, inserted[i].line);
	}
	cseal_buf_free(&usual);
	cseal_buf_free(&text);
}

/* Which kinds a section has: none twice, and none of both sorts. */
static void
test_broken_kinds(void **state)
{
	static const char *const titles[] = {
		"[change payout.iban payout.iban]",
		"[change payout.iban key.add]",
		"[change key.add payout.iban]",
	};
	struct cseal_error err;
	struct cseal_buf text;

	(void)state;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < COUNT(titles); i++) {
		cseal_buf_reset(&text);
		cseal_buf_printf(&text, "%s\n", titles[i]);
		assert_null(parse(cseal_buf_str(&text), &err));
		assert_line(&err, 1, titles[i]);
	}
	cseal_buf_free(&text);
}

/* Without any one of its lines the text does not stand. */
static void
test_each_line_is_needed(void **state)
{
	struct cseal_buf usual, text;
	struct cseal_policy *p;
	struct cseal_error err;
	const char *t;
	size_t n;

	(void)state;
	cseal_buf_init(&usual, 0);
	cseal_buf_init(&text, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	t = cseal_buf_str(&usual);
	for (const char *at = t; *at != '\0'; at += n + 1) {
		n = strcspn(at, "\n");
		cseal_buf_reset(&text);
		cseal_buf_add(&text, t, (size_t)(at - t));
		cseal_buf_add_str(&text, at + n + 1);
		p = parse(cseal_buf_str(&text), &err);
		assert_int_equal(p != NULL, n == 0);
		cseal_policy_free(p);
	}
	cseal_buf_free(&usual);
	cseal_buf_free(&text);
}

/* Every beginning of the text lacks something. */
static void
test_cut(void **state)
{
	struct cseal_buf usual;
	struct cseal_policy *p;
	struct cseal_slice s;
	size_t last;

	(void)state;
	cseal_buf_init(&usual, 0);
	assert_int_equal(cseal_policy_default(&usual), CSEAL_OK);
	s = cseal_buf_slice(&usual);
	last = s.len;
	for (s.len = 0; s.len < last; s.len++) {
		int r = cseal_policy_parse(&p, 1, s, NULL);

		/* Whole kinds may be missing, if a section ends there. */
		if (r == CSEAL_OK)
			assert_true(s.data[s.len - 1] == '\n');
		else
			assert_int_equal(r, CSEAL_ERR_INPUT);
		cseal_policy_free(p);
	}
	cseal_buf_free(&usual);
}

static void
test_sections_missing(void **state)
{
	static const char *const sections[] = { "[ledger]", "[freeze]" };
	struct cseal_error err;
	struct cseal_buf text;

	(void)state;
	cseal_buf_init(&text, 0);
	for (size_t i = 0; i < COUNT(sections); i++) {
		cseal_buf_reset(&text);
		maker_policy(&text, NULL, sections[i], "", NULL);
		assert_null(parse(cseal_buf_str(&text), &err));
		assert_non_null(strstr(err.what, sections[i]));
	}
	assert_null(parse("", &err));
	cseal_buf_free(&text);
}

static void
test_long_line(void **state)
{
	char text[CSEAL_POLICY_LINE_MAX + 4];
	struct cseal_error err;

	(void)state;
	memset(text, ';', sizeof(text));
	text[CSEAL_POLICY_LINE_MAX] = '\n';
	text[CSEAL_POLICY_LINE_MAX + 1] = '\0';
	assert_null(parse(text, &err));
	assert_null(strstr(err.what, "1024"));
	text[CSEAL_POLICY_LINE_MAX] = ';';
	text[CSEAL_POLICY_LINE_MAX + 1] = '\n';
	text[CSEAL_POLICY_LINE_MAX + 2] = '\0';
	assert_null(parse(text, &err));
	assert_line(&err, 1, "a long line");
	assert_non_null(strstr(err.what, "1024"));
}

static void
test_nul_byte(void **state)
{
	static const char text[] = ";\n;a\0b\n";
	struct cseal_slice s = { (const uint8_t *)text, sizeof(text) - 1 };
	struct cseal_policy *p;
	struct cseal_error err;

	(void)state;
	assert_int_equal(cseal_policy_parse(&p, 1, s, &err), CSEAL_ERR_INPUT);
	assert_line(&err, 2, "a NUL");
}

static void
test_too_long(void **state)
{
	static uint8_t text[CSEAL_POLICY_MAX + 1];
	struct cseal_slice s = { text, sizeof(text) };
	struct cseal_policy *p;

	(void)state;
	memset(text, '\n', sizeof(text));
	assert_int_equal(
	    cseal_policy_parse(&p, 1, s, NULL), CSEAL_ERR_TOO_LARGE);
	s.len--;
	assert_int_equal(cseal_policy_parse(&p, 1, s, NULL), CSEAL_ERR_INPUT);
}

static void
test_language(void **state)
{
	struct cseal_slice s = { (const uint8_t *)"\n", 1 };
	struct cseal_policy *p;

	(void)state;
	assert_int_equal(cseal_policy_parse(&p, 2, s, NULL), CSEAL_ERR_NEWER);
	assert_int_equal(cseal_policy_parse(&p, 0, s, NULL), CSEAL_ERR_NEWER);
	assert_null(p);
}

/* What the refusal repeats has passed the filter. */
static void
test_nothing_painted(void **state)
{
	struct cseal_error err;

	(void)state;
	assert_null(parse("\x1b[31mred = 1\n", &err));
	for (const char *c = err.what; *c != '\0'; c++)
		assert_true((uint8_t)*c >= 0x20 && (uint8_t)*c < 0x7f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_broken_values),
		cmocka_unit_test(test_broken_lines),
		cmocka_unit_test(test_broken_kinds),
		cmocka_unit_test(test_each_line_is_needed),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_sections_missing),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_nul_byte),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_language),
		cmocka_unit_test(test_nothing_painted),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
