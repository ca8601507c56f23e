/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/field.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

#define LATIN_WAY "use a-z A-Z 0-9, the space and / - ? : ( ) . , ' + &"

static const char *
canon(const char *format, const char *typed, struct cseal_buf *out)
{
	const struct cseal_format *f = cseal_format_find(format);
	static const char before[] = "before|";
	struct cseal_error err;
	int r;

	assert_non_null(f);
	cseal_buf_reset(out);
	cseal_buf_add_str(out, before);
	r = f->canon(f, "f", (const uint8_t *)typed, strlen(typed), out, &err);
	assert_true(r == CSEAL_OK || r == CSEAL_ERR_INPUT);
	assert_memory_equal(out->data, before, strlen(before));
	if (r == CSEAL_OK)
		return cseal_buf_str(out) + strlen(before);
	assert_int_equal(out->len, strlen(before));
	return NULL;
}

static void
accepts(const char *format, const char *typed, const char *canonical)
{
	struct cseal_buf out;
	const char *s;

	cseal_buf_init(&out, 0);
	s = canon(format, typed, &out);
	if (s == NULL)
		fail_msg("%s refused: %s", format, typed);
	assert_string_equal(s, canonical);
	cseal_buf_free(&out);
}

static void
refuses(const char *format, const char *typed)
{
	struct cseal_buf out;

	cseal_buf_init(&out, 0);
	if (canon(format, typed, &out) != NULL)
		fail_msg("%s accepted: %s", format, typed);
	cseal_buf_free(&out);
}

static void
says(const char *format, const char *typed, const char *sentence)
{
	const struct cseal_format *f = cseal_format_find(format);
	struct cseal_error err;
	struct cseal_buf out;

	assert_non_null(f);
	cseal_buf_init(&out, 0);
	assert_int_equal(
	    f->canon(f, "f", (const uint8_t *)typed, strlen(typed), &out, &err),
	    CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "f");
	assert_string_equal(err.what, sentence);
	cseal_buf_free(&out);
}

static void
shows(const char *format, const char *value, const char *grouped,
    const char *masked)
{
	const struct cseal_format *f = cseal_format_find(format);
	struct cseal_buf out;

	assert_non_null(f);
	cseal_buf_init(&out, 0);
	assert_int_equal(f->group(f, value, &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), grouped);
	cseal_buf_reset(&out);
	assert_int_equal(f->mask(f, value, &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), masked);
	cseal_buf_free(&out);
}

static const char *
repeat(char *buf, char c, size_t n)
{
	memset(buf, c, n);
	buf[n] = '\0';
	return buf;
}

/* A row must be complete, and its example must be one of its own values. */
static void
every_format_is_whole(void **state)
{
	const struct cseal_format *f;
	struct cseal_error err;
	struct cseal_buf out;
	size_t n;

	(void)state;
	cseal_buf_init(&out, 0);
	for (n = 0; (f = cseal_format_at(n)) != NULL; n++) {
		assert_ptr_equal(cseal_format_find(f->name), f);
		assert_true(strlen(f->about) > 0);
		assert_non_null(f->group);
		assert_non_null(f->mask);
		cseal_buf_reset(&out);
		assert_int_equal(f->canon(f, "f", (const uint8_t *)f->example,
				     strlen(f->example), &out, &err),
		    CSEAL_OK);
	}
	assert_true(n > 50); /* test_kind finds those of each field in it */
	assert_null(cseal_format_find("none"));
	assert_null(cseal_format_find(""));
	cseal_buf_free(&out);
}

/* What no format takes, whatever it is for. */
static void
every_format_refuses_hostile_bytes(void **state)
{
	static const char *const hostile[] = { "\x1b[2K", "\r", "\n", "\t",
		"\x7f", "\x01", "\xc2\x9b", "\xc2\xa0", "\xc2\xad",
		"\xe2\x80\x8b", "\xe2\x80\xae", "\xe2\x81\xa6", "\xef\xbb\xbf",
		"\xef\xbc\xa1", "\xd0\x90", "\xcc\x81", "\xf3\xa0\x81\x81",
		"\xff", "\xc0\xaf", "\xed\xa0\x80", "\\", "\"", "<", ";" };
	const struct cseal_format *f;
	struct cseal_error err;
	struct cseal_buf out, typed;

	(void)state;
	cseal_buf_init(&out, 0);
	cseal_buf_init(&typed, 0);
	for (size_t k = 0; (f = cseal_format_at(k)) != NULL; k++) {
		for (size_t i = 0; i < 3 * COUNT(hostile); i++) {
			const char *bad = hostile[i / 3];
			size_t at = i % 3 * strlen(f->example) / 2;

			cseal_buf_reset(&typed);
			cseal_buf_add(&typed, f->example, at);
			cseal_buf_add_str(&typed, bad);
			cseal_buf_add_str(&typed, f->example + at);
			assert_int_equal(
			    f->canon(f, "f", typed.data, typed.len, &out, &err),
			    CSEAL_ERR_INPUT);
			assert_int_equal(out.len, 0);
			for (const char *c = err.what; *c != '\0'; c++)
				assert_in_range(*c, 0x20, 0x7e);
		}
		cseal_buf_reset(&typed);
		cseal_buf_add(&typed, "A\0", 2);
		assert_int_equal(
		    f->canon(f, "f", typed.data, typed.len, &out, &err),
		    CSEAL_ERR_INPUT);
	}
	cseal_buf_free(&typed);
	cseal_buf_free(&out);
}

