/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Numbers of banks, accounts and telephones, country by country, and what more
 * than one of them tell together. The values are published examples, or made of
 * them.
 */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/change.h"

static int
canon(const char *format, const char *typed, struct cseal_buf *out,
    struct cseal_error *err)
{
	const struct cseal_format *f = cseal_format_find(format);

	assert_non_null(f);
	return f->canon(
	    f, "f", (const uint8_t *)typed, strlen(typed), out, err);
}

/* Typed, kept, shown, masked. */
static const struct {
	const char *format, *typed, *kept, *shown, *masked;
} good[] = {
	{ "aba", "021000021", "021000021", "021000021", "021000021" },
	{ "aba", "1110-0002 5", "111000025", "111000025", "111000025" },
	{ "aba", "026009593", "026009593", "026009593", "026009593" },
	{ "aba", "121000358", "121000358", "121000358", "121000358" },
	{ "aba", "011401533", "011401533", "011401533", "011401533" },
	{ "account_us", "1", "1", "1", "...." },
	{ "account_us", "000123456789", "000123456789", "0001 2345 6789",
	    "....6789" },
	{ "account_us", "12345678901234567", "12345678901234567",
	    "1234 5678 9012 3456 7", "....4567" },
	{ "sort_code", "60-16-13", "601613", "60-16-13", "60-16-13" },
	{ "sort_code", "601613", "601613", "60-16-13", "60-16-13" },
	{ "account_uk", "31926819", "31926819", "3192 6819", "....19" },
	{ "account_uk", "1234567", "01234567", "0123 4567", "....67" },
	{ "bsb", "062-217", "062217", "062-217", "062-217" },
	{ "bsb", "033088", "033088", "033-088", "033-088" },
	{ "account_au", "123456789", "123456789", "123 456 789", "....789" },
	{ "institution", "003", "0003", "0003", "0003" },
	{ "institution", "0004", "0004", "0004", "0004" },
	{ "transit", "02169", "02169", "02169", "02169" },
	{ "account_ca", "06940234567", "06940234567", "0694 0234 567",
	    "....567" },
	{ "clabe", "002010077777777771", "002010077777777771",
	    "002 010 0777 7777 777 1", "....7771" },
	{ "clabe", "032 180 00011835971 9", "032180000118359719",
	    "032 180 0001 1835 971 9", "....9719" },
	{ "ifsc", "SBIN0005943", "SBIN0005943", "SBIN0005943", "SBIN0005943" },
	{ "account_in", "00012345678", "00012345678", "0001 2345 678",
	    "....678" },
	{ "bank_hk", "004", "004", "004", "004" },
	{ "account_hk", "123-456838", "123456838", "123 456 838", "....838" },
	{ "bank_sg", "7171", "7171", "7171", "7171" },
	{ "account_sg", "0012345678", "0012345678", "0012 3456 78", "....678" },
	{ "account", "0012 3456 7890", "001234567890", "0012 3456 7890",
	    "....7890" },
	{ "account", "AB-12", "AB12", "AB12", "....2" },
	{ "code", "250655", "250655", "250655", "250655" },
	{ "country", "ZA", "ZA", "ZA", "ZA" },
	{ "bank_jp", "0001", "0001", "0001", "0001" },
	{ "account_jp", "9876", "0009876", "0009876", "....76" },
	{ "account_jp", "1234567", "1234567", "1234567", "....67" },
	{ "type_jp", "futsu", "futsu", "futsu", "futsu" },
	{ "cnaps", "201451000016", "201451000016", "201 4510 0001 6",
	    "201 4510 0001 6" },
	{ "cnaps", "910-2900 0004 4", "910290000044", "910 2900 0004 4",
	    "910 2900 0004 4" },
	{ "cnaps", "313651027012", "313651027012", "313 6510 2701 2",
	    "313 6510 2701 2" },
	{ "account_cn", "6222 0212 3456 7890 123", "6222021234567890123",
	    "6222 0212 3456 7890 123", "....0123" },
	{ "account_cn", "4111111111111111", "4111111111111111",
	    "4111 1111 1111 1111", "....1111" },
	{ "account_cn", "12345678901234567890123456789012",
	    "12345678901234567890123456789012",
	    "1234 5678 9012 3456 7890 1234 5678 9012", "....9012" },
	{ "type_us", "savings", "savings", "savings", "savings" },
	{ "phone", "+14155552671", "+14155552671", "+1 4155 5526 71",
	    "+1 .... 71" },
	{ "phone", "+86 138-0013 8000", "+8613800138000", "+86 1380 0138 000",
	    "+86 .... 00" },
	{ "phone", "+883510012345678", "+883510012345678",
	    "+883 5100 1234 5678", "+883 .... 78" },
	{ "phone", "+3531234", "+3531234", "+353 1234", "+353 .... 34" },
	{ "phone", "+123456789012345", "+123456789012345",
	    "+1 2345 6789 0123 45", "+1 .... 45" },
	/* Luhn's formula holds, but no card begins like that and is so long. */
	{ "phone", "+8613800138002", "+8613800138002", "+86 1380 0138 002",
	    "+86 .... 02" },
	{ "phone", "+4915112345678", "+4915112345678", "+49 1511 2345 678",
	    "+49 .... 78" },
	{ "phone", "+123456789012347", "+123456789012347",
	    "+1 2345 6789 0123 47", "+1 .... 47" },
	/* It begins like a card, but the formula does not hold. */
	{ "phone", "+343434343434340", "+343434343434340",
	    "+34 3434 3434 3434 0", "+34 .... 40" },
	{ "yes_no", "no", "no", "no", "no" },
	{ "line_type", "voip", "voip", "voip", "voip" },
	{ "date", "2028-02-29", "2028-02-29", "2028-02-29", "2028-02-29" },
	{ "app_action", "revoke", "revoke", "revoke", "revoke" },
	{ "month", "08/2027", "08/2027", "08/2027", "08/2027" },
	{ "last4", "0042", "0042", "0042", "0042" },
	{ "percent", "0", "0", "0", "0" },
	{ "percent", "100", "100", "100", "100" },
	{ "reserve", "1 000", "1000", "1000", "1000" },
	{ "provider", "example-pay", "example-pay", "example-pay",
	    "example-pay" },
	{ "customer", "finance@Example.com", "finance@example.com",
	    "finance@example.com", "f....@example.com" },
	{ "customer", "1234 5678", "12345678", "1234 5678", "....78" },
	{ "account_any", "DE89 3704 0044 0532 0130 00",
	    "DE89370400440532013000", "DE89 3704 0044 0532 0130 00",
	    "....3000" },
	{ "brand", "unionpay", "unionpay", "unionpay", "unionpay" },
	{ "cadence", "on_demand", "on_demand", "on_demand", "on_demand" },
	{ "postcode", "SW1A 1AA", "SW1A 1AA", "SW1A 1AA", "....AA" },
};

