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

static const char published[] = "DE89370400440532013000";

/* CSEAL_OK and the canonical form in `out`, or the refusal in `err`. */
static int
canon(
    const char *typed, size_t n, struct cseal_buf *out, struct cseal_error *err)
{
	const struct cseal_format *f = cseal_format_find("iban");

	assert_non_null(f);
	cseal_buf_reset(out);
	memset(err, 0, sizeof(*err));
	return f->canon(f, "iban", (const uint8_t *)typed, n, out, err);
}

static bool
accepted(const char *typed)
{
	struct cseal_error err;
	struct cseal_buf out;
	int r;

	cseal_buf_init(&out, 0);
	r = canon(typed, strlen(typed), &out, &err);
	assert_true(r == CSEAL_OK || r == CSEAL_ERR_INPUT);
	if (r == CSEAL_ERR_INPUT)
		assert_int_equal(out.len, 0);
	cseal_buf_free(&out);
	return r == CSEAL_OK;
}

static void
refused(const char *typed, const char *sentence)
{
	struct cseal_error err;
	struct cseal_buf out;

	cseal_buf_init(&out, 0);
	assert_int_equal(
	    canon(typed, strlen(typed), &out, &err), CSEAL_ERR_INPUT);
	assert_int_equal(err.code, CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "iban");
	assert_string_equal(err.what, sentence);
	assert_int_equal(out.len, 0);
	cseal_buf_free(&out);
}

/* The examples of the registry. */
static void
published_values_are_accepted(void **state)
{
	static const char *const good[] = {
		"AE070331234567890123456",
		"AT611904300234573201",
		"BE68539007547034",
		"BR1800360305000010009795493C1",
		"CH9300762011623852957",
		"CZ6508000000192000145399",
		"DE89370400440532013000",
		"EG380019000500000000263180002",
		"ES9121000418450200051332",
		"FR1420041010050500013M02606",
		"GB29NWBK60161331926819",
		"IE29AIBK93115212345678",
		"IT60X0542811101000000123456",
		"LC55HEMM000100010012001200023015",
		"LU280019400644750000",
		"MT84MALT011000012345MTLCAST001S",
		"NL91ABNA0417164300",
		"NO9386011117947",
		"PL61109010140000071219812874",
		"SA0380000000608010167519",
		"SE4550000000058398257466",
		"TR330006100519786457841326",
	};
	struct cseal_error err;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(good); i++) {
		assert_int_equal(
		    canon(good[i], strlen(good[i]), &out, &err), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), good[i]);
	}
	cseal_buf_free(&out);
}

static void
groups_are_joined(void **state)
{
	static const char *const same[] = {
		"DE89 3704 0044 0532 0130 00",
		" DE89  370400440532013000 ",
		"D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0",
	};
	struct cseal_error err;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	for (size_t i = 0; i < COUNT(same); i++) {
		assert_int_equal(
		    canon(same[i], strlen(same[i]), &out, &err), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&out), published);
	}
	cseal_buf_free(&out);
}

static void
every_single_substitution_is_refused(void **state)
{
	static const char set[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	char typed[sizeof(published)];
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i + 1 < sizeof(published); i++) {
		for (size_t k = 0; k + 1 < sizeof(set); k++) {
			memcpy(typed, published, sizeof(typed));
			if (typed[i] == set[k])
				continue;
			typed[i] = set[k];
			assert_false(accepted(typed));
			tried++;
		}
	}
	assert_int_equal(tried, 22 * 35);
}

static void
every_adjacent_transposition_is_refused(void **state)
{
	char typed[sizeof(published)];

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(published); i++) {
		memcpy(typed, published, sizeof(typed));
		typed[i] = published[i + 1];
		typed[i + 1] = published[i];
		if (typed[i] != typed[i + 1])
			assert_false(accepted(typed));
	}
}

static void
lengths_are_the_countrys(void **state)
{
	(void)state;
	refused("DE8937040044053201300",
	    "21 characters, but an IBAN of DE has 22: compare with the bank's "
	    "letter");
	refused("DE893704004405320130000",
	    "23 characters, but an IBAN of DE has 22: compare with the bank's "
	    "letter");
	refused("NO93 8601 1117 94",
	    "14 characters, but an IBAN of NO has 15: compare with the bank's "
	    "letter");
	refused("D", "too short: an IBAN has at least 15 characters");
	refused("    ", "too short: an IBAN has at least 15 characters");
	refused("DE893704004405320130003704004405320",
	    "more than 34 characters, which no IBAN has");
}

