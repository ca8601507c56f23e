/* SPDX-License-Identifier: BSD-2-Clause */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "counterseal/err.h"

static void
every_code_has_its_own_sentence(void **state)
{
	(void)state;
	for (int a = CSEAL_OK; a >= CSEAL_ERR_PERMISSION; a--) {
		assert_string_not_equal(cseal_strerror(a), "an unknown error");
		for (int b = a - 1; b >= CSEAL_ERR_PERMISSION; b--)
			assert_string_not_equal(
			    cseal_strerror(a), cseal_strerror(b));
	}
}

static void
unknown_codes_have_a_sentence(void **state)
{
	(void)state;
	assert_string_equal(cseal_strerror(1), "an unknown error");
	assert_string_equal(
	    cseal_strerror(CSEAL_ERR_PERMISSION - 1), "an unknown error");
	assert_string_equal(cseal_strerror(INT32_MIN), "an unknown error");
}

static void
set_fills_and_returns_the_code(void **state)
{
	struct cseal_error err;

	(void)state;
	memset(&err, 0x5a, sizeof(err));
	assert_int_equal(cseal_error_set(&err, CSEAL_ERR_INPUT, "iban",
			     "%d characters, not %s", 21, "22"),
	    CSEAL_ERR_INPUT);
	assert_int_equal(err.code, CSEAL_ERR_INPUT);
	assert_string_equal(err.where, "iban");
	assert_string_equal(err.what, "21 characters, not 22");
}

static void
set_takes_null(void **state)
{
	struct cseal_error err;

	(void)state;
	assert_int_equal(
	    cseal_error_set(NULL, CSEAL_ERR_IO, "x", "y"), CSEAL_ERR_IO);
	cseal_error_set(&err, CSEAL_ERR_IO, NULL, "%s", "");
	assert_string_equal(err.where, "");
	assert_string_equal(err.what, cseal_strerror(CSEAL_ERR_IO));
}

static void
long_texts_are_cut(void **state)
{
	struct cseal_error err;
	char longer[2000];

	(void)state;
	memset(longer, 'x', sizeof(longer));
	longer[sizeof(longer) - 1] = '\0';
	cseal_error_set(&err, CSEAL_ERR_INPUT, longer, "%s", longer);
	assert_int_equal(strlen(err.where), CSEAL_ERROR_WHERE_BYTES - 1);
	assert_int_equal(strlen(err.what), CSEAL_ERROR_WHAT_BYTES - 1);
}

static void
a_cut_leaves_no_half_character(void **state)
{
	struct cseal_error err;
	char text[CSEAL_ERROR_WHAT_BYTES + 8];

	(void)state;
	for (size_t lead = 0; lead < 8; lead++) {
		memset(text, 'x', sizeof(text));
		memcpy(text + CSEAL_ERROR_WHAT_BYTES - 1 - lead, "\xe6\xbc\xa2",
		    3);
		text[sizeof(text) - 1] = '\0';
		cseal_error_set(&err, CSEAL_ERR_INPUT, "", "%s", text);
		assert_int_equal(strlen(err.what),
		    lead < 3 ? CSEAL_ERROR_WHAT_BYTES - 1 - lead
			     : CSEAL_ERROR_WHAT_BYTES - 1);
	}
}

static void
set_may_quote_itself(void **state)
{
	struct cseal_error err;

	(void)state;
	cseal_error_set(&err, CSEAL_ERR_INPUT, "iban", "too short");
	cseal_error_set(&err, CSEAL_ERR_INPUT, err.where, "line 3: %s: %s",
	    err.where, err.what);
	assert_string_equal(err.where, "iban");
	assert_string_equal(err.what, "line 3: iban: too short");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_code_has_its_own_sentence),
		cmocka_unit_test(unknown_codes_have_a_sentence),
		cmocka_unit_test(set_fills_and_returns_the_code),
		cmocka_unit_test(set_takes_null),
		cmocka_unit_test(long_texts_are_cut),
		cmocka_unit_test(a_cut_leaves_no_half_character),
		cmocka_unit_test(set_may_quote_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