static void
every_format_refuses_sizes_unread(void **state)
{
	const struct cseal_format *f;
	struct cseal_error err;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t k = 0; (f = cseal_format_at(k)) != NULL; k++) {
		assert_int_equal(f->canon(f, "f", NULL, 1 << 20, &out, &err),
		    CSEAL_ERR_INPUT);
		assert_non_null(strstr(err.what, "at most 1024"));
		assert_int_equal(
		    f->canon(f, "f", NULL, 0, &out, &err), CSEAL_ERR_INPUT);
		assert_non_null(strstr(err.what, f->example));
		assert_int_equal(
		    f->canon(f, "f", NULL, 0, &out, NULL), CSEAL_ERR_INPUT);
	}
	cseal_buf_free(&out);
}

static void
bic_values(void **state)
{
	(void)state;
	accepts("bic", "DEUTDEFF", "DEUTDEFF");
	accepts("bic", "DEUTDEFF500", "DEUTDEFF500");
	accepts("bic", "DEUTDEFFXXX", "DEUTDEFF");
	accepts("bic", "AGRIFRPP882", "AGRIFRPP882");
	accepts("bic", "ABNABE2A", "ABNABE2A");
	accepts("bic", "E097AEXX", "E097AEXX");
	accepts("bic", "NCBVXKPR", "NCBVXKPR"); /* Kosovo */
	says("bic", "AGRIFRPP8", "9 characters, but a BIC has 8 or 11");
	refuses("bic", "AGRIF2PP");
	refuses("bic", "DEUTDEF");
	refuses("bic", "DEUTDEFFXX");
	refuses("bic", "DEUTDEFF5000");
	says("bic", "DEUTQQFF",
	    "characters 5 and 6 are QQ, which is no country: compare with the "
	    "bank's letter");
	says("bic", "DEUTDEF0",
	    "character 8 is 0, which marks a BIC for tests: ask the bank for "
	    "the live one");
	says("bic", "DEUTdEFF",
	    "character 5 is 'd', which is not allowed here: write letters in "
	    "capitals");
	says("bic", "DEUT DEFF",
	    "character 5 is U+0020, the space, which is not allowed here: use "
	    "A-Z and 0-9, without spaces");
	shows("bic", "DEUTDEFF500", "DEUTDEFF500", "DEUTDEFF500");
}

static void
holder_values(void **state)
{
	char buf[80];

	(void)state;
	accepts("holder", "Example Trading GmbH", "Example Trading GmbH");
	accepts("holder", "O'Neill & Sons (UK) Ltd., a/b?c:d+e-f",
	    "O'Neill & Sons (UK) Ltd., a/b?c:d+e-f");
	accepts("holder", "x", "x");
	accepts("holder", repeat(buf, 'a', 70), buf);
	says("holder", repeat(buf, 'a', 71),
	    "71 characters, but at most 70 are allowed: shorten it");
	says("holder", "",
	    "nothing was entered; it looks like this: Example "
	    "Trading GmbH");
	says("holder", " x", "it begins with a space: leave the space out");
	says("holder", "x ", "it ends with a space: leave the space out");
	refuses("holder", " ");
	says("holder", "a  b", "characters 2 and 3 are both spaces: write one");
	says("holder",
	    "Exampl\xe2\x80\xae"
	    "e",
	    "character 7 is U+202E, an invisible mark of writing direction, "
	    "which is not allowed here: " LATIN_WAY);
	says("holder", "Ex\xd0\xb0mple",
	    "character 3 is U+0430, a Cyrillic letter, which is not allowed "
	    "here: " LATIN_WAY);
	says("holder", "M\xc3\xbcller",
	    "character 2 is U+00FC, a letter that is not plain A to Z, which "
	    "is not allowed here: " LATIN_WAY);
	says("holder", "a_b",
	    "character 2 is '_', which is not allowed here: " LATIN_WAY);
	says("holder", "a\x1b[2K",
	    "character 2 is U+001B, a control character, which is not allowed "
	    "here: " LATIN_WAY);
	shows("holder", "Example Trading GmbH", "Example Trading GmbH",
	    "....GmbH");
}