static void
countries_are_named(void **state)
{
	(void)state;
	refused("US64SVBKUS6S3300958879",
	    "US has no IBAN: ask for the kind of change that has the account "
	    "numbers of that country (counterseal kinds)");
	assert_false(accepted("AU8937040044053201300"));
	assert_false(accepted("CA8937040044053201300"));
	refused("GG29NWBK60161331926819",
	    "GG has no IBAN of its own: the IBANs of its banks begin with GB");
	refused("QQ89370400440532013000",
	    "it begins with QQ, which is no country; an IBAN begins with the "
	    "account's country, such as DE");
	refused("89370400440532013000DE",
	    "it begins with 89, which is no country; an IBAN begins with the "
	    "account's country, such as DE");
}

static void
characters_are_named_and_placed(void **state)
{
	(void)state;
	refused("de89370400440532013000",
	    "character 1 is 'd', which is not allowed here: write letters in "
	    "capitals");
	refused("GB29 NwBK 6016 1331 9268 19",
	    "character 7 is 'w', which is not allowed here: write letters in "
	    "capitals");
	refused("GB29\xc2\xa0NWBK 6016 1331 9268 19",
	    "character 5 is U+00A0, a no-break space, which is not allowed "
	    "here: use A-Z, 0-9, and the space between groups");
	refused("DE\xef\xbc\x98\xef\xbc\x99",
	    "character 3 is a full-width '8': write the plain one, with the "
	    "keyboard set to half-width");
	refused("DE89-3704-0044-0532-0130-00",
	    "character 5 is '-', which is not allowed here: use A-Z, 0-9, and "
	    "the space between groups");
	refused("DE89\t3704",
	    "character 5 is U+0009, a control character, which is not allowed "
	    "here: use A-Z, 0-9, and the space between groups");
	refused("DE89 37\xe2\x80\xae",
	    "character 8 is U+202E, an invisible mark of writing direction, "
	    "which is not allowed here: use A-Z, 0-9, and the space between "
	    "groups");
	refused("\xd0\x95"
		"E89",
	    "character 1 is U+0415, a Cyrillic letter, which is not allowed "
	    "here: use A-Z, 0-9, and the space between groups");
	refused("DE89\xff",
	    "character 5 is the byte FF, which is not UTF-8: use A-Z, 0-9, and "
	    "the space between groups");
}

static void
structure_is_the_countrys(void **state)
{
	(void)state;
	/* Position as typed, spaces counted. */
	refused("DE89 3704 O044 0532 0130 00",
	    "character 11 must be a digit in an IBAN of DE: compare with the "
	    "bank's letter");
	refused("GB29 NW8K 6016 1331 9268 19",
	    "character 8 must be a letter in an IBAN of GB: compare with the "
	    "bank's letter");
	refused("DEO9370400440532013000",
	    "character 3 must be a digit in an IBAN of DE: compare with the "
	    "bank's letter");
}

static void
check_digits_must_fit(void **state)
{
	static const char sentence[] =
	    "the check digits do not fit: at least one character was mistyped; "
	    "compare with the bank's letter";

	(void)state;
	refused("DE88370400440532013000", sentence);
	refused("DE89370400440532013001", sentence);
}

/*
 * 00, 01 and 99 are congruent to 97, 98 and 02: the remainder alone would
 * take both, and one account would have two canonical forms.
 */
static void
check_digits_have_one_form(void **state)
{
	char typed[32];
	unsigned taken = 0;

	(void)state;
	for (unsigned account = 0; account < 400; account++) {
		unsigned forms = 0;

		for (unsigned digits = 0; digits < 100; digits++) {
			snprintf(typed, sizeof(typed), "DE%02u37040044%010u",
			    digits, account);
			if (!accepted(typed))
				continue;
			assert_true(digits >= 2 && digits <= 98);
			taken += digits == 2 || digits >= 97;
			forms++;
		}
		assert_int_equal(forms, 1);
	}
	assert_true(taken > 0);
}