static void
test_good(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct cseal_format *f =
		    cseal_format_find(good[i].format);
		struct cseal_error err = { .code = CSEAL_OK };
		struct cseal_buf out;

		cseal_buf_init(&out, 0);
		if (canon(good[i].format, good[i].typed, &out, &err) !=
		    CSEAL_OK)
			fail_msg("%s %s: %s", good[i].format, good[i].typed,
			    err.what);
		assert_string_equal(cseal_buf_str(&out), good[i].kept);
		cseal_buf_reset(&out);
		assert_int_equal(f->group(f, good[i].kept, &out), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), good[i].shown);
		cseal_buf_reset(&out);
		assert_int_equal(f->mask(f, good[i].kept, &out), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), good[i].masked);
		cseal_buf_free(&out);
	}
}

/* What is refused, and a part of what is said. */
static const struct {
	const char *format, *typed, *said;
} bad[] = {
	{ "aba", "112000025", "check digit" },
	{ "aba", "123456789", "check digit" },
	{ "aba", "000000000", "begins with 00" },
	{ "aba", "500000005", "begins with 50" },
	{ "aba", "02100002", "8 digits" },
	{ "aba", "0210000210", "10 digits" },
	{ "aba", "02100002O", "character 9 is 'O'" },
	{ "aba", "", "nothing was entered" },
	{ "account_us", "123456789012345678", "18 digits" },
	{ "account_us", "1234A", "character 5" },
	{ "account_us", " 1234", "the space" },
	{ "account_us", "1234 ", "the space" },
	{ "account_us", "12  34", "the space" },
	{ "account_us", "-1234", "'-'" },
	{ "sort_code", "60-16-1", "5 digits" },
	{ "sort_code", "60/16/13", "'/'" },
	{ "sort_code", "60 -16-13", "character 3 is U+0020" },
	{ "sort_code", "60-X6-13", "character 4 is 'X'" },
	{ "account_uk", "123456", "6 digits" },
	{ "account_uk", "123456789", "9 digits" },
	{ "bsb", "06221", "5 digits" },
	{ "account_au", "1234567890", "10 digits" },
	{ "institution", "1003", "the first is 0" },
	{ "institution", "03", "2 digits" },
	{ "transit", "2169", "4 digits" },
	{ "account_ca", "1234", "4 digits" },
	{ "clabe", "002010077777777772", "check digit" },
	{ "clabe", "012027111111111118", "check digit" },
	{ "clabe", "00201007777777777", "17 digits" },
	{ "ifsc", "SBIN1234567", "digit 0" },
	{ "ifsc", "SB1N0005943", "four letters" },
	{ "ifsc", "sbin0005943", "capitals" },
	{ "ifsc", "SBIN000594", "10 characters" },
	{ "account_in", "12345678", "8 digits" },
	{ "bank_hk", "4", "1 digit," },
	{ "account_hk", "12345", "5 digits" },
	{ "bank_sg", "717", "3 digits" },
	{ "account_sg", "123456789012345", "15 digits" },
	{ "bank_jp", "001", "3 digits" },
	{ "account_jp", "12345678", "8 digits" },
	{ "account_jp", "１２３４５６７", "full-width '1'" },
	{ "type_jp", "checking", "futsu, toza, savings" },
	{ "cnaps", "20145100001", "11 digits" },
	{ "cnaps", "2014510000165", "13 digits" },
	{ "account_cn", "1234567", "7 digits" },
	{ "account_cn", "123456789012345678901234567890123", "33 digits" },
	{ "account_cn", "62220212a", "character 9 is 'a'" },
	{ "phone", "+378282246310005", "payment card" },
	{ "phone", "+3434 3434 3434 343", "payment card" },
	{ "phone", "+30 5693 0902 5904", "payment card" },
	{ "phone", "+38520000023237", "payment card" },
	{ "phone", "+36 148 900647913", "payment card" },
	{ "phone", "+180012345678905", "payment card" },
	{ "phone", "+213112345678904", "payment card" },
	{ "phone", "+39000000000005", "payment card" },
	{ "account", "ab12", "capitals" },
	{ "account", "12--34", "'-'" },
	{ "account", "12345678901234567890123456789012345", "more than 34" },
	{ "code", "4111 1111 1111 1111", "payment card" },
	{ "country", "de", "capital" },
	{ "country", "QQ", "no country" },
	{ "country", "DEU", "no country" },
	{ "type_us", "Checking", "one of: checking, savings" },
	{ "phone", "14155552671", "character 1 is '1'" },
	{ "phone", "0014155552671", "write + and the calling code" },
	{ "phone", "+04155552671", "no calling code begins with 0" },
	{ "phone", "+123456", "6 digits" },
	{ "phone", "+1234567890123456", "16 digits" },
	{ "phone", "+1 (415) 555 2671", "character 4 is '('" },
	{ "phone", "+ 14155552671", "the space" },
	{ "phone", "+1 415  5552671", "the space" },
	{ "phone", "+1-415-5552671-", "'-'" },
	{ "phone", "+1415555267l", "character 12 is 'l'" },
	{ "phone",
	    "\xef\xbc\x8b"
	    "8613800138000",
	    "full-width '+'" },
	{ "phone", "tel:+14155552671", "'t'" },
	{ "phone", "+210 555 26710", "begins with, +210:" },
	{ "phone", "+384 555 26710", "begins with, +384:" },
	{ "phone", "+999 555 26710", "begins with, +999:" },
	{ "yes_no", "Yes", "one of: yes, no" },
	{ "yes_no", "true", "one of: yes, no" },
	{ "line_type", "fax", "one of: mobile, landline, voip" },
	{ "category", "all", "one of: account" },
	{ "place", "third", "one of: primary, backup" },
	{ "date", "2027-02-29", "no day 29" },
	{ "date", "2027-04-31", "no day 31" },
	{ "date", "2027-01-00", "no day 00" },
	{ "date", "2027-13-01", "no month 13" },
	{ "date", "2027-00-01", "no month 00" },
	{ "date", "1999-12-31", "between 2000 and 2099" },
	{ "date", "2100-01-01", "between 2000 and 2099" },
	{ "date", "27-08-31", "character 3 is '-'" },
	{ "date", "2027/08/31", "character 5 is '/'" },
	{ "date", "2027-8-31", "character 7 is '-'" },
	{ "date", "2027-08-3", "9 characters" },
	{ "date", "2027-08-311", "character 11 is '1'" },
	{ "month", "13/2027", "no month 13" },
	{ "month", "00/2027", "no month 00" },
	{ "month", "8/2027", "character 2 is '/'" },
	{ "month", "08/27", "5 characters" },
	{ "month", "08/1999", "between 2000 and 2099" },
	{ "last4", "4111111111111111", "only a card's last 4" },
	{ "last4", "424", "3 digits" },
	{ "percent", "101", "more than 100" },
	{ "percent", "05", "begins with 0" },
	{ "percent", "-5", "'-'" },
	{ "percent", "5.5", "'.'" },
	{ "reserve", "00", "begins with 0" },
	{ "reserve", "1234567890", "10 digits" },
	{ "provider", "Example", "'E'" },
	{ "provider", "2checkout", "begins with a letter" },
	{ "provider", "a23456789012345678901234567890123", "at most 32" },
	{ "provider", "p-4111111111111111", "payment card" },
	{ "customer", "finance@", "domain" },
	{ "customer", "ab12", "capitals" },
	{ "customer", "12345678901234567890123456789012345", "more than 34" },
	{ "brand", "maestro", "one of: visa" },
	{ "cadence", "hourly", "one of: daily" },
	{ "user_action", "delete", "one of: grant, revoke" },
	{ "app_action", "grant", "one of: authorise, revoke" },
	{ "scopes", "4111-1111-1111-1111", "payment card" },
	{ "method", "TOTP", "one of: sms, voice, totp" },
	{ "name", "4111 1111 1111 1111", "payment card" },
	{ "address_line",
	    "Musterstra\xc3\x9f"
	    "e 1",
	    "character 11 is U+00DF" },
	{ "city", " Berlin", "begins with a space" },
	{ "postcode", "12345678901234567", "at most 16" },
	{ "device", "back  office", "both spaces" },
	/* Pasted digits that are others: full-width, Arabic-Indic; unseen. */
	{ "account_us", "\xef\xbc\x91\xef\xbc\x92",
	    "character 1 is a full-width '1': write the plain one" },
	{ "account_us", "12\xd9\xa3", "U+0663" },
	{ "account_us",
	    "12\xe2\x80\x8b"
	    "34",
	    "zero width" },
	{ "account_us",
	    "12\xc2\xa0"
	    "34",
	    "no-break space" },
};