static void
text_and_bank_name_values(void **state)
{
	char buf[208];

	(void)state;
	accepts("text", "new account, see letter of 2026-11-20",
	    "new account, see letter of 2026-11-20");
	accepts("text", repeat(buf, 'a', 200), buf);
	refuses("text", repeat(buf, 'a', 201));
	refuses("text", "a;b");
	accepts("bank_name", repeat(buf, 'a', 70), buf);
	refuses("bank_name", repeat(buf, 'a', 71));
	refuses("bank_name", "Bank\nAG");
}

static void
generic_masks(void **state)
{
	(void)state;
	shows("text", "", "", "....");
	shows("text", "ab", "ab", "....");
	shows("text", "abc", "abc", "....c");
	shows("text", "12345678", "12345678", "....78");
	shows("text", "123456789", "123456789", "....789");
	shows("text", "123456789012", "123456789012", "....9012");
	shows("text", "123456789012345", "123456789012345", "....2345");
}

static void
currency_values(void **state)
{
	(void)state;
	accepts("currency", "EUR", "EUR");
	accepts("currency", "ZWG", "ZWG");
	accepts("currency", "AED", "AED");
	says("currency", "eur",
	    "character 1 is 'e', which is not allowed here: write three "
	    "capital letters, such as EUR");
	says("currency", "EURO",
	    "4 letters, but a currency has three, such as EUR");
	says("currency", "XBT",
	    "XBT is no currency of ISO 4217 that is in use: look at the "
	    "account's statement");
	refuses("currency", "HRK"); /* withdrawn */
	refuses("currency", "BGN");
	refuses("currency", "XAU"); /* gold */
	refuses("currency", "XTS"); /* for tests */
	refuses("currency", "E R");
	refuses("currency", "EU");
	shows("currency", "EUR", "EUR", "EUR");
}

static void
email_values(void **state)
{
	char local[80], whole[400];

	(void)state;
	accepts("email", "finance@example.com", "finance@example.com");
	accepts("email", "Fin.Ance+1@Mail.EXAMPLE.Com",
	    "Fin.Ance+1@mail.example.com");
	accepts("email", "!#$%&'*+/=?^_`{|}~-@a.b-c.de",
	    "!#$%&'*+/=?^_`{|}~-@a.b-c.de");
	accepts("email", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example");
	accepts("email", "a@1.2.3.example", "a@1.2.3.example");

	repeat(local, 'l', 64);
	snprintf(whole, sizeof(whole), "%s@example.com", local);
	accepts("email", whole, whole);
	repeat(local, 'l', 65);
	snprintf(whole, sizeof(whole), "%s@example.com", local);
	says("email", whole,
	    "65 characters before the @, but at most 64 are allowed");

	repeat(local, 'd', 63);
	snprintf(whole, sizeof(whole), "a@%s.%s.%s.%.60s", local, local, local,
	    local);
	assert_int_equal(strlen(whole), 254);
	accepts("email", whole, whole);
	snprintf(whole, sizeof(whole), "ab@%s.%s.%s.%.60s", local, local, local,
	    local);
	says("email", whole, "255 bytes, but an address has at most 254");
	repeat(local, 'd', 64);
	snprintf(whole, sizeof(whole), "a@%s.com", local);
	says("email", whole,
	    "a part of the domain is longer than 63 characters");
}

static void
email_refusals(void **state)
{
	static const char *const bad[] = { "@example.com", "a@", "@", ".a@b.cd",
		"a.@b.cd", "a..b@c.de", "\"a b\"@c.de", "a b@c.de", " a@b.cd",
		"a@b.cd ", "a@b@c.de", "a@[192.0.2.1]", "a@192.0.2.1",
		"a(x)@b.cd", "a@b..cd", "a@.b.cd", "a@b.cd.", "a@-b.cd",
		"a@b-.cd", "a@b_c.de", "a@b.cd-", "a@b,c.de", "<a@b.cd>",
		"a@b.cd,d@e.fg", "M\xc3\xbcller@example.com",
		"a@b\xc3\xbc"
		"cher.example",
		"a@ex\xd0\xb0mple.com",
		"a@example\xef\xbc\x8e"
		"com" };

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++)
		refuses("email", bad[i]);
	says("email", "finance",
	    "no @: write the whole address, such as finance@example.com");
	says("email", "finance@localhost",
	    "the domain has no dot: write it in full, such as example.com");
	says("email", "fi nance@example.com",
	    "character 3 is U+0020, the space, which is not allowed here: "
	    "before the @ stand a-z A-Z 0-9 . and !#$%&'*+/=?^_`{|}~- (no "
	    "quotation marks, no spaces)");
	says("email", "a@exam_ple.com",
	    "character 7 is '_', which is not allowed here: a domain is a-z, "
	    "0-9, the hyphen and the dot; write an international one in its "
	    "xn-- form");
	says("email", "a..b@example.com",
	    "character 3 is a dot, which may stand only between two other "
	    "characters");
	says("email", "a@example.1",
	    "the last part of a domain is two letters or more, such as .com, "
	    "and no number");
}