static void
hostile_sizes(void **state)
{
	struct cseal_error err;
	struct cseal_buf out;
	static char big[1 << 20];

	(void)state;
	memset(big, ' ', sizeof(big));
	cseal_buf_init(&out, 0);
	assert_int_equal(canon(big, sizeof(big), &out, &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.what,
	    "1048576 bytes, but a value has at most 1024: enter the value "
	    "alone");
	/* Refused by its size alone: there is nothing to read. */
	assert_int_equal(canon(NULL, sizeof(big), &out, &err), CSEAL_ERR_INPUT);
	assert_int_equal(canon(NULL, 0, &out, &err), CSEAL_ERR_INPUT);
	assert_string_equal(err.what,
	    "nothing was entered; it looks like this: DE89 3704 0044 0532 0130 "
	    "00");
	assert_int_equal(canon("DE89\0", 5, &out, &err), CSEAL_ERR_INPUT);
	cseal_buf_free(&out);
}

static void
full_buffer_is_told(void **state)
{
	struct cseal_error err;
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 21);
	assert_int_equal(canon(published, 22, &out, &err), CSEAL_ERR_TOO_LARGE);
	assert_int_equal(err.code, CSEAL_ERR_TOO_LARGE);
	assert_int_equal(out.len, 0);
	cseal_buf_free(&out);
}

static void
shown_grouped_and_masked(void **state)
{
	const struct cseal_format *f = cseal_format_find("iban");
	struct cseal_buf out;

	(void)state;
	cseal_buf_init(&out, 0);
	assert_int_equal(f->group(f, published, &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), "DE89 3704 0044 0532 0130 00");
	cseal_buf_reset(&out);
	f->group(f, "NO9386011117947", &out);
	assert_string_equal(cseal_buf_str(&out), "NO93 8601 1117 947");
	cseal_buf_reset(&out);
	f->group(f, "BE68539007547034", &out);
	assert_string_equal(cseal_buf_str(&out), "BE68 5390 0754 7034");
	cseal_buf_reset(&out);
	assert_int_equal(f->mask(f, published, &out), CSEAL_OK);
	assert_string_equal(cseal_buf_str(&out), "DE89 .... 3000");
	cseal_buf_reset(&out);
	f->mask(f, "NO9386011117947", &out);
	assert_string_equal(cseal_buf_str(&out), "NO93 .... 7947");
	cseal_buf_free(&out);
}

static void
the_table_is_whole(void **state)
{
	const struct cseal_iban_country *row, *last = NULL;
	size_t n;

	(void)state;
	for (n = 0; (row = cseal_iban_country_at(n)) != NULL; n++) {
		const char *s = row->structure;
		unsigned sum = 4, count;
		char class;
		int used;

		while (*s != '\0') {
			assert_int_equal(
			    sscanf(s, "%u!%c%n", &count, &class, &used), 2);
			assert_non_null(strchr("nac", class));
			sum += count;
			s += used;
		}
		assert_int_equal(sum, row->length);
		assert_true(cseal_is_country(row->country));
		assert_ptr_equal(cseal_iban_country(row->country), row);
		if (last != NULL)
			assert_true(strcmp(last->country, row->country) < 0);
		last = row;
	}
	assert_int_equal(n, 89);
	assert_null(cseal_iban_country("US"));
	assert_null(cseal_iban_country("D"));
	assert_null(cseal_iban_country(""));
	assert_null(cseal_iban_country("de"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(published_values_are_accepted),
		cmocka_unit_test(groups_are_joined),
		cmocka_unit_test(every_single_substitution_is_refused),
		cmocka_unit_test(every_adjacent_transposition_is_refused),
		cmocka_unit_test(lengths_are_the_countrys),
		cmocka_unit_test(countries_are_named),
		cmocka_unit_test(characters_are_named_and_placed),
		cmocka_unit_test(structure_is_the_countrys),
		cmocka_unit_test(check_digits_must_fit),
		cmocka_unit_test(check_digits_have_one_form),
		cmocka_unit_test(hostile_sizes),
		cmocka_unit_test(full_buffer_is_told),
		cmocka_unit_test(shown_grouped_and_masked),
		cmocka_unit_test(the_table_is_whole),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