static void
test_bad(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct cseal_error err = { .code = CSEAL_OK };
		struct cseal_buf out;

		cseal_buf_init(&out, 0);
		assert_int_equal(canon(bad[i].format, bad[i].typed, &out, &err),
		    CSEAL_ERR_INPUT);
		assert_string_equal(err.where, "f");
		if (strstr(err.what, bad[i].said) == NULL)
			fail_msg(
			    "%s %s: %s", bad[i].format, bad[i].typed, err.what);
		assert_int_equal(out.len, 0);
		cseal_buf_free(&out);
	}
}

/* Each digit altered by one: the sum tells, whichever it is. */
static void
test_every_digit_counts(void **state)
{
	static const struct {
		const char *format, *value;
	} rows[] = { { "aba", "121000358" },
		{ "clabe", "032180000118359719" } };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		for (size_t k = 0; rows[i].value[k] != '\0'; k++) {
			char typed[32];
			struct cseal_buf out;

			snprintf(typed, sizeof(typed), "%s", rows[i].value);
			typed[k] = (char)(typed[k] == '9' ? '0' : typed[k] + 1);
			cseal_buf_init(&out, 0);
			assert_int_equal(
			    canon(rows[i].format, typed, &out, NULL),
			    CSEAL_ERR_INPUT);
			cseal_buf_free(&out);
		}
	}
}