static void
domain_values(void **state)
{
	char label[80], whole[400];

	(void)state;
	accepts("domain", "example.com", "example.com");
	accepts("domain", "Mail.Example.COM", "mail.example.com");
	accepts("domain", "163.com", "163.com");
	accepts("domain", "xn--bcher-kva.xn--p1ai", "xn--bcher-kva.xn--p1ai");
	repeat(label, 'd', 63);
	snprintf(
	    whole, sizeof(whole), "%s.%s.%s.%.61s", label, label, label, label);
	assert_int_equal(strlen(whole), 253);
	accepts("domain", whole, whole);
	snprintf(
	    whole, sizeof(whole), "%s.%s.%s.%.62s", label, label, label, label);
	says("domain", whole, "254 bytes, but a domain has at most 253");
	says("domain", "a_b.com",
	    "character 2 is '_', which is not allowed here: a domain is a-z, "
	    "0-9, the hyphen and the dot; write an international one in its "
	    "xn-- form");
	refuses("domain", "example.c0m");
	refuses("domain", "example.c");
	refuses("domain", "example.xn--");
	refuses("domain", "example");
	refuses("domain", "192.0.2.1");
	refuses("domain", "example.com.");
	refuses("domain", "4111-1111-1111-1111.com");
	shows("domain", "example.com", "example.com", "example.com");
}

static void
email_masks(void **state)
{
	(void)state;
	shows("email", "finance@example.com", "finance@example.com",
	    "f....@example.com");
	shows(
	    "email", "abc@example.com", "abc@example.com", "a....@example.com");
	shows("email", "ab@example.com", "ab@example.com", "....@example.com");
}

/* Published test numbers of the card brands, and their disguises. */
static void
card_numbers_are_refused(void **state)
{
	static const char *const cards[] = { "4111111111111111",
		"4111 1111 1111 1111", "4111-1111-1111-1111",
		"card 4111111111111111 of Lin", "378282246310005",
		"4222222222222", "5555555555554444.", "no 7: 4111111111111111",
		"12 4111111111111111", "x4111111111111111x",
		"6304000000000000000", "2026 4111 1111 1111 1111" };
	static const char *const others[] = { "4111111111111112",
		"411111111111111", "4111 1111 1111", "41111111a11111111",
		"123456789012", "41111111111111111111",
		"4111, 1111, 1111, 1111" };
	char text[64];

	(void)state;
	for (size_t i = 0; i < COUNT(cards); i++) {
		refuses("text", cards[i]);
		refuses("holder", cards[i]);
		refuses("bank_name", cards[i]);
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		snprintf(text, sizeof(text), "%s.", others[i]);
		accepts("text", text, text);
	}
	refuses("email", "4111111111111111@example.com");
	refuses("email", "a.4111-1111-1111-1111@example.com");
	says("text", "card 4111 1111 1111 1111",
	    "character 6 begins what looks like the number of a payment card; "
	    "card numbers must not be kept here: leave it out");
}

static void
countries(void **state)
{
	(void)state;
	assert_true(cseal_is_country("DE"));
	assert_true(cseal_is_country("AD"));
	assert_true(cseal_is_country("ZW"));
	assert_true(cseal_is_country("XK"));
	assert_true(cseal_is_country("DEUTSCHLAND"));
	assert_false(cseal_is_country("UK"));
	assert_false(cseal_is_country("EU"));
	assert_false(cseal_is_country("de"));
	assert_false(cseal_is_country("E "));
	assert_false(cseal_is_country(" D"));
	assert_false(cseal_is_country("D"));
	assert_false(cseal_is_country(""));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_format_is_whole),
		cmocka_unit_test(every_format_refuses_hostile_bytes),
		cmocka_unit_test(every_format_refuses_sizes_unread),
		cmocka_unit_test(bic_values),
		cmocka_unit_test(holder_values),
		cmocka_unit_test(text_and_bank_name_values),
		cmocka_unit_test(generic_masks),
		cmocka_unit_test(currency_values),
		cmocka_unit_test(email_values),
		cmocka_unit_test(email_refusals),
		cmocka_unit_test(domain_values),
		cmocka_unit_test(email_masks),
		cmocka_unit_test(card_numbers_are_refused),
		cmocka_unit_test(countries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
