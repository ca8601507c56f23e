/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "differ.h"
#include "skeleton.h"
#include "slice.h"

#define COUNT(a) (sizeof(a) / sizeof(*(a)))

/* Characters, not bytes: those of Japanese names have three. */
static void
test_words(void **state)
{
	static const struct {
		const char *before, *after, *words;
	} rows[] = {
		{ "abcd", "abxd", "differs in character 3" },
		{ "abcd", "axxd", "differs in characters 2 and 3" },
		{ "abcdef", "axxxef", "differs in characters 2 to 4" },
		{ "abcdef", "xbcdex", "differs in characters 1 and 6" },
		{ "abcdefgh", "xbxdxxgh",
		    "differs in characters 1, 3 and 5 and 6" },
		{ "abcd", "wxyz", "differs as a whole" },
		{ "abcd", "xyz", "differs as a whole" },
		{ "abcdefghij", "xbxdxfxhxj",
		    "differs in 5 of 10 characters, from character 1 on" },
		{ "abcd", "abxcd", "character 3 is new" },
		{ "abcd", "abxycd", "characters 3 and 4 are new" },
		{ "abcd", "acd", "character 2 of the old one is gone" },
		{ "abcdef", "abf",
		    "characters 3 to 5 of the old one are gone" },
		{ "abcd", "axyd!",
		    "characters 2 to 5 took the place of 3 of the old one" },
		{ "\xe6\x9d\xb1\xe4\xba\xac", "\xe6\x9d\xb1\xe5\x8c\x97",
		    "differs in character 2" },
		{ "\xe6\x9d\xb1", "\xe6\x9d\xb1\xe4\xba\xac",
		    "character 2 is new" },
		{ "a\xff"
		  "b",
		    "a\xfe"
		    "b",
		    "differs in character 2" },
	};
	struct cseal_buf words;
	struct differ d;

	(void)state;
	cseal_buf_init(&words, 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		cseal_buf_reset(&words);
		differ_find(
		    &d, slice_of(rows[i].before), slice_of(rows[i].after));
		assert_int_equal(differ_words(&d, &words), CSEAL_OK);
		assert_string_equal(cseal_buf_str(&words), rows[i].words);
	}
	cseal_buf_free(&words);
}

/* Every pair of short words: what is marked, and nothing else, differs. */
static void
test_marks(void **state)
{
	char a[5], b[5];
	struct differ d;

	(void)state;
	for (unsigned x = 0; x < 81; x++) {
		for (unsigned y = 0; y < 81; y++) {
			for (unsigned i = 0, m = 1; i < 4; i++, m *= 3) {
				a[i] = "abc"[x / m % 3];
				b[i] = "abc"[y / m % 3];
			}
			a[4] = b[4] = '\0';
			differ_find(&d, slice_of(a), slice_of(b));
			assert_int_equal(d.n == 0, strcmp(a, b) == 0);
			for (size_t i = 0; i < 4; i++)
				assert_int_equal(d.at[i], a[i] != b[i]);
			/* One that is longer has what is new, marked. */
			differ_find(&d, (struct cseal_slice){ (uint8_t *)a, 3 },
			    slice_of(b));
			assert_true(d.n >= 1);
			assert_int_equal(d.n - (d.gone_to - d.gone_from), 1);
		}
	}
}

static bool
fold(const char *text, struct cseal_buf *out)
{
	cseal_buf_init(out, 0);
	return skeleton_of(slice_of(text), out);
}

static bool
is_alike(const char *a, const char *b)
{
	struct cseal_buf x, y;
	bool alike = fold(a, &x), both = fold(b, &y);

	alike = alike && both && strcmp(a, b) != 0 &&
		slice_same(cseal_buf_slice(&x), cseal_buf_slice(&y));
	cseal_buf_free(&x);
	cseal_buf_free(&y);
	return alike;
}

static bool
is_near(const char *a, const char *b)
{
	struct cseal_buf x, y;
	bool near = fold(a, &x) && fold(b, &y) &&
		    skeleton_is_near(cseal_buf_slice(&x), cseal_buf_slice(&y));

	cseal_buf_free(&x);
	cseal_buf_free(&y);
	return near;
}

static void
test_skeletons(void **state)
{
	static const struct {
		const char *a, *b;
		bool alike;
	} rows[] = {
		{ "Example Trading GmbH", "Examp1e Trading GmbH", true },
		{ "Example Trading GmbH", "ExampIe Trading GmbH", true },
		{ "Example Trading GmbH", "EXAMPLE TRADING GMBH", true },
		{ "Example Trading GmbH", "Example Trading GmbH", false },
		{ "Example Trading GmbH", "Example Trade GmbH", false },
		{ "modern", "modem", true },
		{ "wave", "vvave", true },
		{ "client", "dient", true },
		{ "client", "c1ient", true },
		{ "client", "cIient", true },
		{ "OSLO", "05L0", true },
		{ "BIZ", "812", true },
		{ "G7", "67", true },
		{ "12345678", "12345679", false },
		{ "0", "O", true },
		{ "3", "8", false },
		/* Not ASCII: no skeleton, so nothing is alike. */
		{ "\xe6\x9d\xb1\xe4\xba\xac",
		    "\xe6\x9d\xb1\xe4\xba\xac"
		    "1",
		    false },
		{ "\xd0\xb0"
		  "bc",
		    "abc", false },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (is_alike(rows[i].a, rows[i].b) != rows[i].alike ||
		    is_alike(rows[i].b, rows[i].a) != rows[i].alike)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
	}
}

/* No two numbers are taken for the same: each digit has its own skeleton. */
static void
test_digits_stay_apart(void **state)
{
	(void)state;
	for (char x = '0'; x <= '9'; x++) {
		for (char y = '0'; y <= '9'; y++) {
			char a[3] = { x, '7', '\0' }, b[3] = { y, '7', '\0' };

			assert_false(is_alike(a, b));
		}
	}
}

static void
test_near_domains(void **state)
{
	static const struct {
		const char *a, *b;
		bool near;
	} rows[] = {
		{ "example.com", "examp1e.com", true },
		{ "example.com", "exampel.com", true },
		{ "example.com", "exmple.com", true },
		{ "example.com", "examplee.com", true },
		{ "example.com", "example.co", true },
		{ "example.com", "exemple.com", true },
		{ "example.com", "example.com", true },
		{ "example.com", "example.org", false },
		{ "example.com", "exemplo.com", false },
		{ "qq.com", "qv.com", true },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		if (is_near(rows[i].a, rows[i].b) != rows[i].near ||
		    is_near(rows[i].b, rows[i].a) != rows[i].near)
			fail_msg("%s, %s", rows[i].a, rows[i].b);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_marks),
		cmocka_unit_test(test_skeletons),
		cmocka_unit_test(test_digits_stay_apart),
		cmocka_unit_test(test_near_domains),
	};

	return cmocka_run_group_tests_name("differ", tests, NULL, NULL);
}