/* ---- several fields ---- */

static const struct {
	const char *kind;
	const char *lines;
	const char *where; /* NULL: it closes */
} whole[] = {
	{ "payout.us", "holder: X\nrouting: 021000021\naccount: 1\n", NULL },
	{ "payout.us", "holder: X\naccount: 1\n", "payout.us" },
	{ "payout.uk", "holder: X\nsort_code: 60-16-13\naccount: 31926819\n",
	    NULL },
	{ "payout.uk",
	    "holder: X\nsort_code: 60-16-13\naccount: 31926819\n"
	    "iban: GB29NWBK60161331926819\n",
	    NULL },
	{ "payout.uk",
	    "holder: X\nsort_code: 60-16-14\naccount: 31926819\n"
	    "iban: GB29NWBK60161331926819\n",
	    "iban" },
	{ "payout.uk",
	    "holder: X\nsort_code: 60-16-13\naccount: 31926818\n"
	    "iban: GB29NWBK60161331926819\n",
	    "iban" },
	{ "payout.uk",
	    "holder: X\nsort_code: 60-16-13\naccount: 31926819\n"
	    "iban: DE89370400440532013000\n",
	    "iban" },
	{ "payout.jp",
	    "bank_code: 0001\nbranch_code: 123\ntype: futsu\naccount: 9876\n"
	    "holder: ﾔﾏﾀﾞ ﾀﾛｳ\n",
	    NULL },
	{ "payout.jp",
	    "bank_code: 0001\nbranch_code: 123\ntype: futsu\naccount: 9876\n",
	    "payout.jp" },
	{ "payout.au", "holder: X\nbsb: 062-217\naccount: 12345678\n", NULL },
	{ "payout.ca",
	    "holder: X\ninstitution: 003\ntransit: 02169\naccount: 12345\n",
	    NULL },
	{ "payout.mx", "holder: X\nclabe: 032180000118359719\n", NULL },
	{ "payout.in", "holder: X\nifsc: SBIN0005943\naccount: 123456789\n",
	    NULL },
	{ "payout.hk", "holder: X\nbank: 004\naccount: 123456838\n", NULL },
	{ "payout.sg", "holder: X\nbank: 7171\naccount: 0012345678\n", NULL },
	{ "payout.sg",
	    "holder: X\nbank: 7171\naccount: 0012345678\nbic: DEUTDEFF\n",
	    "bic" },
	{ "payout.swift",
	    "holder: X\ncountry: ZA\nbic: SBZAZAJJ\naccount: 12345678\n",
	    NULL },
	{ "payout.swift",
	    "holder: X\ncountry: DE\nbic: DEUTDEFF\naccount: 12345678\n",
	    "country" },
	{ "payout.swift",
	    "holder: X\ncountry: ZA\nbic: DEUTDEFF\naccount: 12345678\n",
	    "bic" },
	{ "payout.iban",
	    "holder: X\niban: GB29NWBK60161331926819\nbic: NWBKJESX\n", NULL },
	{ "payout.iban",
	    "holder: X\niban: GB29NWBK60161331926819\nbic: DEUTDEFF\n", "bic" },
	{ "payout.iban",
	    "holder: X\niban: GB29NWBK60161331926819\nbic: NWBKGB2L\n", NULL },
	{ "payout.iban",
	    "holder: X\niban: GB29NWBK60161331926819\nbic: BARCGB22\n", "bic" },
	/* Codes of merged banks live on in Dutch IBANs, so none is held. */
	{ "payout.iban", "holder: X\niban: NL91ABNA0417164300\nbic: INGBNL2A\n",
	    NULL },
	{ "payout.withdrawal",
	    "provider: p\ncountry: IE\nholder: X\n"
	    "account: IE29AIBK93115212345678\nbic: AIBKIE2D\n",
	    NULL },
	{ "payout.withdrawal",
	    "provider: p\ncountry: IE\nholder: X\n"
	    "account: IE29AIBK93115212345678\nbic: BOFIIE2D\n",
	    "bic" },
	{ "security.2sv", "place: primary\nmethod: totp\ndevice_label: X\n",
	    NULL },
	{ "security.2sv", "place: primary\nmethod: sms\ndevice_label: X\n",
	    "phone" },
	{ "security.2sv", "place: backup\nmethod: voice\ndevice_label: X\n",
	    "phone" },
	{ "security.2sv",
	    "place: backup\nmethod: sms\ndevice_label: X\n"
	    "phone: +14155552671\n",
	    NULL },
	{ "payout.withdrawal",
	    "provider: p\ncountry: DE\nholder: X\n"
	    "account: DE89370400440532013000\nbic: DEUTDEFF\n",
	    NULL },
	{ "payout.withdrawal",
	    "provider: p\ncountry: DE\nholder: X\n"
	    "account: DE89370400440532013001\n",
	    "account" },
	{ "payout.withdrawal",
	    "provider: p\ncountry: DE\nholder: X\naccount: 0532013000\n",
	    "account" },
	{ "payout.withdrawal",
	    "provider: p\ncountry: FR\nholder: X\n"
	    "account: DE89370400440532013000\n",
	    "account" },
	{ "payout.withdrawal",
	    "provider: p\ncountry: DE\nholder: X\n"
	    "account: DE89370400440532013000\nbic: NWBKGB2L\n",
	    "bic" },
	{ "payout.withdrawal",
	    "provider: p\ncountry: US\nholder: X\naccount: 000123456789\n"
	    "code: 021000021\n",
	    NULL },
	{ "payout.link", "processor: p\nprocessor_account: 12345678\n", NULL },
	{ "payout.link", "processor: p\n", "payout.link" },
	{ "charge.card",
	    "brand: visa\nlast4: 4242\nexpiry: 08/2027\nholder: X\n"
	    "country: DE\n",
	    NULL },
	{ "contact.notify_email", "category: orders\nemail: a@example.com\n",
	    "contact.notify_email" },
};

static void
test_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		struct cseal_error err = { .code = CSEAL_OK };
		struct cseal_change c;
		int r;

		assert_int_equal(
		    cseal_change_init(&c, whole[i].kind, 0, "main", NULL, &err),
		    CSEAL_OK);
		r = cseal_change_set_lines(&c, (const uint8_t *)whole[i].lines,
		    strlen(whole[i].lines), &err);
		if (r != CSEAL_OK)
			fail_msg("%s: %s", err.where, err.what);
		r = cseal_change_close(&c, &err);
		if ((r == CSEAL_OK) != (whole[i].where == NULL))
			fail_msg("%s: %d %s: %s", whole[i].lines, r, err.where,
			    err.what);
		if (r != CSEAL_OK)
			assert_string_equal(err.where, whole[i].where);
		cseal_change_free(&c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_good),
		cmocka_unit_test(test_bad),
		cmocka_unit_test(test_every_digit_counts),
		cmocka_unit_test(test_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
